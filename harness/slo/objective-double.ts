import type { Objective } from './objective.ts'

/** An objective of a shop, in which nothing is to be said against it. */
export function objectiveDouble(changes: Partial<Objective> = {}): Objective {
  return {
    name: 'shop-availability',
    displayName: 'Requests to the shop succeed',
    description: 'of all requests, those without a server error',
    service: 'shop',
    kind: 'availability',
    target: 0.99,
    periodMs: 30 * 24 * 3_600_000,
    minimumFailures: 10,
    pages: true,
    total: 'http_requests_total{app="shop"}',
    bad: 'http_requests_total{app="shop",status=~"5.."}',
    lineOf: () => 'load/slo/shop.yaml:1',
    ...changes,
  }
}

/** As objectiveDouble, for the share of fast requests. */
export function latencyObjectiveDouble(changes: Partial<Objective> = {}): Objective {
  return objectiveDouble({
    name: 'shop-latency',
    kind: 'latency',
    thresholdSeconds: 0.3,
    total: 'http_request_duration_seconds_count{app="shop"}',
    bad: undefined,
    good: 'http_request_duration_seconds_bucket{app="shop",le="0.3"}',
    ...changes,
  })
}
