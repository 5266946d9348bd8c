import type { AttributeValue, SpanStatus } from '../backends/otlp-spans.ts'
import type { Exercise } from '../config/config-schema.ts'

/** The spans that a request of the table of apps has to leave behind, by the semantic conventions of HTTP. */

/** The route of a request that an app has no route for, as counters and log lines call it. */
export const unmatchedRoute = '<unmatched>'

export interface ExpectedSpan {
  readonly app: string
  readonly kind: 'SERVER' | 'CLIENT'
  readonly name: string
  readonly status: SpanStatus
  /** Those that have to be there with exactly these values; undefined stands for one that must not be there. */
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>
  /** What it asks another app for; that app's span is its child. */
  readonly children: readonly ExpectedSpan[]
}

export interface Answer extends Pick<Exercise, 'route' | 'status'> {
  readonly method: string
}

/** The span of an app that answers, and below it one span for each request that this makes it send to another app. */
export function expectedSpans(
  app: string,
  exercise: Answer & Partial<Pick<Exercise, 'causes'>>,
): ExpectedSpan {
  const { causes = [], ...answer } = exercise
  return {
    ...serverSpan(app, answer),
    children: causes.map(({ app: asked, ...caused }) => ({
      ...clientSpan(app, caused),
      children: [serverSpan(asked, caused)],
    })),
  }
}

function serverSpan(app: string, { method, route, status }: Answer): ExpectedSpan {
  const isMatched = route !== unmatchedRoute
  return {
    app,
    kind: 'SERVER',
    name: isMatched ? `${method} ${route}` : method,
    status: status >= 500 ? 'ERROR' : 'UNSET',
    attributes: {
      'http.request.method': method,
      'http.route': isMatched ? route : undefined,
      'http.response.status_code': status,
      'error.type': status >= 500 ? String(status) : undefined,
    },
    children: [],
  }
}

/** To whoever asks, a refusal is a failure, too. */
function clientSpan(app: string, { method, status }: Omit<Answer, 'route'>): ExpectedSpan {
  return {
    app,
    kind: 'CLIENT',
    name: method,
    status: status >= 400 ? 'ERROR' : 'UNSET',
    attributes: {
      'http.request.method': method,
      'http.response.status_code': status,
      'error.type': status >= 400 ? String(status) : undefined,
    },
    children: [],
  }
}
