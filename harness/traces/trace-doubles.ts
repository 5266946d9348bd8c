import type { Span } from '../backends/otlp-spans.ts'
import { type ExpectedSpan, expectedSpans } from './expected-spans.ts'

/** The trace of a page that asks two APIs, as its apps would leave it; a test takes away or changes what it is about. */

export const serviceAttribute = 'service.name'
export const senderId = '00000000000000aa'
export const traceId = '0af7651916cd43dd8448eb211c80319c'

export const page: ExpectedSpan = expectedSpans('frontend', {
  method: 'GET',
  route: '/',
  status: 200,
  causes: [
    { app: 'python', method: 'GET', route: '/v1', status: 200 },
    { app: 'go', method: 'GET', route: '/v2', status: 200 },
  ],
})

export const spanDouble = (app: string, id: string, changes: Partial<Span> = {}): Span => ({
  traceId,
  id,
  parentId: senderId,
  name: 'GET /',
  kind: 'SERVER',
  status: 'UNSET',
  attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 },
  resource: { [serviceAttribute]: app },
  startMs: 1_000,
  endMs: 1_010,
  ...changes,
})

const ok = { 'http.request.method': 'GET', 'http.response.status_code': 200 }

/** By name: the page, its two calls, and the spans of the APIs that these reached. */
export const pageSpans = () => ({
  page: spanDouble('frontend', 'page', { attributes: { ...ok, 'http.route': '/' } }),
  callPython: spanDouble('frontend', 'call-python', {
    kind: 'CLIENT',
    name: 'GET',
    parentId: 'page',
    startMs: 1_001,
    attributes: { ...ok, 'url.full': 'http://ingress/v1?start=2026-11-23' },
  }),
  callGo: spanDouble('frontend', 'call-go', {
    kind: 'CLIENT',
    name: 'GET',
    parentId: 'page',
    startMs: 1_002,
    attributes: { ...ok, 'url.full': 'http://ingress/v2?start=2026-11-23' },
  }),
  python: spanDouble('python', 'python', {
    name: 'GET /v1',
    parentId: 'call-python',
    startMs: 1_003,
    attributes: { ...ok, 'http.route': '/v1' },
  }),
  go: spanDouble('go', 'go', {
    name: 'GET /v2',
    parentId: 'call-go',
    startMs: 1_004,
    attributes: { ...ok, 'http.route': '/v2' },
  }),
})
