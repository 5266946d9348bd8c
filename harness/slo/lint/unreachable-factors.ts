import { thresholdOf } from '../burn-rate-windows.ts'
import { type Objective, pairsOf } from '../objective.ts'
import { placeOf } from './document-paths.ts'
import { type Finding, findingAt } from './finding.ts'

/**
 * Pairs that can never alert: no error ratio is above 1, and a pair alerts above factor × (1 − target). At 90 % the fastest
 * one waits for 144 % of the requests to fail.
 */
export function unreachableFactors(objective: Objective): Finding[] {
  return pairsOf(objective).flatMap((pair) => {
    const threshold = thresholdOf(pair, objective.target)
    if (threshold < 1) return []
    // Just above this every pair can be reached, the fastest one with all requests failing.
    const least = 1 - 1 / pair.factor
    return [
      findingAt('unreachable-factor', objective, placeOf.target, {
        expected: `a target at which the ${pair.severity} of ${pair.longWindow}/${pair.shortWindow} can fire: ${pair.factor} × (1 − target) below 1`,
        seen: `${objective.target}: more than ${percent(threshold)} of the requests would have to fail`,
        remedy: `a target above ${roundedUp(least)}`,
      }),
    ]
  })
}

const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(4))} %`

const roundedUp = (ratio: number): number => Math.ceil(ratio * 1000) / 1000
