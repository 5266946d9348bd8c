import type { Span } from '../backends/otlp-spans.ts'
import type { ExpectedSpan } from './expected-spans.ts'

/** Spans in words: `frontend: SERVER GET / 200`, and a trace as a small tree of them. */

const statusCode = 'http.response.status_code'

export const describeExpected = ({ app, kind, name, attributes }: ExpectedSpan): string =>
  `${app}: ${kind} ${name} ${String(attributes[statusCode])}`

export const serviceOf = ({ resource }: Span, serviceAttribute: string): string =>
  String(resource[serviceAttribute] ?? 'no service')

export const describeSpan = (span: Span, serviceAttribute: string): string =>
  [
    `${serviceOf(span, serviceAttribute)}: ${span.kind} ${span.name}`,
    String(span.attributes[statusCode] ?? ''),
    span.status === 'UNSET' ? '' : span.status,
  ]
    .filter((part) => part !== '')
    .join(' ')

/** The expected spans as lines, each below the one whose child it is. */
export const expectedLines = (span: ExpectedSpan, depth = 0): string[] => [
  `${indent(depth)}${describeExpected(span)}`,
  ...span.children.flatMap((child) => expectedLines(child, depth + 1)),
]

/** The spans of a trace as lines; where the parent of one is not among them, its line says so. */
export function spanLines(
  spans: readonly Span[],
  { serviceAttribute, senderId }: { serviceAttribute: string; senderId?: string },
): string[] {
  const known = new Set(spans.map(({ id }) => id))
  const below = (parentId: string, depth: number): string[] =>
    spans
      .filter((span) => span.parentId === parentId)
      .toSorted(byTime)
      .flatMap((span) => linesOf(span, depth))
  const linesOf = (span: Span, depth: number): string[] => [
    `${indent(depth)}${describeSpan(span, serviceAttribute)}${depth > 0 ? '' : origin(span.parentId, senderId)}`,
    ...below(span.id, depth + 1),
  ]
  const tops = spans.filter(({ parentId }) => parentId === null || !known.has(parentId))
  return tops.toSorted(byTime).flatMap((span) => linesOf(span, 0))
}

const indent = (depth: number): string => '  '.repeat(depth)

const byTime = (a: Span, b: Span): number => a.startMs - b.startMs

function origin(parentId: string | null, senderId: string | undefined): string {
  if (parentId === null) return ' (begins its trace)'
  return parentId === senderId ? '' : ' (its parent is not there)'
}
