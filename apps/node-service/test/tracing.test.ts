import type { Express } from 'express'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FaultSwitch } from '../src/fault-switch.ts'
import { createServiceApp } from '../src/service-app.ts'
import { startTracing } from '../src/tracing.ts'
import { readTracingSettings } from '../src/tracing-settings.ts'
import { collectorDouble } from './collector-double.ts'
import { listening } from './listening.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'
const route = '/items/:id'

async function tracedService(env: Record<string, string> = {}, addRoutes?: (app: Express) => void) {
  const collector = await collectorDouble()
  const tracing = await startTracing(
    readTracingSettings('test-service', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...env }),
  )
  const lines: string[] = []
  const service = createServiceApp({
    routes: [{ method: 'GET', route, statuses: [200] }],
    addRoutes: addRoutes ?? ((app) => app.get(route, (_request, response) => void response.send('item'))),
    writeLine: (line) => lines.push(line),
    tracing,
  })
  const server = await listening(service.app)
  return {
    ...server,
    collector,
    lines,
    records: () => lines.map((line) => JSON.parse(line)),
    /** All that was recorded, after it has been sent. */
    spans: async () => {
      await tracing.flush()
      return collector.spans
    },
    counts: async () =>
      (await server.samples('otel_spans_')).map((line) => line.replace(/^otel_spans_(.*)_total/, '$1')),
    drain: service.drain,
    [Symbol.asyncDispose]: async () => {
      // Not waited for: a collector that cannot be reached is tried for seconds.
      void tracing.close()
      await server[Symbol.asyncDispose]()
      await collector[Symbol.asyncDispose]()
    },
  }
}

function silenceStderr() {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => stderr.mockRestore())
  return () => stderr.mock.calls.map(([text]) => String(text))
}

