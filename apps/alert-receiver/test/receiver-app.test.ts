import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSwitchAdmin } from '../../node-service/src/switch-admin.ts'
import { type Listening, listening } from '../../node-service/test/listening.ts'
import { createReceiverApp } from '../src/receiver-app.ts'
import { Refusals, refusalKind } from '../src/refusals.ts'
import { webhook } from './webhook-sample.ts'

const token = '0123456789abcdef'
let receiver: Listening
let admin: Listening
let drain: () => Promise<void>
let lines: string[]

beforeEach(async () => {
  lines = []
  const refusals = new Refusals()
  const service = createReceiverApp({ refusals, writeLine: (line) => lines.push(line) })
  drain = service.drain
  receiver = await listening(service.app)
  admin = await listening(createSwitchAdmin(token, refusals.board, refusalKind))
})
afterEach(async () => {
  await receiver[Symbol.asyncDispose]()
  await admin[Symbol.asyncDispose]()
})

async function deliver(name: string, body: unknown = webhook()) {
  const response = await fetch(`${receiver.url}/webhook/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

interface Page {
  readonly notifications: readonly { sequence: number; receiver: string; arrivedAt: number; body: unknown }[]
  readonly newest: number
  readonly dropped: number
}

async function notifications(query = ''): Promise<Page> {
  return (await (await fetch(`${receiver.url}/notifications${query}`)).json()) as Page
}

async function askAdmin(method: string, path: string, body?: unknown) {
  const init = {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: body === undefined ? null : JSON.stringify(body),
  }
  const response = await fetch(admin.url + path, init)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

function nonZero(samples: string[]): string[] {
  return samples.filter((line) => !line.endsWith(' 0'))
}

describe('a delivered notification', () => {
  test('is kept whole with its receiver, its sequence and its time of arrival', async () => {
    const before = performance.timeOrigin + performance.now()
    expect(await deliver('ticket')).toEqual({ status: 200, body: { sequence: 1 } })
    expect(await deliver('page', webhook({ status: 'resolved', something_new: [1] }))).toMatchObject({
      body: { sequence: 2 },
    })
    const after = performance.timeOrigin + performance.now()

    const page = await notifications()

    expect(page).toMatchObject({ newest: 2, dropped: 0 })
    expect(page.notifications.map(({ arrivedAt, ...rest }) => rest)).toEqual([
      { sequence: 1, receiver: 'ticket', body: webhook() },
      { sequence: 2, receiver: 'page', body: webhook({ status: 'resolved', something_new: [1] }) },
    ])
    const [first = 0, second = 0] = page.notifications.map(({ arrivedAt }) => arrivedAt)
    expect(before < first && first < second && second < after).toBe(true)
    expect((await notifications('?after=1')).notifications).toHaveLength(1)
    expect((await notifications('?receiver=ticket')).notifications).toHaveLength(1)
  })

  test('arrives with the head of its request, not with the end of its body', async () => {
    const headers = { expect: '100-continue', connection: 'close' }
    const post = request(`${receiver.url}/webhook/page`, { method: 'POST', headers })
    post.flushHeaders()
    await once(post, 'continue')
    const headWasThereAt = performance.timeOrigin + performance.now()
    post.end(JSON.stringify(webhook()))
    await once(post, 'response')
    expect((await notifications()).notifications[0]?.arrivedAt).toBeLessThan(headWasThereAt)
  })

  test('is counted by receiver and status; known receivers start at 0', async () => {
    const atStart = await receiver.samples('alert_receiver_')
    expect(atStart).toHaveLength(12)
    expect(nonZero(atStart)).toEqual([])
    await deliver('ticket')
    await deliver('ticket')
    await deliver('team-x', webhook({ status: 'resolved' }))
    expect(nonZero(await receiver.samples('alert_receiver_'))).toEqual([
      'alert_receiver_notifications_total{receiver="ticket",status="firing"} 2',
      'alert_receiver_notifications_total{receiver="team-x",status="resolved"} 1',
    ])
    expect(nonZero(await receiver.samples('http_requests_total'))).toEqual([
      'http_requests_total{method="POST",route="/webhook/:receiver",status="200"} 3',
    ])
  })

  test.each([
    ['version', webhook({ version: '5' })],
    ['status', webhook({ status: 'pending' })],
    ['alerts', webhook({ alerts: [] })],
    ['alerts[0].startsAt', webhook({ alerts: [{ ...(webhook().alerts as object[])[0], startsAt: 'now' }] })],
    ['groupKey', webhook({ groupKey: undefined })],
  ])('is refused with 400 and not kept when %s is wrong', async (field, wrong) => {
    expect(await deliver('ticket', wrong)).toMatchObject({ status: 400, body: { errors: [{ field }] } })
    expect(await notifications()).toEqual({ notifications: [], newest: 0, dropped: 0 })
    expect(nonZero(await receiver.samples('alert_receiver_'))).toEqual([])
  })

  test.each(['{', '', '[]', 'null'])('is refused with 400 when its body is %j', async (text) => {
    expect(await deliver('ticket', text)).toMatchObject({ status: 400, body: { title: 'Bad Request' } })
  })

  test('is refused when it is too large or its receiver has no proper name', async () => {
    expect(await deliver('ticket', webhook({ groupKey: 'x'.repeat(5_000_000) }))).toMatchObject({
      status: 413,
    })
    expect(await deliver('a%20b')).toMatchObject({ status: 400 })
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { route: '/webhook/:receiver', status: 413 },
      { route: '/webhook/:receiver', path: '/webhook/a%20b', status: 400 },
    ])
  })
})

describe('a long poll', () => {
  test('answers as soon as something newer is there', async () => {
    await deliver('ticket')
    const waiting = notifications('?after=1&receiver=page&wait_ms=30000')
    await deliver('ticket')
    await deliver('page')
    expect((await waiting).notifications).toMatchObject([{ sequence: 3, receiver: 'page' }])
  })

  test('answers with nothing when its time is over, or when the service shuts down', async () => {
    expect(await notifications('?wait_ms=20')).toEqual({ notifications: [], newest: 0, dropped: 0 })
    const waiting = notifications('?wait_ms=30000')
    await expect
      .poll(() => receiver.samples('http_requests_total{method="GET",route="/notifications",status="200"} 1'))
      .toHaveLength(1)
    await drain()
    expect(await waiting).toMatchObject({ notifications: [] })
  })

  test.each([
    'after=-1',
    'after=x',
    'wait_ms=30001',
    'wait_ms=',
    'receiver=a%20b',
    'since=1',
    'after=1&after=2',
  ])('refuses ?%s and names the parameter', async (query) => {
    const response = await fetch(`${receiver.url}/notifications?${query}`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(`"parameter":"${query.split('=')[0]}"`)
  })
})

describe('a refusal', () => {
  const refusal = { receiver: 'page', status: 503, count: 2, expires_in_ms: 60_000 }

  test('refuses exactly its count, reports each arrival, and keeps none of them as delivered', async () => {
    const created = await askAdmin('POST', '/refusals', refusal)
    expect(created).toMatchObject({ status: 201, body: { state: 'active', refused: 0, arrivals_ms: [] } })
    const before = performance.timeOrigin + performance.now()

    expect((await deliver('ticket')).status).toBe(200)
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => deliver('page')))).map(
      ({ status }) => status,
    )

    expect(statuses.sort()).toEqual([200, 200, 200, 503, 503])
    const { body } = await askAdmin('GET', `/refusals/${created.body.id}`)
    expect(body).toMatchObject({ ...{ receiver: 'page', status: 503, count: 2 }, state: 'spent', refused: 2 })
    const arrivals = body.arrivals_ms as number[]
    expect(arrivals).toHaveLength(2)
    expect(Math.min(...arrivals)).toBeGreaterThan(before)
    expect((await notifications()).notifications).toHaveLength(4)
    expect(nonZero(await receiver.samples('alert_receiver_'))).toEqual([
      'alert_receiver_notifications_total{receiver="page",status="firing"} 3',
      'alert_receiver_notifications_total{receiver="ticket",status="firing"} 1',
      'alert_receiver_refused_total{receiver="page"} 2',
    ])
    const logged = lines.map((line) => JSON.parse(line)).filter(({ status }) => status === 503)
    expect(logged).toMatchObject([{ level: 'error', route: '/webhook/:receiver' }, { level: 'error' }])
  })

  test('can be ended before it is spent', async () => {
    const { body } = await askAdmin('POST', '/refusals', refusal)
    expect((await deliver('page')).status).toBe(503)
    expect(await askAdmin('DELETE', `/refusals/${body.id}`)).toMatchObject({
      status: 200,
      body: { state: 'ended', refused: 1 },
    })
    expect((await deliver('page')).status).toBe(200)
  })

  test.each([
    ['receiver', { ...refusal, receiver: 'a b' }],
    ['status', { ...refusal, status: 200 }],
    ['count', { ...refusal, count: 0 }],
    ['count', { ...refusal, count: undefined }],
    ['expires_in_ms', { ...refusal, expires_in_ms: undefined }],
    ['rate', { ...refusal, rate: 1 }],
  ])('with a wrong %s is itself refused', async (field, wrong) => {
    expect(await askAdmin('POST', '/refusals', wrong)).toMatchObject({
      status: 400,
      body: { errors: [{ field }] },
    })
    expect((await deliver('page')).status).toBe(200)
  })

  test('is not to be had at the address that takes notifications', async () => {
    const response = await fetch(`${receiver.url}/refusals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{}',
    })
    expect(response.status).toBe(404)
  })
})
