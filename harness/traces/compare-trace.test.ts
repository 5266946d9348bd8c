import { expect, test } from 'vitest'
import type { Span } from '../backends/otlp-spans.ts'
import { compareTrace, serverSpanFault } from './compare-trace.ts'
import { describeFault, type Surroundings } from './describe-fault.ts'
import { expectedSpans } from './expected-spans.ts'
import { searchQuery } from './search-query.ts'
import { page, pageSpans, senderId, serviceAttribute, spanDouble, traceId } from './trace-doubles.ts'

const seen = (spans: readonly Span[]) => ({ spans, senderId, serviceAttribute })

const surroundings = (changes: Partial<Surroundings> = {}): Surroundings => ({
  requestId: 'r-1',
  traceId,
  line: { traceId, spanId: '00000000000000bb' },
  stray: null,
  continuesTraces: true,
  lostAt: null,
  ...changes,
})

function faultOf(spans: readonly Span[], around: Surroundings | null = surroundings()) {
  const trace = seen(spans)
  const { fault, pairs } = compareTrace(page, trace)
  return fault === null ? null : describeFault({ fault, pairs }, page, trace, around)
}

/** The spans of the page, some of them left out or changed. */
const pageWith = (changes: { [name in keyof ReturnType<typeof pageSpans>]?: Partial<Span> | null }) =>
  Object.entries(pageSpans()).flatMap(([name, span]) => {
    const change = changes[name as keyof typeof changes]
    return change === null ? [] : [{ ...span, ...change }]
  })

test('a trace with exactly its spans has no fault, in whatever order they come', () => {
  const spans = pageWith({})
  for (const order of [spans, spans.toReversed()]) {
    const { pairs, fault } = compareTrace(page, seen(order))
    expect(fault).toBeNull()
    expect(pairs.map(({ expected, seen: { id } }) => [expected.app, id])).toEqual([
      ['frontend', 'page'],
      ['frontend', 'call-python'],
      ['python', 'python'],
      ['frontend', 'call-go'],
      ['go', 'go'],
    ])
  }
})

test('a request that fails is expected to say so, and one without a route to have none', () => {
  const failed = expectedSpans('go', { method: 'GET', route: '/v2', status: 503 })
  const attributes = {
    'http.request.method': 'GET',
    'http.route': '/v2',
    'http.response.status_code': 503,
    'error.type': '503',
  }
  const span = spanDouble('go', 'a', { name: 'GET /v2', status: 'ERROR', attributes })
  expect(compareTrace(failed, seen([span])).fault).toBeNull()
  for (const change of [{ status: 'UNSET' }, { attributes: { ...attributes, 'error.type': null } }] as const)
    expect(compareTrace(failed, seen([{ ...span, ...change }])).fault).toMatchObject({ kind: 'wrong' })

  const lost = expectedSpans('go', { method: 'POST', route: '<unmatched>', status: 404 })
  const ofLost = { 'http.request.method': 'POST', 'http.response.status_code': 404 }
  const plain = spanDouble('go', 'a', { name: 'POST', attributes: ofLost })
  expect(compareTrace(lost, seen([plain])).fault).toBeNull()
  const routed = { ...plain, attributes: { ...ofLost, 'http.route': '<unmatched>' } }
  expect(compareTrace(lost, seen([routed])).fault).toMatchObject({ property: 'http.route' })
})