test('a request is one span with the ids of its line and its answer, below the span of the caller', async () => {
  await using s = await tracedService({ OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=apps' })
  const headers = { traceparent: `00-${traceId}-${parentId}-01`, 'x-request-id': 'run-1' }
  const response = await fetch(`${s.url}/items/7?a=1`, { headers })

  const [span, ...more] = await s.spans()
  expect(more).toEqual([])
  expect(span).toMatchObject({
    name: 'GET /items/:id',
    kind: 'server',
    traceId,
    parentSpanId: parentId,
    isError: false,
    resource: { 'service.name': 'test-service', 'service.namespace': 'apps' },
  })
  expect(span?.attributes).toEqual({
    'http.request.method': 'GET',
    'http.route': route,
    'url.path': '/items/7',
    'url.query': 'a=1',
    'url.scheme': 'http',
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(s.url).port),
    'http.request.header.x-request-id': ['run-1'],
    'http.response.status_code': 200,
  })
  expect(response.headers.get('traceparent')).toBe(`00-${traceId}-${span?.spanId}-01`)
  const [line] = s.records()
  expect(line).toMatchObject({ trace_id: traceId, span_id: span?.spanId })
  const lasted = Number((span?.endNs ?? 0n) - (span?.startNs ?? 0n)) / 1e9
  expect(lasted).toBeCloseTo(line.duration_seconds, 5)
})

test('without a caller a request begins a sampled trace of its own', async () => {
  await using s = await tracedService()
  const response = await fetch(`${s.url}/items/7`)
  const [span] = await s.spans()
  expect(span).toMatchObject({ parentSpanId: undefined })
  expect(response.headers.get('traceparent')).toBe(`00-${span?.traceId}-${span?.spanId}-01`)
})

test('a request that no route takes has no route, and an unknown method is told beside its label', async () => {
  await using s = await tracedService()
  await fetch(`${s.url}/nowhere`)
  await s.sendRaw('PROPFIND /items/1 HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n')
  const [unmatched, unknown] = await s.spans()
  expect(unmatched?.name).toBe('GET')
  expect(unmatched?.attributes).not.toHaveProperty('http.route')
  expect(unmatched?.attributes).not.toHaveProperty('url.query')
  expect(unmatched).toMatchObject({ isError: false, attributes: { 'http.response.status_code': 404 } })
  expect(unknown).toMatchObject({
    name: 'HTTP /items/:id',
    attributes: {
      'http.request.method': '_OTHER',
      'http.request.method_original': 'PROPFIND',
      'server.address': '::1',
      'server.port': 80,
      'http.response.status_code': 405,
    },
  })
})

test('a Host header that is no host is left out', async () => {
  await using s = await tracedService()
  await s.sendRaw('GET /items/1 HTTP/1.1\r\nHost: a/b@c\r\nConnection: close\r\n\r\n')
  const [span] = await s.spans()
  expect(span?.name).toBe('GET /items/:id')
  expect(span?.attributes).not.toHaveProperty('server.address')
})

test('a fault is part of the span, latency and all; what the line lies about is not', async () => {
  const faults = new FaultSwitch([route])
  await using s = await tracedService({}, (app) =>
    app.get(route, faults.guard(route), (_request, response) => void response.send('item')),
  )
  await using admin = await listening(faults.admin('0123456789abcdef'))
  await fetch(`${admin.url}/faults`, {
    method: 'POST',
    headers: { authorization: 'Bearer 0123456789abcdef' },
    body: JSON.stringify({ route, status: 503, latency_ms: 60, logged_status: 200, expires_in_ms: 60_000 }),
  })
  expect((await fetch(`${s.url}/items/1`)).status).toBe(503)
  const [span] = await s.spans()
  expect(span).toMatchObject({
    isError: true,
    attributes: { 'http.response.status_code': 503, 'error.type': '503' },
  })
  expect(Number((span?.endNs ?? 0n) - (span?.startNs ?? 0n)) / 1e6).toBeGreaterThanOrEqual(59)
  expect(s.records()).toMatchObject([{ status: 200, span_id: span?.spanId }])
})

test('health, readiness and metrics have no span', async () => {
  await using s = await tracedService()
  for (const path of ['healthz', 'readyz', 'metrics', 'items/1']) await fetch(`${s.url}/${path}`)
  expect((await s.spans()).map(({ name }) => name)).toEqual(['GET /items/:id'])
})

test('a request whose caller does not sample has ids, no span and no exemplar', async () => {
  await using s = await tracedService()
  const headers = { traceparent: `00-${traceId}-${parentId}-00` }
  const response = await fetch(`${s.url}/items/1`, { headers })
  expect(response.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
  expect(s.records()).toMatchObject([{ trace_id: traceId }])
  expect(await s.spans()).toEqual([])
  expect(await s.counts()).toEqual(['ended 0', 'exported 0', 'dropped 0'])
  expect(await openMetrics(s.url)).not.toContain('trace_id=')
})

test('a duration points at its span', async () => {
  await using s = await tracedService()
  await fetch(`${s.url}/items/1`)
  const [span] = await s.spans()
  expect(await openMetrics(s.url)).toContain(
    `# {trace_id="${span?.traceId}",span_id="${span?.spanId}"} ${s.records()[0].duration_seconds} `,
  )
})

test.each([
  ['OTEL_PROPAGATORS', 'none', 1],
  ['OTEL_TRACES_SAMPLER', 'always_off', 0],
])('%s=%s', async (name, value, spans) => {
  await using s = await tracedService({ [name]: value })
  const headers = { traceparent: `00-${traceId}-${parentId}-01` }
  const response = await fetch(`${s.url}/items/1`, { headers })
  const [, answered] = response.headers.get('traceparent')?.split('-') ?? []
  expect(answered === traceId).toBe(name !== 'OTEL_PROPAGATORS')
  expect(await s.spans()).toHaveLength(spans)
})

test('every sampled span is counted as it ends, and as exported or dropped when that is known', async () => {
  silenceStderr()
  await using s = await tracedService()
  await fetch(`${s.url}/items/1`)
  expect(await s.counts()).toEqual(['ended 1', 'exported 0', 'dropped 0'])
  await s.spans()
  expect(await s.counts()).toEqual(['ended 1', 'exported 1', 'dropped 0'])
  s.collector.answer = 400
  await fetch(`${s.url}/items/1`)
  await s.spans()
  expect(await s.counts()).toEqual(['ended 2', 'exported 1', 'dropped 1'])
})

test('what does not fit into the queue is counted as dropped', async () => {
  await using s = await tracedService({ OTEL_BSP_MAX_QUEUE_SIZE: '2', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2' })
  // The first two are on their way as soon as the second has ended; they are kept waiting there.
  const letGo = s.collector.hold()
  for (let request = 0; request < 5; request += 1) await fetch(`${s.url}/items/1`)
  expect(await s.counts()).toEqual(['ended 5', 'exported 0', 'dropped 1'])
  letGo()
  await expect.poll(s.counts).toEqual(['ended 5', 'exported 4', 'dropped 1'])
})

test('a collector that refuses is told of once, with why and how much was lost', async () => {
  const said = silenceStderr()
  await using s = await tracedService()
  s.collector.answer = 400
  for (let round = 0; round < 2; round += 1) {
    await fetch(`${s.url}/items/1`)
    await s.spans()
  }
  expect(said()).toEqual([
    `test-service: ${s.collector.endpoint}/v1/traces did not take spans: Bad Request; 1 were given up since the start\n`,
  ])
})

test('a collector that cannot be reached keeps no request waiting', async () => {
  await using s = await tracedService({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_BSP_SCHEDULE_DELAY: '1',
  })
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => (await fetch(`${s.url}/items/1`)).status),
  )
  expect(new Set(answers)).toEqual(new Set([200]))
  // The export of the first is still being tried.
  expect(await s.counts()).toEqual(['ended 50', 'exported 0', 'dropped 0'])
})

test('draining sends the spans that are left', async () => {
  await using s = await tracedService()
  await fetch(`${s.url}/items/1`)
  await s.drain()
  expect(s.collector.spans).toHaveLength(1)
})

test('draining does not wait for a collector that cannot be reached for as long as it would be tried', async () => {
  silenceStderr()
  await using s = await tracedService({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  await fetch(`${s.url}/items/1`)
  await s.drain()
  expect(await s.counts()).toEqual(['ended 1', 'exported 0', 'dropped 0'])
})

test('without an endpoint there are ids and nothing else: no spans, no counts, no exemplars', async () => {
  await using s = await tracedService({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })
  const response = await fetch(`${s.url}/items/1`)
  const [line] = s.records()
  expect(response.headers.get('traceparent')).toBe(`00-${line.trace_id}-${line.span_id}-01`)
  expect(await s.spans()).toEqual([])
  expect(await s.counts()).toEqual([])
  expect(await openMetrics(s.url)).not.toContain('trace_id=')
})

async function openMetrics(url: string): Promise<string> {
  const headers = { accept: 'application/openmetrics-text' }
  return await (await fetch(`${url}/metrics`, { headers })).text()
}
