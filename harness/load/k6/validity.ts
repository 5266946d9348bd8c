import type { GeneratorCpu } from './generator-process.ts'
import { describeExit, thresholdsBroken } from './k6-exit.ts'
import type { FiguresFile } from './k6-figures-file.ts'
import type { LogFindings } from './k6-log.ts'

/** What is known of a run of k6 after its end. */
export interface EndedRun {
  readonly exitCode: number
  readonly log: LogFindings
  readonly figures: FiguresFile | { readonly wrong: string }
  readonly cpu: GeneratorCpu
  /** How many shared the workload; one where it is not said. */
  readonly runners?: number | undefined
  /** The limit that it was ended at, where it did not end by itself. */
  readonly endedAfterMs: number | null
}

/**
 * Why nothing may be concluded from a run: the first of what went wrong with the generator, which makes all that comes
 * after it follow. null where k6 did what the workload says; thresholds that broke are a verdict on the system.
 */
export function invalidBecause(run: EndedRun): string | null {
  const { exitCode, log, figures, cpu, endedAfterMs } = run
  if (endedAfterMs !== null)
    return `k6 did not end within ${(endedAfterMs / 1000).toFixed(0)} s and was ended`
  const exit = describeExit(exitCode)
  if (exit !== undefined) {
    const said = log.firstException ?? log.firstError
    return said === undefined ? exit : `${exit}: ${said}`
  }
  if (log.exceptions > 0)
    return `script exception in ${log.exceptions} ${log.exceptions === 1 ? 'iteration' : 'iterations'}: ${log.firstException}`
  if ('wrong' in figures) return figures.wrong
  return (
    noRequests(figures) ??
    dropped(figures) ??
    tooFew(figures, exitCode, run.runners) ??
    lost(figures) ??
    shortOfCpu(figures, cpu)
  )
}

function noRequests({ requests, iterations }: FiguresFile): string | null {
  return requests > 0 ? null : `zero samples: no request was sent in ${iterations} iterations`
}

/** An iteration is dropped when no virtual user is free to start it: there are too few, or answers are too slow for them. */
function dropped(figures: FiguresFile): string | null {
  if (figures.dropped === 0) return null
  const slowest = figures.routes.reduce((most, { latencyMs }) => Math.max(most, latencyMs?.mean ?? 0), 0)
  return `dropped iterations: ${figures.dropped} of ${figures.dropped + figures.iterations} were not started, since all ${figures.virtualUsersMax} virtual users were waiting (mean latency up to ${Math.round(slowest)} ms)`
}

/** k6 rounds the ends of each stage: by one iteration at the begin and one at the end, each runner for itself. */
const roundedIterations = 2

function tooFew(
  { plannedIterations, iterations }: FiguresFile,
  exitCode: number,
  runners = 1,
): string | null {
  if (plannedIterations === null || Math.abs(iterations - plannedIterations) <= roundedIterations * runners)
    return null
  const ended = exitCode === thresholdsBroken ? '; a threshold ended it early' : ''
  return `not the workload: ${iterations} iterations instead of ${Math.round(plannedIterations)}${ended}`
}

/** Each request has one answer, or none, which counts as status 0. */
function lost({ requests, routes }: FiguresFile): string | null {
  const counted = routes.reduce(
    (sum, route) => sum + route.answers.reduce((all, { count }) => all + count, 0),
    0,
  )
  return counted === requests
    ? null
    : `answers that belong to no route: ${requests} requests, but ${counted} answers by route and status`
}

/** At most this part of the latency may be the generator's own waiting. */
const largestOwnPart = 0.5

/** A generator that has next to nothing to do waits longer than it runs on any machine; below this part of the time it kept up. */
const longestWaitingPart = 0.25

/**
 * What a request waits for a core on the generator's side is part of the latency that is measured: above half of it the
 * figures speak of the generator. The waiting of all its threads is counted, also of those that no request waits for, so
 * it must have waited longer than it ran, too, and for a good part of the time.
 */
function shortOfCpu(
  { routes, requests, durationMs }: FiguresFile,
  { seconds, waitedSeconds }: GeneratorCpu,
): string | null {
  if (waitedSeconds === null || waitedSeconds <= seconds) return null
  if (waitedSeconds <= (durationMs / 1000) * longestWaitingPart) return null
  const latencySum = routes.reduce((sum, route) => sum + (route.latencyMs?.mean ?? 0) * route.requests, 0)
  const [waitedMs, latencyMs] = [(waitedSeconds * 1000) / requests, latencySum / requests]
  if (waitedMs <= latencyMs * largestOwnPart) return null
  return `the generator was short of CPU: it ran ${seconds.toFixed(1)} s and waited ${waitedSeconds.toFixed(1)} s for a core, ${waitedMs.toFixed(1)} ms a request of ${latencyMs.toFixed(1)} ms latency`
}
