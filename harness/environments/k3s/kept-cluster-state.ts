import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { profileNames } from '../../config/config-schema.ts'

const ref = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().exactOptional(),
})

const stateSchema = z.object({
  /** The label of its container. */
  id: z.string(),
  profile: z.enum(profileNames),
  /** Of what was last applied to it. */
  digest: z.string(),
  /** Opens its fault switches: only the owner reads the file. */
  faultToken: z.string(),
  startedAt: z.string(),
  /** What was applied, so that what is wanted no more can be removed. */
  applied: z.array(ref),
  /** Whether the apps were deployed, or the stack alone. */
  hasApps: z.boolean(),
  set: z.array(z.string()),
})

/** What is known of the kept cluster beside what its container says. */
export type KeptClusterState = z.infer<typeof stateSchema>

export const keptStateFile = (root: string): string => join(root, '.signalproof', 'environments', 'k3s.json')

/** @returns undefined when there is none, or none that can be read: then its container is a leftover */
export function readKeptState(root: string): KeptClusterState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(keptStateFile(root), 'utf8')))
  } catch {
    return undefined
  }
}

/** The file appears as a whole, for its owner only. */
export function writeKeptState(root: string, state: KeptClusterState): void {
  writeSecretFile(keptStateFile(root), `${JSON.stringify(state, null, 2)}\n`)
}

export const removeKeptState = (root: string): void => rmSync(keptStateFile(root), { force: true })

export function writeSecretFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, file)
}
