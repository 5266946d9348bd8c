/**
 * An environment that outlives the harness that started it (`up`), and how a later one finds it (`verify`, `status`)
 * and ends it (`down`). A checkout has one at most: the state file under its root says where it is.
 */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { eventually, formatMs, found, notYet } from '../../core/eventually.ts'
import { ask } from '../../core/http.ts'
import { describeThrown, SignalproofError } from '../../core/signalproof-error.ts'
import {
  createStateFile,
  type KeptState,
  readStateFile,
  removeStateFile,
  stateFileOf,
} from './kept-state-file.ts'
import { loopback } from './port-block.ts'
import { livingMembers, processStart, signalGroup } from './process-table.ts'
import type { Supervisor } from './supervisor-client.ts'
import { supervisorFailed } from './supervisor-errors.ts'
import { killWithinMs, type StopAccepted, type SupervisorStatus } from './supervisor-protocol.ts'

/** What the state file says about where an environment is, and whether it is still there. */
export type KeptEnvironment =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running'
      readonly state: KeptState
      readonly generation: string
      readonly status: SupervisorStatus
    }
  | StaleEnvironment

/** A state file whose environment is gone, or was never completely there. */
export interface StaleEnvironment {
  readonly kind: 'stale'
  /** Absent when the file could not be read. */
  readonly state?: KeptState
  readonly generation: string
  readonly why: string
  /** The supervisor itself is still there, but does not answer as it should. */
  readonly supervisorRuns: boolean
  /** What `removeStaleEnvironment` would end and remove, in words. */
  readonly leftBehind: readonly string[]
}

/** An answer takes a millisecond; the rest is for a machine with other work. */
const answerWithinMs = 2_000

const statusSchema: z.ZodType<SupervisorStatus> = z.object({
  pid: z.number(),
  startedAt: z.string(),
  digest: z.string().nullable(),
  stopping: z.string().nullable(),
  components: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['waiting', 'starting', 'ready', 'ended']),
      pid: z.number().nullable(),
      readyAfterMs: z.number().nullable(),
      readyUrl: z.string(),
    }),
  ),
})
const stopAcceptedSchema: z.ZodType<StopAccepted> = z.object({ withinMs: z.number() })

/**
 * Lets a started environment go on without this harness and writes down where it is. Of two that try at once, exactly
 * one succeeds; the environment of the other stays its own to stop.
 * @param root the folder whose `.signalproof` holds the state
 * @param endpoints what a later harness needs to use the environment, as plain JSON
 * @throws SignalproofError ENV_KEPT_RUNNING, ENV_SUPERVISOR
 */
export async function keepEnvironment(
  root: string,
  supervisor: Supervisor,
  { digest, endpoints }: { digest: string; endpoints: unknown },
): Promise<void> {
  const before = await findKeptEnvironment(root)
  if (before.kind === 'stale' && !before.supervisorRuns) await removeStaleEnvironment(root, before)
  const status = await readSupervisorStatus(supervisor)
  const generation = createStateFile(root, {
    digest,
    pid: supervisor.pid,
    processStart: processStart(supervisor.pid) ?? '',
    anchorPort: supervisor.anchorPort,
    token: supervisor.token,
    startedAt: status.startedAt,
    folder: supervisor.folder,
    components: status.components.flatMap(({ name, pid }) =>
      pid === null ? [] : [{ name, pid, processStart: processStart(pid) ?? '' }],
    ),
    endpoints,
  })
  if (generation === undefined) throw await alreadyKept(root)
  try {
    // Only now: were this harness killed before it could write the file, nobody would find what it had kept.
    await supervisor.keep(digest)
  } catch (thrown) {
    removeStateFile(root, generation)
    throw thrown
  }
}

/** Looks whether the environment of the state file is there and is the one that the file describes. */
export async function findKeptEnvironment(root: string): Promise<KeptEnvironment> {
  const file = readStateFile(root)
  if (file === undefined) return { kind: 'none' }
  const { state, generation } = file
  if (state === undefined) {
    const path = stateFileOf(root)
    const why = `${path} cannot be read: ${file.problem}`
    return { kind: 'stale', generation, why, supervisorRuns: false, leftBehind: [path] }
  }
  const answer = await settledStatus(state).catch(describeThrown)
  const why = whyNotRunning(state, answer)
  return why === undefined
    ? { kind: 'running', state, generation, status: answer as SupervisorStatus }
    : stale(root, state, generation, why)
}

function whyNotRunning(state: KeptState, answer: SupervisorStatus | string | undefined): string | undefined {
  if (answer === undefined || !supervisorRuns(state)) {
    return `its supervisor, process ${state.pid}, is gone; why: ${join(state.folder, 'logs', 'supervisor.log')}`
  }
  if (typeof answer === 'string') return `its supervisor does not answer: ${answer}`
  if (answer.stopping !== null) return `it is stopping: ${answer.stopping}`
  if (answer.digest !== state.digest) return `it runs the configuration ${answer.digest}, not ${state.digest}`
  return undefined
}

/**
 * Undefined when there is no supervisor. One without a digest is asked again: the harness that has just written the
 * state file gives it the digest a moment later.
 */
