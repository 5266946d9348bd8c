import type { Socket } from 'node:net'
import type { Express } from 'express'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createServiceApp } from '../src/service-app.ts'
import { listening } from './listening.ts'

const lineFields =
  'time level msg method route path query status duration_seconds request_id trace_id span_id'.split(' ')

function testService(
  addRoutes: (app: Express) => void = (app) => app.get('/items/:id', (_q, r) => void r.send('item')),
) {
  const lines: string[] = []
  const routes = [{ method: 'GET', route: '/items/:id', statuses: [200, 500] }]
  const service = createServiceApp({ routes, addRoutes, writeLine: (line) => lines.push(line) })
  return { ...service, lines, records: () => lines.map((line) => JSON.parse(line)) }
}

describe('the line of a request', () => {
  test('has its fields in order and says what was asked and answered', async () => {
    const { app, records } = testService()
    await using server = await listening(app)
    const before = Date.now()

    const response = await fetch(`${server.url}/items/7?a=1&b=%20`)

    const [line, ...more] = records()
    expect(more).toEqual([])
    expect(Object.keys(line)).toEqual(lineFields)
    expect(line).toMatchObject({
      level: 'info',
      msg: 'request',
      method: 'GET',
      route: '/items/:id',
      path: '/items/7',
      query: 'a=1&b=%20',
      status: 200,
      request_id: response.headers.get('x-request-id'),
    })
    expect(response.headers.get('traceparent')).toBe(`00-${line.trace_id}-${line.span_id}-01`)
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(Date.parse(line.time)).toBeGreaterThanOrEqual(before - 1)
    expect(line.duration_seconds).toBeGreaterThan(0)
    expect(line.duration_seconds).toBeLessThan(5)
  })

  test('and the count are there before the last byte of the response', async () => {
    const linesAtWrites: number[] = []
    const { app, lines } = testService((routes) =>
      routes.get('/items/:id', (_request, response) => {
        response.write('first ')
        const socket = response.socket as Socket
        const write = socket.write
        socket.write = (...rest: unknown[]) => {
          linesAtWrites.push(lines.length)
          return Reflect.apply(write, socket, rest)
        }
        response.end('last')
      }),
    )
    await using server = await listening(app)
    expect(await (await fetch(`${server.url}/items/7`)).text()).toBe('first last')
    expect(linesAtWrites.length).toBeGreaterThan(0)
    expect(new Set(linesAtWrites)).toEqual(new Set([1]))
  })

  test('stays one line for a hostile path', async () => {
    const { app, lines, records } = testService()
    await using server = await listening(app)
    const path = '/a"b\\c%0a%22}{<script>'

    const answer = await server.sendRaw(`GET ${path}?x="y" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)

    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
    expect(lines.join('')).not.toMatch(/[\n\r]/)
    expect(records()).toMatchObject([
      { path, query: 'x="y"', route: '<unmatched>', status: 404, level: 'warn' },
    ])
  })

  test('is an error for a handler that throws; why is told on standard error only', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    onTestFinished(() => stderr.mockRestore())
    const { app, records } = testService((routes) =>
      routes.get('/items/:id', () => {
        throw new Error('secret')
      }),
    )
    await using server = await listening(app)
    const response = await fetch(`${server.url}/items/7`)
    expect(stderr.mock.calls.flat().join('')).toContain('Error: secret')
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'the request could not be answered',
    })
    expect(records()).toMatchObject([{ level: 'error', status: 500, route: '/items/:id' }])
  })
})

test('a response that is cut off has its one line and its one count too', async () => {
  const { app, records } = testService((routes) =>
    routes.get('/items/:id', (_request, response) => {
      response.write('half of')
      response.destroy()
    }),
  )
  await using server = await listening(app)
  await expect(fetch(`${server.url}/items/7`).then((response) => response.text())).rejects.toThrow()
  expect(records()).toMatchObject([{ route: '/items/:id', path: '/items/7', status: 200 }])
  expect(
    await server.samples('http_requests_total{method="GET",route="/items/:id",status="200"} 1'),
  ).toHaveLength(1)
})

test.each(['/Items/7', '/items/7/', '//items/7'])('%s is another path than /items/7', async (path) => {
  const { app } = testService()
  await using server = await listening(app)
  expect((await fetch(server.url + path)).status).toBe(404)
})

describe('request id and trace', () => {
  test('of the caller are taken over and sent back', async () => {
    const { app, records } = testService()
    await using server = await listening(app)
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
    const headers = { 'x-request-id': 'Run-1.a_b', traceparent: `00-${trace}-00f067aa0ba902b7-00` }

    const response = await fetch(`${server.url}/items/7`, { headers })

    expect(response.headers.get('x-request-id')).toBe('Run-1.a_b')
    expect(response.headers.get('traceparent')).toMatch(
      new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-00$`),
    )
    expect(records()).toMatchObject([{ request_id: 'Run-1.a_b', trace_id: trace }])
  })

  test.each(['', 'a b', 'x'.repeat(65), 'a;b'])('%j is no request id: a new one is made', async (sent) => {
    const { app } = testService()
    await using server = await listening(app)
    const response = await fetch(`${server.url}/items/7`, { headers: { 'x-request-id': sent } })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('the metrics', () => {
  test('start every stated series at 0', async () => {
    const { app } = testService()
    await using server = await listening(app)
    expect(await server.samples('http_requests_total')).toEqual([
      'http_requests_total{method="GET",route="/items/:id",status="200"} 0',
      'http_requests_total{method="GET",route="/items/:id",status="500"} 0',
      'http_requests_total{method="GET",route="<unmatched>",status="400"} 0',
      'http_requests_total{method="GET",route="<unmatched>",status="404"} 0',
    ])
    const edges = (await server.samples('http_request_duration_seconds_bucket'))
      .filter((line) => line.includes('/items'))
      .map((line) => /le="([^"]+)"/.exec(line)?.[1])
    expect(edges.join(' ')).toBe('0.005 0.01 0.025 0.05 0.1 0.2 0.3 0.5 1 2.5 +Inf')
  })

  test('count by method, template and status; an unknown method is _OTHER', async () => {
    const { app } = testService()
    await using server = await listening(app)
    for (const id of [1, 2]) await fetch(`${server.url}/items/${id}`, { headers: { 'if-none-match': '*' } })
    await server.sendRaw('PROPFIND /items/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    const counted = (await server.samples('http_requests_total')).filter((line) => !line.endsWith(' 0'))
    expect(counted).toEqual([
      'http_requests_total{method="GET",route="/items/:id",status="200"} 2',
      'http_requests_total{method="_OTHER",route="/items/:id",status="405"} 1',
    ])
  })

  test('health, readiness and metrics are neither counted nor logged', async () => {
    const { app, lines } = testService()
    await using server = await listening(app)
    for (const path of ['healthz', 'readyz', 'metrics'])
      expect((await fetch(`${server.url}/${path}`)).status).toBe(200)
    expect(lines).toEqual([])
    expect((await server.samples('http_requests_total')).filter((line) => !line.endsWith(' 0'))).toEqual([])
  })
})

describe('shutting down', () => {
  test('turns readiness to 503 at once and waits for the request in flight', async () => {
    const gate = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    const { app, drain } = testService((routes) =>
      routes.get('/items/:id', async (_request, response) => {
        entered.resolve()
        await gate.promise
        response.send('done')
      }),
    )
    await using server = await listening(app)
    const slow = fetch(`${server.url}/items/7`)
    await entered.promise

    let drained = false
    const draining = drain().then(() => {
      drained = true
    })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect(drained).toBe(false)

    gate.resolve()
    expect(await (await slow).text()).toBe('done')
    await draining
  })
})
