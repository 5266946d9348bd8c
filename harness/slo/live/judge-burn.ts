import { formatMs } from '../../core/eventually.ts'
import type { BurnRatePair } from '../burn-rate-windows.ts'
import type { AlertHistory } from './alert-history.ts'
import type { BurnCase } from './burn-cases.ts'
import {
  type BurnRateLimits,
  computedOnsetMs,
  computedResetMs,
  countedFiring,
  type Firing,
} from './computed-alerts.ts'

/** What a run saw, and what the definition of a burn rate says of it. */

export interface BurnObservation {
  readonly histories: readonly AlertHistory[]
  /** Epoch ms of the first and the last error. */
  readonly errorsFromMs: number
  readonly errorsToMs: number
  readonly scrapeMs: number
  readonly evaluationMs: number
}

/** One pair of windows of one case. Times count from the first and from the last error. */
export interface PairResult {
  readonly pair: string
  readonly severity: BurnRatePair['severity']
  readonly expected: Firing
  readonly fired: boolean
  readonly onsetMs: number | null
  readonly computedOnsetMs: number | null
  readonly resetMs: number | null
  readonly computedResetMs: number | null
}

export interface CaseResult extends BurnCase {
  /** Times are judged where at least one failure comes in every scrape. */
  readonly hasExactTimes: boolean
  readonly pairs: readonly PairResult[]
}

export const pairName = ({ longWindow, shortWindow }: BurnRatePair): string => `${longWindow}/${shortWindow}`

const keyOf = (service: string, pair: string): string => `${service} ${pair}`

/** The results of every case, and each thing that is not as computed, as a sentence. */
export function judgeBurn(
  cases: readonly BurnCase[],
  pairs: readonly BurnRatePair[],
  limits: BurnRateLimits,
  seen: BurnObservation,
): { results: CaseResult[]; problems: string[] } {
  const firing = new Map(
    seen.histories
      .filter(({ state }) => state === 'firing')
      .map((history) => [keyOf(history.labels.service ?? '', pairIn(history)), history]),
  )
  const results = cases.map((each) => resultOf(each, pairs, limits, { ...seen, firing }))
  const expected = new Set(
    cases.flatMap(({ service }) => pairs.map((pair) => keyOf(service, pairName(pair)))),
  )
  const strangers = seen.histories
    .filter(
      (history) =>
        history.state !== 'firing' || !expected.has(keyOf(history.labels.service ?? '', pairIn(history))),
    )
    .map(({ labels, state }) => `an alert that no case has is ${state}: ${JSON.stringify(labels)}`)
  const tolerated = seen.scrapeMs + seen.evaluationMs
  const wrong = results.flatMap((result) =>
    result.pairs.flatMap((pair) => problemsOf(result, pair, firing, tolerated)),
  )
  return { results, problems: [...strangers, ...wrong] }
}

const pairIn = ({ labels }: AlertHistory): string => `${labels.long_window}/${labels.short_window}`

function resultOf(
  each: BurnCase,
  pairs: readonly BurnRatePair[],
  limits: BurnRateLimits,
  seen: BurnObservation & { firing: ReadonlyMap<string, AlertHistory> },
): CaseResult {
  const phase = { scrapeMs: seen.scrapeMs, errorsMs: seen.errorsToMs - seen.errorsFromMs }
  return {
    ...each,
    hasExactTimes: (each.errorRatio * each.ratePerSecond * seen.scrapeMs) / 1000 >= 1,
    pairs: pairs.map((pair) => {
      const spells = seen.firing.get(keyOf(each.service, pairName(pair)))?.spells ?? []
      const [first, last] = [spells[0], spells.at(-1)]
      const onset = computedOnsetMs(pair, limits, each)
      return {
        pair: pairName(pair),
        severity: pair.severity,
        expected: countedFiring(pair, limits, each, phase),
        fired: first !== undefined,
        onsetMs: first === undefined ? null : first.fromMs - seen.errorsFromMs,
        computedOnsetMs: onset,
        // It is gone at the evaluation after the last that had it.
        resetMs: last === undefined ? null : last.toMs + seen.evaluationMs - seen.errorsToMs,
        computedResetMs: onset === null ? null : computedResetMs(pair, limits, each),
      }
    }),
  }
}

function problemsOf(
  { service, what, hasExactTimes }: CaseResult,
  result: PairResult,
  firing: ReadonlyMap<string, AlertHistory>,
  toleratedMs: number,
): string[] {
  const subject = `${service} (${what}), ${result.severity} ${result.pair}`
  if (result.expected === 'silent' && result.fired)
    return [`${subject}: expected silence; it fired ${after(result.onsetMs)} the first error`]
  if (result.expected === 'fires' && !result.fired)
    return [`${subject}: expected to fire ${after(result.computedOnsetMs)} the first error; it stayed silent`]
  if (!hasExactTimes || !result.fired || result.computedOnsetMs === null) return []
  const spells = firing.get(keyOf(service, result.pair))?.spells.length ?? 0
  return [
    ...(spells > 1 ? [`${subject}: expected to fire once; it fired ${spells} times`] : []),
    ...lateness(subject, 'fire', 'first', result.onsetMs, result.computedOnsetMs, toleratedMs),
    ...lateness(subject, 'end', 'last', result.resetMs, result.computedResetMs, toleratedMs),
  ]
}

function lateness(
  subject: string,
  verb: string,
  which: string,
  seenMs: number | null,
  computedMs: number | null,
  toleratedMs: number,
): string[] {
  if (seenMs !== null && computedMs !== null && Math.abs(seenMs - computedMs) <= toleratedMs) return []
  return [
    `${subject}: expected to ${verb} ${after(computedMs)} the ${which} error, ± ${formatMs(toleratedMs)}; seen ${after(seenMs)} it`,
  ]
}

const after = (ms: number | null): string => (ms === null ? 'at no time after' : `${formatMs(ms)} after`)
