import type { RequestHandler } from 'express'
import { expect, test } from 'vitest'
import { startTracing } from '../../node-service/src/tracing.ts'
import { readTracingSettings } from '../../node-service/src/tracing-settings.ts'
import { collectorDouble } from '../../node-service/test/collector-double.ts'
import { answers } from './ingress-double.ts'
import { badQuery, frontend, good, read } from './running-frontend.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const caller = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-request-id': 'run-1' }

/** Asks for the page once and gives back all that was sent and recorded. */
async function tracedPage(
  v1: RequestHandler,
  v2: RequestHandler,
  env: Record<string, string> = {},
  headers: Record<string, string> = caller,
) {
  await using collector = await collectorDouble()
  const tracing = await startTracing(
    readTracingSettings('frontend', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...env }),
  )
  await using f = await frontend(v1, v2, { host: 'dev.local', tracing })
  const page = await read(f.page.url, headers)
  await tracing.flush()
  const [server, ...others] = collector.spans.filter(({ kind }) => kind === 'server')
  expect(others).toEqual([])
  return {
    page,
    ingress: f.ingress,
    line: JSON.parse(f.lines[0] ?? ''),
    server,
    calls: collector.spans
      .filter(({ kind }) => kind === 'client')
      .sort((one, other) =>
        String(one.attributes['url.full']) < String(other.attributes['url.full']) ? -1 : 1,
      ),
  }
}

test('a page is its own span and one a call; each API is asked in the name of its call', async () => {
  const { page, ingress, line, server, calls } = await tracedPage(good, good)
  expect(server).toMatchObject({ name: 'GET /', traceId, parentSpanId: '00f067aa0ba902b7', isError: false })
  expect(line).toMatchObject({ trace_id: traceId, span_id: server?.spanId })
  expect(page.headers.get('traceparent')).toBe(`00-${traceId}-${server?.spanId}-01`)

  const address = new URL(ingress.url)
  expect(calls).toHaveLength(2)
  for (const [index, call] of calls.entries()) {
    const asked = ingress.asked.find(({ url }) => url.startsWith(`/v${index + 1}/`))
    expect(call).toMatchObject({ name: 'GET', traceId, parentSpanId: server?.spanId, isError: false })
    expect(call.attributes).toEqual({
      'http.request.method': 'GET',
      'url.full': `${address.origin}${asked?.url}`,
      'server.address': '127.0.0.1',
      'server.port': Number(address.port),
      'http.response.status_code': 200,
    })
    expect(asked?.headers).toMatchObject({
      traceparent: `00-${traceId}-${call.spanId}-01`,
      'x-request-id': 'run-1',
      host: 'dev.local',
    })
    expect(call.startNs).toBeGreaterThanOrEqual(server?.startNs ?? 0n)
    expect(call.endNs).toBeLessThanOrEqual(server?.endNs ?? 0n)
    expect(call.endNs).toBeGreaterThan(call.startNs)
  }
})

test.each<[string, RequestHandler, Record<string, unknown>]>([
  ['fails', answers(500, {}), { 'http.response.status_code': 500, 'error.type': '500' }],
  ['refuses', badQuery, { 'http.response.status_code': 400, 'error.type': '400' }],
  ['hangs up', (request) => void request.socket.destroy(), { 'error.type': 'ECONNRESET' }],
  ['never answers', () => {}, { 'error.type': 'timeout' }],
])('an API that %s makes its call an error, and not the page', async (_what, v2, attributes) => {
  const { page, server, calls } = await tracedPage(good, v2)
  expect(page.status).toBe(200)
  expect(server?.isError).toBe(false)
  expect(calls).toMatchObject([{ isError: false }, { isError: true, attributes }])
  if (!('http.response.status_code' in attributes)) {
    expect(calls[1]?.attributes).not.toHaveProperty('http.response.status_code')
  }
})

test('a page without any slots is an error itself', async () => {
  const { server, calls } = await tracedPage(answers(500, {}), answers(503, {}))
  expect(server).toMatchObject({
    isError: true,
    attributes: { 'http.response.status_code': 502, 'error.type': '502' },
  })
  expect(calls.map(({ attributes }) => attributes['error.type'])).toEqual(['500', '503'])
})

test('without propagation a trace is neither taken over nor passed on', async () => {
  const { ingress, server, calls } = await tracedPage(good, good, { OTEL_PROPAGATORS: 'none' })
  expect(server).toMatchObject({ name: 'GET /', parentSpanId: undefined })
  expect(server?.traceId).not.toBe(traceId)
  expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([server?.spanId, server?.spanId])
  expect(ingress.asked).toHaveLength(2)
  for (const { headers } of ingress.asked) expect(headers).not.toHaveProperty('traceparent')
})

test('a caller that does not sample is taken at its word, and so are the APIs told', async () => {
  const unsampled = { traceparent: caller.traceparent.replace(/01$/, '00') }
  const { ingress, server, calls } = await tracedPage(good, good, {}, unsampled)
  expect([server, ...calls]).toEqual([undefined])
  expect(ingress.asked).toHaveLength(2)
  for (const { headers } of ingress.asked)
    expect(headers.traceparent).toMatch(new RegExp(`^00-${traceId}-.*-00$`))
})
