import { readCounterSelector } from '../counter-selector.ts'
import type { Objective } from '../objective.ts'
import { placeOf } from './document-paths.ts'
import { type Finding, findingAt } from './finding.ts'

/** The edges of the apps' histograms, by the histogram's name. */
export type BucketEdges = Readonly<Record<string, readonly number[]>>

/**
 * A threshold between two edges counts nothing: there is no such series, and no series is not the same as no request. It has
 * to be written as Prometheus stores the edge, and the total has to be that histogram's own count.
 */
export function bucketEdges(objective: Objective, edges: BucketEdges): Finding[] {
  return (['good', 'bad'] as const).flatMap((part) => {
    const selector = readCounterSelector(objective[part] ?? '')
    if (selector === undefined || !selector.metric.endsWith('_bucket')) return []
    const histogram = selector.metric.slice(0, -'_bucket'.length)
    const known = edges[histogram]
    const { le } = selector.equalities
    const finding = (said: Pick<Finding, 'expected' | 'seen' | 'remedy'>) =>
      findingAt('no-bucket-edge', objective, placeOf.query(part), said)
    if (known === undefined || known.length === 0) {
      return [
        finding({
          expected: 'a histogram whose edges are known',
          seen: `${histogram}, of which signalproof.config.ts says none`,
          remedy: 'metrics.durationHistogram and metrics.durationEdgesSeconds',
        }),
      ]
    }
    const found: Finding[] = []
    if (le === undefined || !known.map(writeEdge).includes(le)) {
      found.push(
        finding({
          expected: `an edge of ${histogram}: le="${known.map(writeEdge).join('", "')}"`,
          seen: le === undefined ? 'no le="…"' : `le="${le}"`,
          remedy: `le="${nearest(known, Number(le))}", or that edge in the apps`,
        }),
      )
    }
    if (readCounterSelector(objective.total)?.metric !== `${histogram}_count`) {
      found.push(
        findingAt('no-bucket-edge', objective, placeOf.query('total'), {
          expected: `${histogram}_count: all requests of the same histogram`,
          seen: objective.total,
          remedy: `${histogram}_count with the labels of ${part}`,
        }),
      )
    }
    return found
  })
}

/** As Prometheus stores it, whatever the app writes: since version 3 a whole number has a decimal (its migration guide). */
const writeEdge = (edge: number): string => (Number.isInteger(edge) ? `${edge}.0` : String(edge))

function nearest(edges: readonly number[], wanted: number): string {
  const distance = (edge: number) => Math.abs(edge - (Number.isNaN(wanted) ? 0 : wanted))
  return edges
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, 1)
    .map(writeEdge)
    .join()
}
