import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeThrown, SignalproofError } from '../../core/signalproof-error.ts'
import { readResult } from '../html/read-run.ts'
import type { RunResult, RunVerdict } from '../run-result.ts'

/** What is compared between runs of the same kind, in milliseconds; null where a run did not get that far. */
export interface TrendFigures {
  /** From the command to every component ready. */
  readonly readyMs: number | null
  /** From the answer that crossed a threshold to the delivered notification: the slowest of the run. */
  readonly detectionMs: number | null
  readonly wallMs: number
}

export interface TrendRun extends TrendFigures {
  readonly runId: string
  readonly startedAt: string
  /** Runs of one kind can be compared: environment and profile. */
  readonly kind: string
  readonly verdict: RunVerdict
  /** How many claims were judged: fewer claims take less time. */
  readonly claims: number
}

export interface Trend {
  /** Oldest first. */
  readonly runs: readonly TrendRun[]
  /** Folders whose result cannot be read, with why. */
  readonly leftOut: readonly { readonly folder: string; readonly why: string }[]
}

/**
 * Reads every run that lies in a folder.
 * @throws SignalproofError USAGE_UNKNOWN_NAME where there is none
 */
export function readTrend(folder: string): Trend {
  const folders = existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'result.json')))
    : []
  const read = folders.map((name) => readOne(folder, name))
  const runs = read.flatMap(({ run }) => run ?? [])
  const leftOut = read.flatMap(({ why, name }) => (why === undefined ? [] : [{ folder: name, why }]))
  if (runs.length > 0)
    return { runs: runs.toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt)), leftOut }
  throw new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: 'a folder with the folders of runs in it, each with its result.json',
    seen:
      leftOut[0] === undefined ? 'none' : `none that can be read; ${leftOut[0].folder}: ${leftOut[0].why}`,
    where: folder,
    remedy: 'name the folder that runs are kept in, or make one with `signalproof verify`',
  })
}

function readOne(folder: string, name: string): { name: string; run?: TrendRun; why?: string } {
  try {
    return { name, run: trendRun(readResult(join(folder, name))) }
  } catch (thrown) {
    return { name, why: describeThrown(thrown) }
  }
}

export function trendRun(result: RunResult): TrendRun {
  const { runId, startedAt, environment, profile, verdict, readyMs, wallMs, claims, timelines } = result
  const totals = timelines.flatMap(({ kind, totalMs }) =>
    kind !== 'request' || totalMs === null ? [] : [totalMs],
  )
  return {
    runId,
    startedAt,
    kind: `${environment}, ${profile}`,
    verdict,
    claims: claims.length,
    readyMs,
    detectionMs: totals.length === 0 ? null : Math.max(...totals),
    wallMs,
  }
}
