import { join } from 'node:path'
import type { RunResult } from '../../harness/report/run-result.ts'
import { signalproof } from './signalproof-command.ts'

/** One `verify` as its user sees it, and what its own result says about its time. */
export interface VerifyMeasurement
  extends Pick<
    RunResult,
    'verdict' | 'firstBroken' | 'readyMs' | 'wallMs' | 'criticalPathMs' | 'claimsMs' | 'timelines'
  > {
  /** What the first broken claim said; null when none is. */
  readonly brokenBecause: string | null
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
  const result = JSON.parse(stdout) as RunResult
  const { verdict, firstBroken, readyMs, wallMs, criticalPathMs, claimsMs, timelines } = result
  const brokenBecause = result.claims.find(({ id }) => id === firstBroken)?.reason ?? null
  return {
    verdict,
    firstBroken,
    brokenBecause,
    readyMs,
    wallMs,
    criticalPathMs,
    claimsMs,
    timelines,
    processMs,
  }
}
