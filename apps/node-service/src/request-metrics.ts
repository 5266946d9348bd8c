import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** The statuses that a route can answer or be made to answer, for one method. */
export interface ServedRoute {
  readonly method: string
  readonly route: string
  readonly statuses: readonly number[]
}

/** The route of a request that no route of the service matches. */
export const unmatchedRoute = '<unmatched>'

/** 0.3 s is the threshold of the latency objective: an objective is only exact on an edge. */
const durationEdgesSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5]

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Counts requests in `registry`; every series that can come up starts at 0, so that its first event is an increase. */
export class RequestMetrics {
  readonly registry = new Registry()
  readonly #requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by method, route template and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  })
  readonly #durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its response.',
    labelNames: ['method', 'route'],
    buckets: durationEdgesSeconds,
    registers: [this.registry],
  })

  constructor(routes: readonly ServedRoute[]) {
    collectDefaultMetrics({ register: this.registry })
    for (const { method, route, statuses } of routes) {
      this.#durations.zero({ method, route })
      for (const status of statuses) this.#requests.inc({ method, route, status }, 0)
    }
  }

  count(request: { method: string; route: string; status: number; durationSeconds: number }): void {
    const { route, status } = request
    const method = knownMethods.has(request.method) ? request.method : '_OTHER'
    this.#requests.inc({ method, route, status })
    this.#durations.observe({ method, route }, request.durationSeconds)
  }
}
