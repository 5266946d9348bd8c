import { join } from 'node:path'
import type { RunResult } from '../../harness/report/run-result.ts'
import { signalproof } from './signalproof-command.ts'

/** One `verify` as its user sees it, and what its own result says about its time. */
export interface VerifyMeasurement
  extends Pick<
    RunResult,
    'verdict' | 'firstBroken' | 'readyMs' | 'wallMs' | 'criticalPathMs' | 'claimsMs' | 'timelines'
  > {
  /** From the start of the command to its end. */
  readonly processMs: number
}

/**
 * Runs `verify` once. A broken claim is a result and shown; a run that says nothing about the stack is none.
 * @throws CommandFailed
 */
export async function measureVerify(
  layers: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<VerifyMeasurement> {
  const { stdout, processMs } = await signalproof(
    ['verify', ...layers, '--json', '--out', join(folder, 'run')],
    {
      allowed: [0, 1],
      signal,
    },
  )
  const { verdict, firstBroken, readyMs, wallMs, criticalPathMs, claimsMs, timelines } = JSON.parse(
    stdout,
  ) as RunResult
  return { verdict, firstBroken, readyMs, wallMs, criticalPathMs, claimsMs, timelines, processMs }
}
