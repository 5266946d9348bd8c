import { expect, test } from 'vitest'
import { type ExemplarOfRequest, exemplarFault } from './judge-exemplar.ts'
import { pageSpans, serviceAttribute, traceId } from './trace-doubles.ts'

const exemplar = (changes: Partial<ExemplarOfRequest['exemplar']> = {}): ExemplarOfRequest['exemplar'] => ({
  series: { app: 'go', route: '/v2', le: '0.01' },
  labels: { trace_id: traceId, span_id: 'go' },
  atMs: 1_000,
  value: 0.007,
  ...changes,
})

const faultOf = (changes: Partial<ExemplarOfRequest> = {}) =>
  exemplarFault({
    exemplar: exemplar(),
    app: 'go',
    answeredInMs: 8,
    edgesSeconds: [0.005, 0.01, 0.025],
    spans: Object.values(pageSpans()),
    serviceAttribute,
    ...changes,
  })

test('an exemplar in its bucket that leads to the span of its app and route is right', () => {
  expect(faultOf()).toBeNull()
  expect(faultOf({ exemplar: exemplar({ labels: { trace_id: traceId } }) })).toBeNull()
  const lost = { ...pageSpans().go, attributes: { 'http.response.status_code': 404 } }
  const ofLost = exemplar({ series: { route: '<unmatched>', le: '0.01' } })
  expect(faultOf({ exemplar: ofLost, spans: [lost] })).toBeNull()
  expect(faultOf({ spans: [lost] })).toBe('its series is of route /v2, its span of <unmatched>')
  const slow = exemplar({ value: 3, series: { route: '/v2', le: '+Inf' } })
  expect(faultOf({ exemplar: slow, answeredInMs: 3_100 })).toBeNull()
})

test.each([
  [
    { exemplar: exemplar({ value: 0.011 }) },
    'it says 0.011 s and stands in the bucket from 0.005 s to 0.01 s',
  ],
  [
    { exemplar: exemplar({ value: 0.004 }) },
    'it says 0.004 s and stands in the bucket from 0.005 s to 0.01 s',
  ],
  [{ exemplar: exemplar({ series: { route: '/v2' } }) }, 'its series has no edge: le is undefined'],
  [{ answeredInMs: 6 }, 'it says 0.007 s, and the client had its answer after 0.006 s'],
  [{ spans: [] }, 'its trace has no SERVER span go of go: no span at all'],
  [{ spans: [pageSpans().python] }, 'its trace has no SERVER span go of go: python: SERVER GET /v1 200'],
  [
    { exemplar: exemplar({ labels: { trace_id: traceId, span_id: 'python' } }) },
    /^its trace has no SERVER span python of go: /,
  ],
  [
    { exemplar: exemplar({ series: { route: '/other', le: '0.01' } }) },
    'its series is of route /other, its span of /v2',
  ],
])('what leads elsewhere is told (case %#)', (changes, words) => {
  expect(faultOf(changes)).toMatch(words)
})
