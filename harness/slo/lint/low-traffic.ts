import { type Objective, pairsOf, totalIncrease } from '../objective.ts'
import { placeOf } from './document-paths.ts'
import { type Finding, findingAt } from './finding.ts'

/**
 * Without a guard one failed request of a quiet hour is a ratio of 100 % and wakes somebody. A guard of one failure is none.
 */
export function lowTraffic(objective: Objective): Finding[] {
  const { minimumFailures } = objective
  const [fastest] = pairsOf(objective)
  if (fastest === undefined || (minimumFailures ?? 0) > 1) return []
  return [
    findingAt('unguarded-low-traffic', objective, placeOf.minimumFailures, {
      expected: 'a least number of bad requests, so that a single one at night alerts nobody',
      seen: minimumFailures === undefined ? 'none' : `${minimumFailures}, which any failure is`,
      remedy: `a number such as "10": what ${totalIncrease(objective, fastest.longWindow)} is at the quietest, times the share that may wake somebody`,
    }),
  ]
}