test('a span that is missing is named with its parent, and all spans are listed as a tree', () => {
  expect(
    faultOf(pageWith({ go: null }), surroundings({ lostAt: 'go ended 3 spans and exported 0' })),
  ).toEqual({
    expected: 'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    seen: `the log line of go has this trace, so its span was made, but not stored: go ended 3 spans and exported 0
    expected spans:
      frontend: SERVER GET / 200
        frontend: CLIENT GET 200
          python: SERVER GET /v1 200
        frontend: CLIENT GET 200
          go: SERVER GET /v2 200
    seen spans:
      frontend: SERVER GET / 200
        frontend: CLIENT GET 200
          python: SERVER GET /v1 200
        frontend: CLIENT GET 200`,
  })
})

const otherTrace = { traceId: 'b'.repeat(32), spanId: '00000000000000cc' }
const stray = spanDouble('go', 'stray', { traceId: otherTrace.traceId, name: 'GET /v2', parentId: null })

const why: [string, Parameters<typeof pageWith>[0], Surroundings | null, string, string][] = [
  [
    'the sender says no trace',
    { go: null },
    surroundings({ line: otherTrace, stray }),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    `it is in another trace, ${otherTrace.traceId}: go: SERVER GET /v2 200 is there. Propagation of frontend is off: go continues a traceparent that a client sends`,
  ],
  [
    'the one that is asked does not listen',
    { go: null },
    surroundings({ line: otherTrace, continuesTraces: false }),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    `it is in another trace, ${otherTrace.traceId}: its log line says. Propagation of go is off: it continues no traceparent, whoever sends it`,
  ],
  [
    'either of them',
    { go: null },
    surroundings({ line: otherTrace, continuesTraces: null }),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    `it is in another trace, ${otherTrace.traceId}: its log line says. Propagation of frontend or of go is off`,
  ],
  [
    'the first app does not listen',
    { page: null, callPython: null, callGo: null, python: null, go: null },
    surroundings({ line: otherTrace }),
    'frontend: SERVER GET / as child of the span that the client named',
    `it is in another trace, ${otherTrace.traceId}: its log line says. Propagation of frontend is off: it does not continue the traceparent that it gets`,
  ],
  [
    'the request did not arrive',
    { go: null },
    surroundings({ line: null }),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    'go has no log line of request r-1 either: the request did not reach it',
  ],
  [
    'nobody can be asked whether it arrived',
    { go: null },
    surroundings({ line: undefined }),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    'it is not in the trace; whether go logged request r-1 cannot be told',
  ],
  [
    'the call made no span',
    { callGo: null, go: null },
    surroundings(),
    'frontend: CLIENT GET as child of frontend: SERVER GET /',
    'frontend answered, but made no span of the call',
  ],
  [
    'it hangs at another span',
    { go: { parentId: 'page' } },
    surroundings(),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    'it is in the trace, but as child of frontend: SERVER GET / 200',
  ],
  [
    'it hangs at a span that is not there',
    { go: { parentId: 'gone' } },
    surroundings(),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    'it is in the trace, but as child of gone, which is not there',
  ],
  [
    'it has no parent',
    { go: { parentId: null } },
    surroundings(),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    'it is in the trace, but without a parent',
  ],
  [
    'nobody has asked why',
    { go: null },
    null,
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    'it is not in the trace',
  ],
  [
    'a service has another name',
    { go: { resource: { [serviceAttribute]: 'unknown_service' } } },
    surroundings({ line: { traceId, spanId: 'go' } }),
    'go: SERVER GET /v2 as child of frontend: CLIENT GET',
    'it is in the trace as unknown_service: SERVER GET /v2 200: the log line of go names that span',
  ],
  [
    'a status is wrong',
    { python: { status: 'ERROR' } },
    surroundings(),
    'status "UNSET" at python: SERVER GET /v1 200',
    'status "ERROR"',
  ],
  [
    'an attribute is wrong',
    { callGo: { attributes: { 'http.request.method': 'GET', 'http.response.status_code': 502 } } },
    surroundings(),
    'http.response.status_code 200 at frontend: CLIENT GET 200',
    'http.response.status_code 502',
  ],
  [
    'an attribute is left out',
    { go: { attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 } } },
    surroundings(),
    'http.route "/v2" at go: SERVER GET /v2 200',
    'http.route left out',
  ],
  [
    'the name is wrong',
    { go: { name: 'GET' } },
    surroundings(),
    'name "GET /v2" at go: SERVER GET /v2 200',
    'name "GET"',
  ],
]
test.each(why)('%s', (_, changes, around, expected, seenFirst) => {
  const fault = faultOf(pageWith(changes), around)
  expect(fault?.expected).toBe(expected)
  expect(fault?.seen.split('\n')[0]).toBe(seenFirst)
})

test('of several faults the first from the client on is named', () => {
  expect(faultOf(pageWith({ python: null, go: null }))?.expected).toMatch(/^python: SERVER/)
  expect(faultOf(pageWith({ page: { status: 'ERROR' }, go: null }))?.expected).toMatch(/^status "UNSET"/)
})

test('one span more is one too many', () => {
  const again = spanDouble('go', 'again', { name: 'GET /v2', parentId: 'call-go' })
  const fault = faultOf([...pageWith({}), again])
  expect(fault?.expected).toBe('no span but those of the request and of what it causes')
  expect(fault?.seen.split('\n')[0]).toBe('go: SERVER GET /v2 200, as child of frontend: CLIENT GET 200')
  expect(fault?.seen.match(/go: SERVER GET \/v2 200$/gm)).toHaveLength(3)
})

test('a trace without any span says that there is none', () => {
  expect(faultOf([], surroundings({ lostAt: 'the collector accepted 9 spans and sent 0' }))?.seen).toBe(
    `the log line of frontend has this trace, so its span was made, but not stored: the collector accepted 9 spans and sent 0
    expected spans:
      frontend: SERVER GET / 200
        frontend: CLIENT GET 200
          python: SERVER GET /v1 200
        frontend: CLIENT GET 200
          go: SERVER GET /v2 200
    seen spans: none`,
  )
})

test('where a trace begins is said of the spans that hang at nothing', () => {
  const seenOf = (changes: Parameters<typeof pageWith>[0]) => faultOf(pageWith(changes))?.seen
  expect(seenOf({ go: { parentId: null } })).toContain('go: SERVER GET /v2 200 (begins its trace)')
  expect(seenOf({ go: { parentId: 'gone' } })).toContain('go: SERVER GET /v2 200 (its parent is not there)')
})

test('calls to several apps are told apart by whom they reached, else by whom they were for', () => {
  const swapped = pageWith({ python: { parentId: 'call-go' }, go: { parentId: 'call-python' } })
  expect(compareTrace(page, seen(swapped)).fault).toBeNull()
  const { fault } = compareTrace(page, seen(pageWith({ python: null, go: null })))
  expect(fault).toMatchObject({ parent: { seen: { id: 'call-python' } } })
})

test('the span of one answer is judged by what it says, wherever it hangs', () => {
  const failed = expectedSpans('go', { method: 'GET', route: '/v2', status: 500 })
  const good = pageSpans().go
  const attributes = { ...good.attributes, 'http.response.status_code': 500, 'error.type': '500' }
  const marked = { ...good, status: 'ERROR', attributes } as const
  const faultIn = (...spans: Span[]) => serverSpanFault(failed, spans, serviceAttribute)
  expect(faultIn(pageSpans().python, marked)).toBeNull()
  expect(faultIn({ ...marked, status: 'UNSET' })).toBe('status is "UNSET" instead of "ERROR"')
  expect(faultIn({ ...marked, attributes: { ...attributes, 'error.type': 'Error' } })).toBe(
    'error.type is "Error" instead of "500"',
  )
  expect(faultIn(good)).toBe(
    'http.response.status_code is 200 instead of 500, error.type is left out instead of "500", status is "UNSET" instead of "ERROR"',
  )
  expect(faultIn(pageSpans().python)).toBe('0 spans of go instead of 1 among 1')
  expect(faultIn(marked, marked)).toBe('2 spans of go instead of 1 among 2')
  const fine = expectedSpans('go', { method: 'GET', route: '/v2', status: 200 })
  expect(serverSpanFault(fine, [good], serviceAttribute)).toBeNull()
  expect(serverSpanFault(fine, [{ ...good, status: 'ERROR' }], serviceAttribute)).toMatch(
    /^status is "ERROR"/,
  )
})

test('a search asks for the service, the route and the status of a span', () => {
  expect(searchQuery(page, serviceAttribute)).toBe(
    '{ resource.service.name = "frontend" && kind = server && span.http.route = "/" && span.http.response.status_code = 200 }',
  )
  const lost = expectedSpans('go', { method: 'GET', route: '<unmatched>', status: 404 })
  expect(searchQuery(lost, serviceAttribute)).toBe(
    '{ resource.service.name = "go" && kind = server && span.http.response.status_code = 404 }',
  )
})
