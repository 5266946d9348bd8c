import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FaultSwitch } from '../src/fault-switch.ts'
import { createServiceApp } from '../src/service-app.ts'
import { type Listening, listening } from './listening.ts'

const token = '0123456789abcdef'
const route = '/things'

async function switchedService(routes = [route]) {
  const faults = new FaultSwitch(routes)
  const lines: string[] = []
  const { app } = createServiceApp({
    routes: [],
    addRoutes: (routes) =>
      void routes.get(route, faults.guard(route), (_request, response) => void response.send('ok')),
    writeLine: (line) => lines.push(line),
  })
  const [service, admin] = [await listening(app), await listening(faults.admin(token))]
  return {
    statuses: (n: number) =>
      Promise.all(Array.from({ length: n }, async () => (await fetch(service.url + route)).status)),
    service,
    call: (method: string, path: string, body?: unknown) => callAdmin(admin, method, path, body),
    admin,
    lines,
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]()
      await admin[Symbol.asyncDispose]()
    },
  }
}

/** The keys of reports and problem documents that are read one by one below. */
interface AdminAnswer {
  readonly id: string
  readonly state: string
  readonly detail: string
  readonly created_at: string
  readonly expires_at: string
}

async function callAdmin(admin: Listening, method: string, path: string, body?: unknown) {
  const response = await fetch(admin.url + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as AdminAnswer }
}

const minute = { route, expires_in_ms: 60_000 }

test('a count is exact under concurrency, and the report says so', async () => {
  await using s = await switchedService()
  const created = await s.call('POST', '/faults', { ...minute, status: 503, count: 6 })
  expect(created).toMatchObject({
    status: 201,
    body: { state: 'active', matched: 0, injected: 0, last_injected_at: null },
  })

  const statuses = await s.statuses(40)

  expect(statuses.filter((status) => status === 503)).toHaveLength(6)
  expect(statuses.filter((status) => status === 200)).toHaveLength(34)
  const { body } = await s.call('GET', `/faults/${created.body.id}`)
  expect(body).toEqual({
    id: created.body.id,
    ...{ route, status: 503, latency_ms: null, count: 6, rate: null, logged_status: null },
    ...{ state: 'spent', matched: 6, injected: 6 },
    created_at: created.body.created_at,
    expires_at: created.body.expires_at,
    last_injected_at: expect.stringMatching(/^\d{4}-.*Z$/),
  })
  expect(await s.call('GET', '/faults')).toEqual({ status: 200, body: { faults: [body] } })
  expect(await s.service.samples('http_requests_total{method="GET",route="/things",status="503"}')).toEqual([
    'http_requests_total{method="GET",route="/things",status="503"} 6',
  ])
})

test.each([
  [0.5, 10, 5],
  [0.1, 30, 3],
  [0.3, 10, 3],
  [1, 7, 7],
])('a rate of %d makes of %d requests exactly %d fail', async (rate, requests, injected) => {
  await using s = await switchedService()
  const { body } = await s.call('POST', '/faults', { ...minute, status: 500, rate })
  const statuses = await s.statuses(requests)
  expect(statuses.filter((status) => status === 500)).toHaveLength(injected)
  expect((await s.call('GET', `/faults/${body.id}`)).body).toMatchObject({ matched: requests, injected })
})

test('an injected answer is a problem document, and its line can lie about the status', async () => {
  await using s = await switchedService()
  await s.call('POST', '/faults', { ...minute, status: 502, logged_status: 200 })
  const response = await fetch(s.service.url + route)
  expect(response.status).toBe(502)
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Bad Gateway',
    status: 502,
    detail: 'injected by the fault switch',
  })
  expect(s.lines.map((line) => JSON.parse(line))).toMatchObject([{ status: 200, level: 'info' }])
})

