import type { Span } from '../backends/otlp-spans.ts'
import type { Exemplar } from '../backends/prometheus.ts'
import { unmatchedRoute } from './expected-spans.ts'
import { describeSpan, serviceOf } from './span-tree.ts'

/** Whether an exemplar of the duration histogram leads to the request that it stands for. */

export interface ExemplarOfRequest {
  readonly exemplar: Exemplar
  /** The app whose histogram it is. */
  readonly app: string
  /** How long the client waited for the answer of that request. */
  readonly answeredInMs: number
  /** Every edge of the histogram, in seconds. */
  readonly edgesSeconds: readonly number[]
  /** The trace that it names, as stored. */
  readonly spans: readonly Span[]
  readonly serviceAttribute: string
}

/** What is wrong with it, in words; null where it leads to a stored span of its app and route, in its own bucket. */
export function exemplarFault(request: ExemplarOfRequest): string | null {
  return bucketFault(request) ?? spanFault(request)
}

/** A histogram's bucket ends at its own edge and begins at the one below. */
function bucketFault({ exemplar, edgesSeconds, answeredInMs }: ExemplarOfRequest): string | null {
  const { value, series } = exemplar
  const to = series.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(series.le)
  const from = Math.max(0, ...edgesSeconds.filter((edge) => edge < to))
  if (Number.isNaN(to)) return `its series has no edge: le is ${JSON.stringify(series.le)}`
  if (value > to || value < from)
    return `it says ${value} s and stands in the bucket from ${from} s to ${to} s`
  return value * 1000 > answeredInMs
    ? `it says ${value} s, and the client had its answer after ${answeredInMs / 1000} s`
    : null
}

function spanFault({ exemplar, app, spans, serviceAttribute }: ExemplarOfRequest): string | null {
  const { span_id: spanId } = exemplar.labels
  const ofApp = spans.filter((span) => span.kind === 'SERVER' && serviceOf(span, serviceAttribute) === app)
  const span = spanId === undefined ? ofApp[0] : ofApp.find(({ id }) => id === spanId)
  if (span === undefined) {
    const seen = spans.map((one) => describeSpan(one, serviceAttribute)).join(', ') || 'no span at all'
    return `its trace has no SERVER span ${spanId ?? ''} of ${app}: ${seen}`.replace('  ', ' ')
  }
  // A span of a request that the app has no route for leaves the attribute out.
  const route = span.attributes['http.route'] ?? unmatchedRoute
  return route === exemplar.series.route
    ? null
    : `its series is of route ${exemplar.series.route}, its span of ${String(route)}`
}
