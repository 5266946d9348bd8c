import type { Span } from '../backends/otlp-spans.ts'
import type { SeenTrace, SpanPair, TraceFault } from './compare-trace.ts'
import type { ExpectedSpan } from './expected-spans.ts'
import { describeExpected, describeSpan, expectedLines, serviceOf, spanLines } from './span-tree.ts'

/** The first fault of a trace in words: which hop of which app, why as far as it can be told, and all spans beside it. */

/** What else is known of the request whose span is missing. */
export interface Surroundings {
  /** The request whose trace it is, and the trace. */
  readonly requestId: string
  readonly traceId: string
  /** What the app's log line of that request says; null where there is none, undefined where nobody could look. */
  readonly line: { readonly traceId: string; readonly spanId: string } | null | undefined
  /** The app's span of that request in the trace that its line names, where that is another one. */
  readonly stray: Span | null
  /** Whether the app was seen to continue the trace of a request that a client sent to it directly; null where nobody tried. */
  readonly continuesTraces: boolean | null
  /** Where the spans of this run were counted last on their way, in words; null where nothing is missing there. */
  readonly lostAt: string | null
}

export interface FaultInWords {
  readonly expected: string
  readonly seen: string
}

/** @param surroundings null where nobody has asked yet what became of a span that is missing */
export function describeFault(
  { fault, pairs }: { readonly fault: TraceFault; readonly pairs: readonly SpanPair[] },
  expected: ExpectedSpan,
  trace: SeenTrace,
  surroundings: Surroundings | null,
): FaultInWords {
  const said = sayFault(fault, { ...trace, taken: pairs.map(({ seen }) => seen) }, surroundings)
  const seenLines = spanLines(trace.spans, trace)
  return {
    expected: said.expected,
    seen: [
      said.seen,
      'expected spans:',
      ...expectedLines(expected, 1),
      ...(seenLines.length === 0 ? ['seen spans: none'] : ['seen spans:', ...seenLines.map(indented)]),
    ].join('\n    '),
  }
}

/** A trace, and those of its spans that were found to be expected ones. */
type MatchedTrace = SeenTrace & { readonly taken: readonly Span[] }

const indented = (line: string): string => `  ${line}`

function sayFault(fault: TraceFault, trace: MatchedTrace, surroundings: Surroundings | null): FaultInWords {
  switch (fault.kind) {
    case 'unexpected':
      return {
        expected: 'no span but those of the request and of what it causes',
        seen: `${describeSpan(fault.seen, trace.serviceAttribute)}, ${childOf(fault.seen, trace)}`,
      }
    case 'wrong':
      return {
        expected: `${fault.property} ${inWords(fault.wanted)} at ${describeExpected(fault.pair.expected)}`,
        seen: `${fault.property} ${inWords(fault.got)}`,
      }
    case 'missing': {
      const parent = fault.parent === null ? 'the span that the client named' : spanOf(fault.parent.expected)
      return {
        expected: `${spanOf(fault.expected)} as child of ${parent}`,
        seen: whyMissing(fault, trace, surroundings),
      }
    }
  }
}

const spanOf = ({ app, kind, name }: ExpectedSpan): string => `${app}: ${kind} ${name}`

const inWords = (value: unknown): string => (value === undefined ? 'left out' : JSON.stringify(value))

function whyMissing(
  { expected, parent }: Extract<TraceFault, { kind: 'missing' }>,
  trace: MatchedTrace,
  surroundings: Surroundings | null,
): string {
  const { app } = expected
  const elsewhere = trace.spans.find(
    (span) =>
      !trace.taken.includes(span) &&
      span.kind === expected.kind &&
      span.name === expected.name &&
      serviceOf(span, trace.serviceAttribute) === app,
  )
  if (elsewhere !== undefined) return `it is in the trace, but ${childOf(elsewhere, trace)}`
  if (surroundings === null) return 'it is not in the trace'
  const { line, requestId, traceId, lostAt } = surroundings
  if (expected.kind === 'CLIENT') return `${app} answered, but made no span of the call`
  if (line === undefined)
    return `it is not in the trace; whether ${app} logged request ${requestId} cannot be told`
  if (line === null)
    return `${app} has no log line of request ${requestId} either: the request did not reach it`
  const named = trace.spans.find(({ id }) => id === line.spanId)
  if (named !== undefined)
    return `it is in the trace as ${describeSpan(named, trace.serviceAttribute)}: the log line of ${app} names that span`
  if (line.traceId !== traceId) return propagation(app, parent?.expected.app, surroundings, trace)
  return `the log line of ${app} has this trace, so its span was made, but not stored${lostAt === null ? '' : `: ${lostAt}`}`
}

/** The request arrived, and its span is in another trace: whoever sent it said none, or whoever got it did not listen. */
function propagation(
  app: string,
  sender: string | undefined,
  { line, stray, continuesTraces }: Surroundings,
  { serviceAttribute }: SeenTrace,
): string {
  const found = stray === null ? 'its log line says' : `${describeSpan(stray, serviceAttribute)} is there`
  const where = `it is in another trace, ${line?.traceId}: ${found}`
  if (sender === undefined)
    return `${where}. Propagation of ${app} is off: it does not continue the traceparent that it gets`
  if (continuesTraces === null) return `${where}. Propagation of ${sender} or of ${app} is off`
  return continuesTraces
    ? `${where}. Propagation of ${sender} is off: ${app} continues a traceparent that a client sends`
    : `${where}. Propagation of ${app} is off: it continues no traceparent, whoever sends it`
}

function childOf({ parentId }: Span, { spans, senderId, serviceAttribute }: SeenTrace): string {
  if (parentId === null) return 'without a parent'
  if (parentId === senderId) return 'as child of the span that the client named'
  const parent = spans.find(({ id }) => id === parentId)
  return parent === undefined
    ? `as child of ${parentId}, which is not there`
    : `as child of ${describeSpan(parent, serviceAttribute)}`
}
