import { pause } from '../../harness/core/eventually.ts'
import { SignalproofError } from '../../harness/core/signalproof-error.ts'
import { findKeptEnvironment } from '../../harness/environments/process/kept-environment.ts'
import { othersRunning, usageOfGroup } from './process-usage.ts'
import { root, signalproof } from './signalproof-command.ts'
import { measureVerify, type VerifyMeasurement } from './verify-runs.ts'

/** What the environment uses at rest, and how fast one layer is proven on it when it is there already. */

/** A component at rest. */
export interface Rest {
  readonly memoryBytes: number
  /** The part of it that no file holds; null where it is not known. */
  readonly anonymousBytes: number | null
  /** The share of one processor. */
  readonly cpuShare: number
}

export interface KeptMeasurement {
  /** From the start of `up` to its end, when all components are ready. */
  readonly upMs: number
  /** Each component at rest, before and after the layer was proven. */
  readonly components: readonly { readonly name: string; readonly before: Rest; readonly after: Rest }[]
  /** Processes of others that ran the same programs before or after: with them, PSS is too low. */
  readonly othersRunning: number
  /** The layer that is proven again. */
  readonly layer: string
  readonly again: VerifyMeasurement
}

const layer = 'logs'
const restMs = 10_000

/** The bench keeps an environment of its own, so it must not find another one's. @throws SignalproofError ENV_KEPT_RUNNING */
export async function requireNoneKept(): Promise<void> {
  const kept = await findKeptEnvironment(root)
  if (kept.kind === 'none') return
  throw new SignalproofError('ENV_KEPT_RUNNING', {
    expected: 'no kept environment while the bench runs: it would be measured instead of a new one',
    seen:
      kept.kind === 'running' ? `one, up since ${kept.state.startedAt}` : `the remains of one: ${kept.why}`,
    remedy: '`signalproof down` ends it',
  })
}

/** Runs `up`, measures, and runs `down` whatever happens. `up` is never cut short: what it keeps has to be known. */
export async function measureKept({
  folder,
  signal,
  progress,
}: {
  folder: string
  signal: AbortSignal
  progress: (text: string) => void
}): Promise<KeptMeasurement> {
  signal.throwIfAborted()
  progress('kept environment: up')
  const { processMs: upMs } = await signalproof(['up'])
  try {
    progress('kept environment: at rest')
    const processes = await findProcesses()
    const pids = processes.map(({ pid }) => pid)
    const started = await Promise.all(
      processes.map(async (one) => ({ ...one, before: await restOf(one.pid, signal) })),
    )
    const othersBefore = othersRunning(pids)
    progress(`kept environment: verify ${layer}`)
    const again = await measureVerify([layer], folder, signal)
    progress('kept environment: at rest after a layer')
    const components = await Promise.all(
      started.map(async ({ name, pid, before }) => ({ name, before, after: await restOf(pid, signal) })),
    )
    return { upMs, components, othersRunning: Math.max(othersBefore, othersRunning(pids)), layer, again }
  } finally {
    progress('kept environment: down')
    await signalproof(['down'])
  }
}

async function findProcesses(): Promise<{ name: string; pid: number }[]> {
  const kept = await findKeptEnvironment(root)
  if (kept.kind !== 'running')
    throw new Error('expected the environment that was just kept; seen none that runs')
  const components = kept.state.components.map(({ name, pid }) => ({ name, pid }))
  return [{ name: 'supervisor', pid: kept.state.pid }, ...components]
}

/** Lets a component be for a while and says what it used then. */
async function restOf(pid: number, signal: AbortSignal): Promise<Rest> {
  const { cpuMs } = usageOfGroup(pid)
  const startedAt = performance.now()
  await pause(restMs, signal)
  const { memoryBytes, anonymousBytes, cpuMs: cpuMsAfter } = usageOfGroup(pid)
  return { memoryBytes, anonymousBytes, cpuShare: (cpuMsAfter - cpuMs) / (performance.now() - startedAt) }
}