async function settledStatus(state: KeptState): Promise<SupervisorStatus | undefined> {
  const { value } = await eventually(
    'the supervisor of the kept environment to answer with a digest',
    async (signal) => {
      if (!supervisorRuns(state)) return found(undefined)
      const status = await readSupervisorStatus(state, signal)
      return status.digest === null && status.stopping === null
        ? notYet('an answer without a digest')
        : found(status)
    },
    { withinMs: answerWithinMs, remedy: '`signalproof down` removes it' },
  )
  return value
}

/**
 * Asks a running environment to stop and waits until it is gone.
 * @throws SignalproofError ENV_SUPERVISOR when it is not gone in the time that it said
 */
export async function stopKeptEnvironment(
  root: string,
  { state, generation }: { state: KeptState; generation: string },
  { removeFolder = false }: { removeFolder?: boolean } = {},
): Promise<void> {
  const url = `http://${loopback}:${state.anchorPort}/stop${removeFolder ? '?folder=remove' : ''}`
  const headers = { authorization: `Bearer ${state.token}` }
  try {
    const { withinMs } = await ask(
      { backend: 'supervisor', method: 'POST', url, headers },
      stopAcceptedSchema,
    )
    await untilSupervisorIsGone(state, withinMs)
  } catch (thrown) {
    // It may have ended by itself in this very moment.
    if (supervisorRuns(state)) throw thrown
  }
  removeStateFile(root, generation)
}

/**
 * Ends and removes whatever a stale environment left, its state file last.
 * @throws SignalproofError ENV_SUPERVISOR when a process could not be ended
 */
export async function removeStaleEnvironment(
  root: string,
  { state, generation }: StaleEnvironment,
): Promise<void> {
  if (state !== undefined) {
    if (supervisorRuns(state)) {
      process.kill(state.pid, 'SIGKILL')
      await untilSupervisorIsGone(state, killWithinMs)
    }
    for (const { pid } of componentsLeft(state)) signalGroup(pid, 'SIGKILL')
    await eventually(
      'the components of the stale environment to be gone',
      () => {
        const left = componentsLeft(state)
        return left.length === 0 ? found(undefined) : notYet(describeComponents(left).join(', '))
      },
      { withinMs: killWithinMs, remedy: 'end these processes by hand' },
    )
    await rm(join(state.folder, 'data'), { recursive: true, force: true, maxRetries: 3 })
  }
  removeStateFile(root, generation)
}

/** What a supervisor says about its components. @throws SignalproofError BACKEND_UNREACHABLE */
export function readSupervisorStatus(
  { anchorPort, token }: { anchorPort: number; token: string },
  signal?: AbortSignal,
): Promise<SupervisorStatus> {
  const url = `http://${loopback}:${anchorPort}/status`
  const headers = { authorization: `Bearer ${token}` }
  return ask({ backend: 'supervisor', url, headers, ...(signal && { signal }) }, statusSchema)
}

function supervisorRuns(state: KeptState): boolean {
  return processStart(state.pid) === state.processStart
}

async function untilSupervisorIsGone(state: KeptState, withinMs: number): Promise<void> {
  try {
    await eventually(
      'the supervisor to be gone',
      () => (supervisorRuns(state) ? notYet(`process ${state.pid} runs`) : found(undefined)),
      { withinMs, remedy: '' },
    )
  } catch (cause) {
    const expected = `to be gone ${formatMs(withinMs)} after it was told to end`
    throw supervisorFailed(expected, `process ${state.pid} runs`, state.folder, cause)
  }
}

function stale(root: string, state: KeptState, generation: string, why: string): StaleEnvironment {
  const dataFolder = join(state.folder, 'data')
  const runs = supervisorRuns(state)
  const leftBehind = [
    ...(runs ? [`process ${state.pid}, the supervisor`] : []),
    ...describeComponents(componentsLeft(state)),
    ...(existsSync(dataFolder) ? [dataFolder] : []),
    stateFileOf(root),
  ]
  return { kind: 'stale', state, generation, why, supervisorRuns: runs, leftBehind }
}

/** Only what is certainly ours: a pid that another process has got in the meantime is not. */
function componentsLeft(state: KeptState): KeptState['components'] {
  return state.components.filter(
    ({ pid, processStart: start }) => processStart(pid) === start && livingMembers(pid).length > 0,
  )
}

const describeComponents = (components: KeptState['components']): string[] =>
  components.map(({ name, pid }) => `process ${pid} of ${name}`)

async function alreadyKept(root: string): Promise<SignalproofError> {
  const other = await findKeptEnvironment(root)
  const whose = other.kind === 'none' ? 'one that ended just now' : describeKept(other)
  return new SignalproofError('ENV_KEPT_RUNNING', {
    expected: `no other environment to be kept under ${root}`,
    seen: whose,
    remedy: '`signalproof verify` uses the kept one, `signalproof down` ends it',
  })
}

function describeKept({ state }: Exclude<KeptEnvironment, { kind: 'none' }>): string {
  if (state === undefined) return 'a state file that cannot be read'
  return `one started ${state.startedAt}, supervised by process ${state.pid}, in ${state.folder}`
}
