import type { AttributeValue, Span } from '../backends/otlp-spans.ts'
import type { ExpectedSpan } from './expected-spans.ts'
import { serviceOf } from './span-tree.ts'

/** Holds the spans of a trace against those that were expected: every one, its parent, its service and what it says. */

export interface SeenTrace {
  readonly spans: readonly Span[]
  /** The span id that the client named in its traceparent: the parent of the first span. */
  readonly senderId: string
  /** The attribute of a resource that names the app. */
  readonly serviceAttribute: string
}

export interface SpanPair {
  readonly expected: ExpectedSpan
  readonly seen: Span
}

export type TraceFault =
  /** `parent` is null where the span is a child of the client's own. */
  | { readonly kind: 'missing'; readonly expected: ExpectedSpan; readonly parent: SpanPair | null }
  | {
      readonly kind: 'wrong'
      readonly pair: SpanPair
      readonly property: string
      readonly wanted: AttributeValue | undefined
      readonly got: AttributeValue | undefined
    }
  | { readonly kind: 'unexpected'; readonly seen: Span }

export interface ComparedTrace {
  /** The expected spans that are there. */
  readonly pairs: readonly SpanPair[]
  /** The first one that is missing or wrong, from the client on; then what is there beside the expected ones. Null where all is well. */
  readonly fault: TraceFault | null
}

export function compareTrace(expected: ExpectedSpan, trace: SeenTrace): ComparedTrace {
  const pairs: SpanPair[] = []
  const faults: TraceFault[] = []
  const follow = (wanted: ExpectedSpan, parent: SpanPair | null): void => {
    const seen = bestOf(wanted, parent?.seen.id ?? trace.senderId, trace, pairs)
    if (seen === undefined) {
      faults.push({ kind: 'missing', expected: wanted, parent })
      return
    }
    const pair = { expected: wanted, seen }
    pairs.push(pair)
    const [difference] = differencesOf(pair)
    if (difference !== undefined) faults.push({ kind: 'wrong', pair, ...difference })
    for (const child of wanted.children) follow(child, pair)
  }
  follow(expected, null)
  const others = trace.spans.filter((span) => !pairs.some(({ seen }) => seen === span))
  return {
    pairs,
    fault: faults[0] ?? others.map((seen) => ({ kind: 'unexpected', seen }) as const)[0] ?? null,
  }
}

/** Of the children of one span, the one that fits best; each is taken once. */
function bestOf(
  wanted: ExpectedSpan,
  parentId: string,
  trace: SeenTrace,
  taken: readonly SpanPair[],
): Span | undefined {
  const candidates = trace.spans.filter(
    (span) =>
      span.parentId === parentId &&
      span.kind === wanted.kind &&
      serviceOf(span, trace.serviceAttribute) === wanted.app &&
      !taken.some(({ seen }) => seen === span),
  )
  const fits = (span: Span) => fitOf(wanted, span, trace)
  return candidates.reduce<Span | undefined>(
    (best, span) => (best === undefined || fits(span) > fits(best) ? span : best),
    undefined,
  )
}

/** Calls to several apps look alike: whom they reached says most, then whom they were for, then what they say. */
function fitOf(wanted: ExpectedSpan, span: Span, { spans, serviceAttribute }: SeenTrace): number {
  const [asked] = wanted.children
  const route = asked?.attributes['http.route']
  const reached = spans.some(
    ({ parentId, resource }) => parentId === span.id && resource[serviceAttribute] === asked?.app,
  )
  const wasFor = typeof route === 'string' && String(span.attributes['url.full'] ?? '').includes(route)
  return (reached ? 1_000 : 0) + (wasFor ? 100 : 0) - differencesOf({ expected: wanted, seen: span }).length
}

type Difference = Pick<Extract<TraceFault, { kind: 'wrong' }>, 'property' | 'wanted' | 'got'>

function differencesOf({ expected, seen }: SpanPair): Difference[] {
  return [
    ['name', expected.name, seen.name] as const,
    ...Object.entries(expected.attributes).map(
      ([name, wanted]) => [name, wanted, seen.attributes[name]] as const,
    ),
    ['status', expected.status, seen.status] as const,
  ].flatMap(([property, wanted, got]) => (wanted === got ? [] : [{ property, wanted, got }]))
}

/** What is wrong with an app's answer to one request, by the span of it; null where it is as expected. Its parent is not looked at. */
export function serverSpanFault(
  expected: ExpectedSpan,
  spans: readonly Span[],
  serviceAttribute: string,
): string | null {
  const ofApp = spans.filter(
    (span) => span.kind === expected.kind && serviceOf(span, serviceAttribute) === expected.app,
  )
  const [seen] = ofApp
  if (seen === undefined || ofApp.length > 1)
    return `${ofApp.length} spans of ${expected.app} instead of 1 among ${spans.length}`
  const wrong = differencesOf({ expected, seen }).map(
    ({ property, wanted, got }) =>
      `${property} is ${JSON.stringify(got) ?? 'left out'} instead of ${JSON.stringify(wanted) ?? 'left out'}`,
  )
  return wrong.length === 0 ? null : wrong.join(', ')
}
