import { expect, test } from 'vitest'
import { continueTrace, writeTraceparent } from '../src/trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'

test.each([
  `00-${traceId}-${parentId}-00`,
  `01-${traceId}-${parentId}-00`,
  `cc-${traceId}-${parentId}-00-what-the-future-brings`,
])('takes over trace and flags of %s with a span id of its own', (traceparent) => {
  const trace = continueTrace(traceparent)
  expect(trace).toMatchObject({ traceId, flags: '00' })
  expect(trace.spanId).not.toBe(parentId)
  expect(writeTraceparent(trace)).toBe(`00-${traceId}-${trace.spanId}-00`)
})

test.each([
  ['nothing', undefined],
  ['version ff', `ff-${traceId}-${parentId}-01`],
  ['a longer version 00', `00-${traceId}-${parentId}-01-more`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
  ['a parent id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['upper case', `00-${traceId.toUpperCase()}-${parentId}-01`],
  ['two headers in one', `00-${traceId}-${parentId}-01, 00-${traceId}-${parentId}-01`],
  ['a short trace id', `00-${traceId.slice(1)}-${parentId}-01`],
])('starts a new trace for %s', (_what, traceparent) => {
  const [first, second] = [continueTrace(traceparent), continueTrace(traceparent)]
  expect(writeTraceparent(first)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(first.traceId).not.toBe(traceId)
  expect(first.traceId).not.toBe(second.traceId)
})
