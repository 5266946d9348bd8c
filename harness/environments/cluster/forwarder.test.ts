import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { Loki } from '../../backends/loki.ts'
import { Prometheus } from '../../backends/prometheus.ts'
import { send } from '../../core/http.ts'
import { type ForwardedBackend, Forwarder, type PassedRequest } from './forwarder.ts'

function backendDouble(
  name: string,
  calls: ForwardedBackend['calls'],
  answer: unknown,
  headers: Readonly<Record<string, unknown>> = { 'content-type': 'application/json' },
) {
  const passed: PassedRequest[] = []
  const pass: ForwardedBackend['pass'] = async (request) => {
    passed.push(request)
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
    return { status: 200, headers, stream: Readable.from([text]) }
  }
  return { name, calls, pass, passed }
}

async function forwarding(...backends: readonly ForwardedBackend[]) {
  const refused: string[] = []
  const forwarder = await Forwarder.start({
    backends,
    status: async () => ({ components: [{ name: 'loki', state: 'ready' }] }),
    onRefused: (_, what) => refused.push(what),
  })
  return { forwarder, refused, [Symbol.asyncDispose]: () => forwarder[Symbol.asyncDispose]() }
}

const vector = { status: 'success', data: { resultType: 'vector', result: [] } }

test('the clients work with an address that has a path, query and all', async () => {
  const prometheus = backendDouble('prometheus', ['GET /api/v1/query'], vector)
  const loki = backendDouble('loki', ['GET /loki/api/v1/query', 'GET /config'], vector)
  await using there = await forwarding(prometheus, loki)
  expect(await new Prometheus(there.forwarder.addressOf('prometheus')).query('up == 1')).toEqual([])
  expect(await new Loki(there.forwarder.addressOf('loki')).query('{a="b"}', { atMs: 1_000 })).toEqual([])
  expect(prometheus.passed.map(({ path }) => path)).toEqual(['/api/v1/query?query=up+%3D%3D+1'])
  expect(loki.passed[0]?.path).toMatch(/^\/loki\/api\/v1\/query\?query=.*&time=1000000000$/)
  expect(there.forwarder.asked.handedOn).toEqual([
    { backend: 'prometheus', method: 'GET', path: '/api/v1/query', times: 1 },
    { backend: 'loki', method: 'GET', path: '/loki/api/v1/query', times: 1 },
  ])
})

test('a text arrives as a text, with its type', async () => {
  const loki = backendDouble('loki', ['GET /config'], 'ruler: {}\n', { 'content-type': 'text/yaml' })
  await using there = await forwarding(loki)
  expect(await new Loki(there.forwarder.addressOf('loki')).configYaml()).toBe('ruler: {}\n')
})

test.each([
  ['POST', 'prometheus', '/api/v1/query'],
  ['GET', 'prometheus', '/api/v1/admin/tsdb/delete_series'],
  ['GET', 'prometheus', '/api/v1/query/../admin'],
  ['GET', 'grafana', '/'],
])('%s at %s %s is refused, told and not handed on', async (method, name, path) => {
  const prometheus = backendDouble('prometheus', ['GET /api/v1/query'], vector)
  await using there = await forwarding(prometheus)
  const { hostname, port, pathname } = new URL(there.forwarder.root)
  // Not through a URL, which would walk the dots before anybody is asked.
  const { status, body } = await rawRequest({ hostname, port, method, path: `${pathname}/${name}${path}` })
  expect({ status, body }).toEqual({ status: 403, body: expect.stringContaining('not in the plan') })
  expect(there.refused).toEqual([`${method} ${path} at ${name}`])
  expect(prometheus.passed).toEqual([])
  expect(there.forwarder.asked).toEqual({ handedOn: [], refused: there.refused })
})

test('nobody is served without the token, and nothing is told of it', async () => {
  const prometheus = backendDouble('prometheus', ['GET /api/v1/query'], vector)
  await using there = await forwarding(prometheus)
  const { status } = await send({
    backend: 'the forwarder',
    url: `${new URL(there.forwarder.root).origin}/guessed/prometheus/api/v1/query`,
  })
  expect(status).toBe(404)
  expect(prometheus.passed).toEqual([])
  expect(there.refused).toEqual([])
})

test('headers go with a request, but for those of the connection', async () => {
  const prometheus = backendDouble('prometheus', ['GET /api/v1/query'], vector)
  await using there = await forwarding(prometheus)
  await send({
    backend: 'prometheus',
    url: `${there.forwarder.addressOf('prometheus')}/api/v1/query`,
    headers: { host: 'dev.local', 'x-request-id': 'r1' },
  })
  expect(prometheus.passed[0]?.headers).toMatchObject({ host: 'dev.local', 'x-request-id': 'r1' })
  expect(prometheus.passed[0]?.headers).not.toHaveProperty('connection')
})

test('a backend that the configuration does not state answers that, and that is no breach of the plan', async () => {
  await using there = await forwarding()
  const answer = await send({
    backend: 'the alert receiver',
    url: `${there.forwarder.addressOf('alert-receiver')}/notifications`,
  })
  expect(answer).toMatchObject({ status: 404, data: { error: expect.stringContaining('does not state') } })
  expect(there.refused).toEqual([])
})

test('a way that fails is a bad gateway with the reason', async () => {
  const loki: ForwardedBackend = {
    name: 'loki',
    calls: ['GET /ready'],
    pass: async () => {
      throw new Error('connect ECONNREFUSED')
    },
  }
  await using there = await forwarding(loki)
  const answer = await send({ backend: 'loki', url: `${there.forwarder.addressOf('loki')}/ready` })
  expect(answer).toMatchObject({ status: 502, data: { error: 'connect ECONNREFUSED' } })
})

test('the status is a supervisor’s', async () => {
  await using there = await forwarding()
  const answer = await send({ backend: 'the forwarder', url: `${there.forwarder.root}/status` })
  expect(answer.data).toEqual({ components: [{ name: 'loki', state: 'ready' }] })
})

async function rawRequest(options: {
  hostname: string
  port: string
  method: string
  path: string
}): Promise<{ status: number; body: string }> {
  const { request } = await import('node:http')
  const { text } = await import('node:stream/consumers')
  return new Promise((resolve, reject) => {
    request(options, async (response) =>
      resolve({ status: response.statusCode ?? 0, body: await text(response) }),
    )
      .on('error', reject)
      .end()
  })
}