test('latency alone delays an answer that stays right', async () => {
  await using s = await switchedService()
  await s.call('POST', '/faults', { ...minute, latency_ms: 60 })
  expect(await s.statuses(1)).toEqual([200])
  expect(JSON.parse(s.lines[0] ?? '').duration_seconds).toBeGreaterThanOrEqual(0.059)
})

test('the first active fault of a route decides; an ended one stays ended and readable', async () => {
  await using s = await switchedService([route, '/other'])
  const first = (await s.call('POST', '/faults', { ...minute, status: 500 })).body
  const second = (await s.call('POST', '/faults', { ...minute, status: 504 })).body
  await s.call('POST', '/faults', { ...minute, route: '/other', status: 502 })
  expect(await s.statuses(2)).toEqual([500, 500])
  expect(await s.call('DELETE', `/faults/${first.id}`)).toMatchObject({
    status: 200,
    body: { state: 'ended', injected: 2 },
  })
  expect(await s.statuses(1)).toEqual([504])
  expect((await s.call('GET', `/faults/${first.id}`)).body).toMatchObject({ state: 'ended', injected: 2 })
  expect((await s.call('GET', `/faults/${second.id}`)).body).toMatchObject({ matched: 1, injected: 1 })
})

test('a fault ends by itself when it expires', async () => {
  await using s = await switchedService()
  const { body } = await s.call('POST', '/faults', { route, status: 500, expires_in_ms: 1 })
  await expect.poll(async () => (await s.call('GET', `/faults/${body.id}`)).body.state).toBe('expired')
  expect(await s.statuses(1)).toEqual([200])
  expect((await s.call('DELETE', `/faults/${body.id}`)).body).toMatchObject({ state: 'expired', injected: 0 })
})

/** The table that both APIs are held to as well; what it says of a version's route is said of this service's. */
const badRequests: { claim: string; request: string; status: number; body: string }[] = JSON.parse(
  readFileSync(new URL('../../contract/fault-switch-cases.json', import.meta.url), 'utf8').replaceAll(
    '/{version}/appoints/available-schedule',
    route,
  ),
).cases

describe('a bad request', () => {
  test.each(badRequests)('$claim', async ({ request, status, body }) => {
    await using s = await switchedService()
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${s.admin.url}/faults`, { method: 'POST', headers, body: request || null })
    expect({
      status: response.status,
      type: response.headers.get('content-type'),
      body: await response.json(),
    }).toEqual({
      status,
      type: 'application/problem+json',
      body: JSON.parse(body),
    })
    expect((await s.call('GET', '/faults')).body).toEqual({ faults: [] })
  })
})

test('a method that a path does not answer is 405', async () => {
  await using s = await switchedService()
  expect(await s.call('DELETE', '/faults')).toMatchObject({
    status: 405,
    body: { detail: 'this path answers GET and POST' },
  })
  expect(await s.call('POST', '/faults/x')).toMatchObject({
    status: 405,
    body: { detail: 'this path answers DELETE and GET' },
  })
})

describe('without the token nothing is told or done', () => {
  test.each([undefined, '', 'Bearer', `Bearer ${token}x`, `Basic ${token}`, token])(
    '%j',
    async (authorization) => {
      await using s = await switchedService()
      for (const [method, path] of [
        ['POST', '/faults'],
        ['GET', '/faults'],
        ['GET', '/nowhere'],
      ] as const) {
        const body = method === 'POST' ? JSON.stringify({ ...minute, status: 500 }) : null
        const response = await fetch(s.admin.url + path, {
          method,
          body,
          headers: { ...(authorization !== undefined && { authorization }) },
        })
        expect(response.status).toBe(401)
        expect(await response.json()).toMatchObject({ status: 401, title: 'Unauthorized' })
      }
      expect(await s.statuses(1)).toEqual([200])
    },
  )
})

test('an unknown id is 404', async () => {
  await using s = await switchedService()
  for (const method of ['GET', 'DELETE'])
    expect(await s.call(method, '/faults/none')).toMatchObject({ status: 404, body: { status: 404 } })
})
