import { expect, test } from 'vitest'
import { backendDouble, deadAddress } from '../core/backend-double.ts'
import { exitStatusOf, type SignalproofError } from '../core/signalproof-error.ts'
import { FaultSwitch } from './fault-switch.ts'

const token = 'a-token-of-this-test'
const report = { id: 'f1', route: '/v1', status: 500, state: 'active', matched: 3, injected: 2 }
const fault = { route: '/v1', status: 500, count: 2, expiresInMs: 1000 }

test('asks for exactly the fault that it is told, with its token', async () => {
  await using app = await backendDouble(report)
  expect(await new FaultSwitch('go', app.url, token).inject(fault)).toEqual(report)
  const [asked] = app.asked
  expect(asked).toMatchObject({
    method: 'POST',
    path: '/faults',
    headers: { authorization: `Bearer ${token}` },
  })
  expect(JSON.parse(asked?.body ?? '')).toEqual({ route: '/v1', status: 500, count: 2, expires_in_ms: 1000 })
})

test('a fault without a count has none: it lasts until it ends', async () => {
  await using app = await backendDouble(report)
  await new FaultSwitch('go', app.url, token).inject({ route: '/v1', status: 503, expiresInMs: 1 })
  expect(JSON.parse(app.asked[0]?.body ?? '')).toEqual({ route: '/v1', status: 503, expires_in_ms: 1 })
})

test('a fault of a share of requests says which share', async () => {
  await using app = await backendDouble(report)
  await new FaultSwitch('go', app.url, token).inject({
    route: '/v1',
    latencyMs: 300,
    rate: 0.2,
    expiresInMs: 1,
  })
  expect(JSON.parse(app.asked[0]?.body ?? '')).toEqual({
    route: '/v1',
    latency_ms: 300,
    rate: 0.2,
    expires_in_ms: 1,
  })
})

test('adds what --set says about every fault, and leaves out what it does not say', async () => {
  await using app = await backendDouble(report)
  await new FaultSwitch('go', app.url, token, { logged_status: 200, latency_ms: null }).inject(fault)
  const asked = JSON.parse(app.asked[0]?.body ?? '') as object
  expect(asked).toMatchObject({ logged_status: 200 })
  expect(asked).not.toHaveProperty('latency_ms')
})

test('asks what a fault did, and ends it', async () => {
  await using app = await backendDouble({ ...report, status: null, state: 'ended' })
  const faultSwitch = new FaultSwitch('go', app.url, token)
  expect(await faultSwitch.report('f1')).toMatchObject({ status: null, injected: 2 })
  expect(await faultSwitch.end('f1')).toMatchObject({ state: 'ended' })
  expect(app.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /faults/f1',
    'DELETE /faults/f1',
  ])
})

test.each([
  [401, { detail: 'the token is missing' }, 'the token is missing'],
  [400, { detail: 'status: 600 is too high' }, 'status: 600 is too high'],
  [200, { ...report, state: 'maybe' }, 'at state'],
])(
  'an answer of %d %j is a fault refused, which says nothing about the stack',
  async (status, body, seen) => {
    await using app = await backendDouble((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    const thrown: unknown = await new FaultSwitch('go', app.url, token)
      .inject(fault)
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({
      code: 'FAULT_REFUSED',
      account: {
        expected: expect.stringContaining('fault switch of go'),
        remedy: expect.stringContaining('log of go'),
      },
    })
    expect((thrown as SignalproofError).account.seen).toContain(seen)
    expect((thrown as SignalproofError).message).not.toContain(token)
    expect(exitStatusOf(thrown)).toBe(3)
  },
)

test('an app that does not answer is named', async () => {
  const faultSwitch = new FaultSwitch('go', await deadAddress(), token)
  await expect(faultSwitch.report('f1')).rejects.toMatchObject({
    code: 'BACKEND_UNREACHABLE',
    account: { expected: expect.stringContaining('an answer of fault switch of go at ') },
  })
})
