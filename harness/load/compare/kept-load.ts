import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { folderNamed, notThere } from '../../config/kept-runs.ts'
import { writePath } from '../../config/load-config.ts'
import { describeThrown, SignalproofError } from '../../core/signalproof-error.ts'
import type { GeneratorFigures } from '../load-figures.ts'
import { seenOf } from '../seen-of.ts'

/** A run of load as it lies in its folder: the part of result.json that one run is compared with another by. */

const latency = z.object({
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
  mean: z.number(),
})

/** What a comparison reads of the generator's figures. */
type ComparedFigures = Pick<
  GeneratorFigures,
  'window' | 'iterations' | 'dropped' | 'answers' | 'latencyByRoute' | 'cpu' | 'invalidBecause'
>

const generatorSchema: z.ZodType<ComparedFigures> = z.object({
  window: z.object({ startedAt: z.number(), endedAt: z.number() }),
  iterations: z.number(),
  dropped: z.number(),
  answers: z.array(
    z.object({ method: z.string(), route: z.string(), status: z.number(), count: z.number() }),
  ),
  latencyByRoute: z.record(z.string(), latency),
  cpu: z.object({
    generatorSeconds: z.number(),
    generatorWaitedSeconds: z.number().nullable(),
    systemSeconds: z.record(z.string(), z.number()),
    cores: z.number(),
  }),
  invalidBecause: z.string().nullable(),
})

const keptLoadSchema = z.object({
  runId: z.string(),
  startedAt: z.string(),
  environment: z.string(),
  profile: z.string(),
  verdict: z.enum(['proven', 'broken', 'invalid']),
  invalidBecause: z.string().optional(),
  digest: z.string().optional(),
  unproven: z.boolean().optional(),
  set: z.array(z.string()),
  components: z.array(z.object({ name: z.string(), version: z.string() })),
  claims: z.array(z.object({ id: z.string(), verdict: z.string(), reason: z.string().optional() })),
  load: z
    .object({ request: z.record(z.string(), z.unknown()), generator: generatorSchema.optional() })
    .optional(),
})

/** A run of load whose figures say something. */
export type KeptLoad = Omit<z.infer<typeof keptLoadSchema>, 'load'> & {
  readonly load: { readonly request: Readonly<Record<string, unknown>>; readonly generator: ComparedFigures }
}

/** One side of a comparison: a run, or the repeats of a series. */
export interface KeptSeries {
  readonly name: string
  readonly folder: string
  readonly runs: readonly KeptLoad[]
  /** Runs of the series that say nothing, with why. */
  readonly leftOut: readonly { readonly run: string; readonly why: string }[]
}

/**
 * Reads the run or series that a person named: by its id below .signalproof/runs, or by its folder.
 * @throws SignalproofError USAGE_UNKNOWN_NAME; LOAD_NOT_COMPARABLE where no run of it says anything about load
 */
export function readKeptSeries(root: string, named: string): KeptSeries {
  const folder = folderNamed(root, named)
  const folders = existsSync(join(folder, 'result.json')) ? [folder] : repeatFolders(folder)
  if (folders.length === 0) throw notThere(root, named, `no result.json in ${folder}`)
  const read = folders.map((one) => ({ run: basename(one), ...readRun(join(one, 'result.json')) }))
  const series = {
    name: basename(folder),
    folder,
    runs: read.flatMap(({ kept }) => kept ?? []),
    leftOut: read.flatMap(({ run, why }) => (why === undefined ? [] : [{ run, why }])),
  }
  if (series.runs.length > 0) return series
  throw new SignalproofError('LOAD_NOT_COMPARABLE', {
    expected: 'a run of load whose figures say something',
    seen: series.leftOut.map(({ run, why }) => `${run}: ${why}`).join('; '),
    where: folder,
    remedy: 'name a run of `signalproof load` that ended proven or broken',
  })
}

/** The numbered folders of a series, in their order. */
function repeatFolders(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name) && existsSync(join(folder, name, 'result.json')))
    .sort((a, b) => Number(a) - Number(b))
    .map((name) => join(folder, name))
}

function readRun(file: string): { kept?: KeptLoad; why?: string } {
  const parsed = keptLoadSchema.safeParse(parseFile(file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'the result of a run as this version writes it',
      seen: issue?.message ?? 'something else',
      where: `${file} ${writePath(issue?.path ?? [])}`,
      remedy: 'make the run again with this version',
    })
  }
  const { load, ...run } = parsed.data
  if (run.verdict === 'invalid') return { why: `invalid: ${seenOf(run.invalidBecause)}` }
  if (load?.generator === undefined) return { why: `${run.verdict}, without a load` }
  const { request, generator } = load
  const { invalidBecause, answers } = generator
  if (invalidBecause !== null) return { why: `invalid: ${invalidBecause}` }
  if (answers.length === 0) return { why: 'no request was answered' }
  return { kept: { ...run, load: { request, generator } } }
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'the JSON result of a run',
      seen: describeThrown(cause),
      where: file,
      remedy: 'make the run again: this file was cut short or changed',
      cause,
    })
  }
}
