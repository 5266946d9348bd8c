import { z } from 'zod'

/**
 * One thing that was looked at. `ready`: it is there, or nothing hangs on it. `lacking`: something runs slower, later
 * or not at all, but not `verify`. `blocking`: `verify` cannot run here before it is mended. What lacks has a remedy.
 */
const check = z
  .strictObject({
    name: z.string().min(1),
    area: z.enum(['needed', 'useful', 'environments']),
    state: z.enum(['ready', 'lacking', 'blocking']),
    /** What was seen, and what follows from it. */
    seen: z.string().min(1),
    remedy: z.string().min(1).nullable(),
  })
  .refine(({ state, remedy }) => state === 'ready' || remedy !== null, 'what lacks needs a remedy')
export type Check = z.infer<typeof check>

const component = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** `download`: a pinned file would be fetched; `build`: it would be compiled; `unavailable`: neither can be done. */
  state: z.enum(['present', 'download', 'build', 'unavailable']),
  seen: z.string().min(1),
  /** The file of its first program; null where it is not there. */
  location: z.string().nullable(),
  remedy: z.string().min(1).nullable(),
})
export type ComponentReport = z.infer<typeof component>

const cost = z.strictObject({
  /** Compiling what has to be compiled in any case, and what also has to be where no release archive is reached. */
  atLeastSeconds: z.number(),
  atMostSeconds: z.number(),
  /** Of the disk while it compiles; what stays afterwards is `installedMegabytes`. */
  atLeastMegabytes: z.number(),
  atMostMegabytes: z.number(),
  installedMegabytes: z.number(),
  freeMegabytes: z.number().nullable(),
  cores: z.number(),
  measuredOnCores: z.number(),
})
export type Cost = z.infer<typeof cost>

export const doctorReport = z.strictObject({
  schemaVersion: z.literal(1),
  verdict: z.enum(['ready', 'ready-after-install', 'not-ready']),
  /** The verdict as a sentence. */
  summary: z.string().min(1),
  /** The first thing to do, where `verify` cannot run. */
  first: z.string().min(1).nullable(),
  platform: z.string(),
  cacheFolder: z.string().nullable(),
  checks: z.array(check).min(1),
  components: z.array(component),
  /** What a cluster takes beside them where its images cannot be pulled; `verify` needs none of it. */
  clusterComponents: z.array(component),
  cost: cost.nullable(),
  /** Null when it was not asked for. */
  network: z
    .array(z.strictObject({ address: z.string(), reached: z.boolean(), seen: z.string().min(1) }))
    .nullable(),
})

/** What `signalproof doctor --json` prints. */
export type DoctorReport = z.infer<typeof doctorReport>
