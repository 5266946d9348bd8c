import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { TraceContext } from './trace-context.ts'

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

/** What stands for every method that a client made up. */
export const otherMethod = '_OTHER'

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** The method as labels and spans have it: one of a few. */
export function methodLabel(method: string): string {
  return knownMethods.has(method) ? method : otherMethod
}

/** What a count says of a request. */
export interface CountedRequest {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationSeconds: number
}

/** Counts requests in `registry`; every series that can come up starts at 0, so that its first event is an increase. */
export class RequestMetrics {
  readonly registry = new Registry()
  readonly #requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by method, route template and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  })
  readonly #durations = new Histogram<'method' | 'route' | 'trace_id' | 'span_id'>({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its response.',
    labelNames: ['method', 'route'],
    buckets: durationEdgesSeconds,
    enableExemplars: true,
    // A registry of the plain format takes exemplars only from a metric that is added later.
    registers: [],
  })

  constructor(routes: readonly ServedRoute[]) {
    this.registry.registerMetric(this.#durations)
    collectDefaultMetrics({ register: this.registry })
    for (const { method, route, statuses } of routes) {
      this.#durations.zero({ method, route })
      for (const status of statuses) this.#requests.inc({ method, route, status }, 0)
    }
  }

  /** @param span of the request, where it is exported: the duration then points at it */
  count(request: CountedRequest, span: TraceContext | undefined): void {
    const { route, status, durationSeconds: value } = request
    const method = methodLabel(request.method)
    this.#requests.inc({ method, route, status })
    this.#durations.observe({
      labels: { method, route },
      value,
      ...(span && { exemplarLabels: { trace_id: span.traceId, span_id: span.spanId } }),
    })
  }
}
