import type { Objective } from '../objective.ts'
import { type BucketEdges, bucketEdges } from './bucket-edges.ts'
import { type AskedApps, doublePages } from './double-pages.ts'
import type { Finding } from './finding.ts'
import { lowTraffic } from './low-traffic.ts'
import { unreachableFactors } from './unreachable-factors.ts'
import { type StoreTimings, windowCoverage } from './window-coverage.ts'

/** What objectives are judged against. */
export interface Surroundings {
  readonly edges: BucketEdges
  readonly timings: StoreTimings
  readonly asks: AskedApps
}

/** What objectives promise that their alerts cannot keep; empty where they can. */
export function lintObjectives(
  objectives: readonly Objective[],
  { edges, timings, asks }: Surroundings,
): Finding[] {
  return [
    ...objectives.flatMap((objective) => [
      ...unreachableFactors(objective),
      ...bucketEdges(objective, edges),
      ...windowCoverage(objective, timings),
      ...lowTraffic(objective),
    ]),
    ...doublePages(objectives, asks),
  ]
}
