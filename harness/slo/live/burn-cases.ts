import { type BurnRatePair, thresholdOf } from '../burn-rate-windows.ts'
import type { BurnRateLimits } from './computed-alerts.ts'
import type { SteadyTraffic } from './whole-requests.ts'

/** One stand-in service of a run: its requests are counted at a steady rate, and a part of them fails from one moment on. */
export interface BurnCase extends SteadyTraffic {
  /** The service's name. */
  readonly service: string
  readonly what: string
}

/** So many that a ratio is exact to a thousandth within a second. They are counted, not sent. */
const muchTraffic = 1000

/** Of each guard's traffic, so that whole failures are clearly below and above it. */
const belowGuard = 0.7
const aboveGuard = 2

/**
 * The table of the objective's errors from far above the fastest pair to just below the slowest, each pair at nine
 * tenths of its threshold, and total failure at too little traffic, with the same at enough as its control.
 */
export function burnCases(pairs: readonly BurnRatePair[], limits: BurnRateLimits): BurnCase[] {
  const table = [0.16, 0.08, 0.04, 0.02, 0.009]
  const nearMisses = pairs
    .map((pair) => Number((0.9 * thresholdOf(pair, limits.target)).toFixed(12)))
    .filter((ratio) => !table.includes(ratio))
  const cases: BurnCase[] = [...table, ...nearMisses].map((errorRatio) => ({
    service: `errors-${inWords(errorRatio)}`,
    what: `${percent(errorRatio)} of much traffic`,
    errorRatio,
    ratePerSecond: muchTraffic,
  }))
  if (limits.minimumFailures === 0) return cases
  const guardPerSecond = limits.minimumFailures / (Math.min(...pairs.map(({ longMs }) => longMs)) / 1000)
  return [
    ...cases,
    {
      service: 'low-traffic',
      what: 'every request fails, of too few',
      errorRatio: 1,
      ratePerSecond: belowGuard * guardPerSecond,
    },
    {
      service: 'enough-traffic',
      what: 'every request fails, of just enough',
      errorRatio: 1,
      ratePerSecond: aboveGuard * guardPerSecond,
    },
  ]
}

/** Error ratios on both sides of every threshold, at rates on both sides of the guard. */
export function sweepCases(pairs: readonly BurnRatePair[], limits: BurnRateLimits): BurnCase[] {
  const thresholds = pairs.map((pair) => thresholdOf(pair, limits.target))
  const around = thresholds.flatMap((threshold) => [0.75, 0.92, 1.08].map((by) => by * threshold))
  const ratios = [Math.min(...thresholds) / 2, ...around, 0.4, 1].filter((ratio) => ratio <= 1)
  const rates = [0.1, 0.3, 1, 3, 10, 30, 1000]
  return ratios
    .toSorted((a, b) => a - b)
    .map((ratio) => Number(ratio.toFixed(6)))
    .flatMap((errorRatio) =>
      rates.map((ratePerSecond) => ({
        service: `sweep-${inWords(errorRatio)}-of-${String(ratePerSecond).replace('.', 'p')}`,
        what: `${percent(errorRatio)} of ${ratePerSecond}/s`,
        errorRatio,
        ratePerSecond,
      })),
    )
}

/** `16 %`, `12.96 %`. */
export const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(4))} %`

const inWords = (ratio: number): string => String(Number((ratio * 100).toFixed(4))).replace('.', 'p')
