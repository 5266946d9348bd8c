/**
 * The file that says where the kept environment is. It holds a token that gives the right to stop it, so only its
 * owner reads it. It appears and goes as a whole, and only one process can make it appear.
 */
import { createHash, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { SignalproofError } from '../../core/signalproof-error.ts'

const processSchema = z.object({ pid: z.int().positive(), processStart: z.string() })

const stateSchema = z.object({
  ...processSchema.shape,
  anchorPort: z.int().positive(),
  token: z.string(),
  digest: z.string(),
  startedAt: z.string(),
  folder: z.string(),
  components: z.array(z.object({ name: z.string(), ...processSchema.shape })),
  endpoints: z.unknown(),
})

/** `pid` and `processStart` together name the supervisor's process; see process-table.ts. */
export type KeptState = z.infer<typeof stateSchema>

/** A state file as it was read; `generation` names its content, so that nobody removes the file of another. */
export type StateFile =
  | { readonly generation: string; readonly state: KeptState }
  | { readonly generation: string; readonly state: undefined; readonly problem: string }

export const stateFileOf = (root: string): string =>
  join(root, '.signalproof', 'environments', 'process.json')

/** @returns the generation of the new file; undefined when there is a file already */
export function createStateFile(root: string, state: KeptState): string | undefined {
  const file = stateFileOf(root)
  const text = `${JSON.stringify(state, null, 2)}\n`
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    // Unlike a rename, a link never replaces what is there.
    linkSync(draft, file)
    return generationOf(text)
  } catch (thrown) {
    if (hasCode(thrown, 'EEXIST')) return undefined
    throw thrown
  } finally {
    unlinkSync(draft)
  }
}

/** @returns undefined when there is none */
export function readStateFile(root: string): StateFile | undefined {
  const text = readIfThere(stateFileOf(root))
  if (text === undefined) return undefined
  const generation = generationOf(text)
  try {
    return { generation, state: stateSchema.parse(JSON.parse(text)) }
  } catch (thrown) {
    const problem = thrown instanceof z.ZodError ? z.prettifyError(thrown) : String(thrown)
    return { generation, state: undefined, problem }
  }
}

/**
 * Removes the file if it is still of this generation. The claim, a second name for the file, can be had by one
 * process at a time; who has it and finds the generation in it knows that nobody else can have put another in place.
 * @throws SignalproofError ENV_KEPT_RUNNING when another process is removing it in this moment
 */
export function removeStateFile(root: string, generation: string): void {
  const file = stateFileOf(root)
  const claim = `${file}.${generation.slice(0, 12)}.removing`
  try {
    linkSync(file, claim)
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return
    if (!hasCode(thrown, 'EEXIST')) throw thrown
    throw new SignalproofError('ENV_KEPT_RUNNING', {
      expected: 'to be the only one who removes the state of the kept environment',
      seen: `${claim} exists`,
      remedy: 'if no other signalproof command runs, remove this file and try again',
      cause: thrown,
    })
  }
  try {
    if (generationOf(readFileSync(claim, 'utf8')) === generation) rmSync(file, { force: true })
  } finally {
    unlinkSync(claim)
  }
}

const generationOf = (text: string): string => createHash('sha256').update(text).digest('hex')

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined
    throw thrown
  }
}

const hasCode = (thrown: unknown, code: string): boolean => (thrown as NodeJS.ErrnoException).code === code
