import { expect, test } from 'vitest'
import { backendDouble, deadAddress } from '../core/backend-double.ts'
import { Tempo } from './tempo.ts'

/** Answers as both generations were seen to give them: ids in base64 by name of the protobuf, in hexadecimal by OTLP. */

const traceId = '7b7ea445a3504afd62e9efc7e5f3a409'
const inBase64 = { trace: 'e36kRaNQSv1i6e/H5fOkCQ==', server: 'wr/QGK7W8eU=', client: 'whmPMxY5oKw=' }
const inHex = { trace: traceId, server: 'c2bfd018aed6f1e5', client: 'c2198f331639a0ac' }

const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'frontend' } }] }

function groupsOf(ids: typeof inHex, names = true) {
  return [
    {
      resource,
      scopeSpans: [
        {
          scope: { name: 'http' },
          spans: [
            {
              traceId: ids.trace,
              spanId: ids.client,
              parentSpanId: ids.server,
              name: 'GET',
              kind: names ? 'SPAN_KIND_CLIENT' : 3,
              startTimeUnixNano: '1795966895744123456',
              endTimeUnixNano: '1795966895749000000',
              attributes: [
                { key: 'http.response.status_code', value: { intValue: '500' } },
                { key: 'error.type', value: { stringValue: '500' } },
                {
                  key: 'http.request.header.x-request-id',
                  value: { arrayValue: { values: [{ stringValue: 'r-1' }] } },
                },
                { key: 'sampled', value: { boolValue: false } },
                { key: 'share', value: { doubleValue: 0.5 } },
                { key: 'nothing', value: {} },
              ],
              status: { code: names ? 'STATUS_CODE_ERROR' : 2 },
            },
            {
              traceId: ids.trace,
              spanId: ids.server,
              name: 'GET /',
              kind: names ? 'SPAN_KIND_SERVER' : 2,
              startTimeUnixNano: '1795966895744000000',
              endTimeUnixNano: '1795966895749000000',
              status: {},
            },
          ],
        },
      ],
    },
  ]
}

const spans = [
  {
    traceId,
    id: 'c2198f331639a0ac',
    parentId: 'c2bfd018aed6f1e5',
    name: 'GET',
    kind: 'CLIENT',
    status: 'ERROR',
    attributes: {
      'http.response.status_code': 500,
      'error.type': '500',
      'http.request.header.x-request-id': ['r-1'],
      sampled: false,
      share: 0.5,
      nothing: null,
    },
    resource: { 'service.name': 'frontend' },
    startMs: 1_795_966_895_744.123,
    endMs: 1_795_966_895_749,
  },
  {
    traceId,
    id: 'c2bfd018aed6f1e5',
    parentId: null,
    name: 'GET /',
    kind: 'SERVER',
    status: 'UNSET',
    attributes: {},
    resource: { 'service.name': 'frontend' },
    startMs: 1_795_966_895_744,
    endMs: 1_795_966_895_749,
  },
]

/** A Tempo that has one path for traces by id; its router says so of the other one. */
const tempoWith = (path: string, body: unknown, status = 200) =>
  backendDouble((request, response) => {
    if (!request.path.startsWith(path)) return void response.writeHead(404).end('404 page not found\n')
    response.writeHead(status, {
      'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })

test.each([
  ['the first API, ids in base64', '/api/traces/', { batches: groupsOf(inBase64) }],
  ['the first API, as OTLP', '/api/traces/', { resourceSpans: groupsOf(inHex) }],
  ['the second API, ids in base64', '/api/v2/traces/', { trace: { resourceSpans: groupsOf(inBase64) } }],
  [
    'the second API, ids in hexadecimal',
    '/api/v2/traces/',
    { trace: { resourceSpans: groupsOf(inHex) }, metrics: {} },
  ],
  [
    'kinds and statuses as numbers',
    '/api/v2/traces/',
    { trace: { resourceSpans: groupsOf(inHex, false) }, status: 0 },
  ],
])('reads a trace by %s', async (_, path, body) => {
  await using server = await tempoWith(path, body)
  expect(await new Tempo(server.url).trace(traceId)).toEqual(spans)
})

test.each(['', '0000000000000000', 'AAAAAAAAAAA='])('a parent of %j is none', async (parentSpanId) => {
  const [group] = groupsOf(inHex)
  const [scope] = group?.scopeSpans ?? []
  await using server = await tempoWith('/api/traces/', {
    batches: [{ scopeSpans: [{ spans: [{ ...scope?.spans[1], parentSpanId }] }] }],
  })
  expect(await new Tempo(server.url).trace(traceId)).toEqual([{ ...spans[1], resource: {} }])
})

test('once it knows which API is there, it asks that one only', async () => {
  await using server = await tempoWith('/api/traces/', { batches: groupsOf(inBase64) })
  const tempo = new Tempo(server.url)
  await tempo.trace(traceId)
  await tempo.trace(traceId)
  expect(server.asked.map(({ path }) => path)).toEqual([
    `/api/v2/traces/${traceId}`,
    `/api/traces/${traceId}`,
    `/api/traces/${traceId}`,
  ])
})

test.each([
  ['says that it is not there', '/api/traces/', 'trace not found', 404],
  ['says so as JSON', '/api/v2/traces/', { message: 'not found' }, 404],
  ['answers without a trace', '/api/v2/traces/', { metrics: {} }, 200],
  ['answers with an empty one', '/api/v2/traces/', { trace: {} }, 200],
])('a trace that is not known has no spans: Tempo %s', async (_, path, body, status) => {
  await using server = await tempoWith(path, body, status)
  expect(await new Tempo(server.url).trace(traceId)).toEqual([])
})

test('an address that has neither API is no Tempo, and not one without the trace', async () => {
  await using server = await tempoWith('/elsewhere', {})
  await expect(new Tempo(server.url).trace(traceId)).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: '404 for each' },
  })
})

test('a Tempo that cannot answer yet may be asked again', async () => {
  await expect(new Tempo(await deadAddress()).trace(traceId)).rejects.toMatchObject({
    code: 'BACKEND_UNREACHABLE',
  })
})

test.each([
  [{ trace: { resourceSpans: groupsOf({ ...inHex, server: 'c2bfd018' }) } }, 'an id of 8 bytes'],
  [{ trace: { resourceSpans: groupsOf({ ...inHex, trace: inHex.server }) } }, 'an id of 16 bytes'],
  [{ trace: [] }, 'expected object'],
])('refuses another shape, with its place (case %#)', async (body, words) => {
  await using server = await tempoWith('/api/v2/traces/', body)
  await expect(new Tempo(server.url).trace(traceId)).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: expect.stringContaining(words) },
  })
})

test('a part of a trace is not taken for the trace', async () => {
  await using server = await tempoWith('/api/v2/traces/', {
    trace: { resourceSpans: groupsOf(inHex) },
    status: 'PARTIAL',
  })
  await expect(new Tempo(server.url).trace(traceId)).rejects.toMatchObject({
    account: { expected: `the whole trace ${traceId}` },
  })
})

const range = { fromMs: 1_795_966_895_744, toMs: 1_795_966_896_001 }

test('searches by TraceQL in whole seconds, and completes ids that lost their zeros', async () => {
  await using server = await backendDouble({
    traces: [
      {
        traceID: '7ea445a3504afd62e9efc7e5f3a409',
        rootServiceName: '<root span not yet received>',
        spanSet: { spans: [{ spanID: '5b4dee91e35968bf' }], matched: 1 },
        spanSets: [{ spans: [{ spanID: '5b4dee91e35968bf' }] }, { spans: [{ spanID: '4dee91e35968bf' }] }],
      },
      { traceID: traceId },
    ],
    metrics: { inspectedBytes: '13502' },
  })
  expect(await new Tempo(server.url).search('{ name = "GET /" }', range)).toEqual([
    {
      traceId: '007ea445a3504afd62e9efc7e5f3a409',
      spanIds: ['5b4dee91e35968bf', '004dee91e35968bf'],
    },
    { traceId, spanIds: [] },
  ])
  expect(Object.fromEntries(server.asked[0]?.query ?? [])).toEqual({
    q: '{ name = "GET /" }',
    start: '1795966895',
    end: '1795966897',
    limit: '100',
  })
})

test('a search that finds nothing has no list at all', async () => {
  await using server = await backendDouble({ metrics: { inspectedBytes: '38387' } })
  expect(await new Tempo(server.url).search('{ }', range)).toEqual([])
})

test('refuses as many traces as the limit: some may be missing', async () => {
  await using server = await backendDouble({ traces: [{ traceID: traceId }, { traceID: traceId }] })
  const tempo = new Tempo(server.url)
  expect(await tempo.search('{ }', { ...range, limit: 3 })).toHaveLength(2)
  await expect(tempo.search('{ }', { ...range, limit: 2 })).rejects.toMatchObject({
    account: { expected: 'fewer than 2 traces for { }', seen: '2, so that some may be missing' },
  })
})

test('hands on what Tempo says of a query that it cannot read', async () => {
  await using server = await backendDouble((_, response) => {
    response.writeHead(400).end('invalid TraceQL query: parse error at line 1, col 3')
  })
  await expect(new Tempo(server.url).search('{ bad', range)).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: '400 invalid TraceQL query: parse error at line 1, col 3' },
  })
})

test('reads the configuration without the line in front of it', async () => {
  await using server = await tempoWith(
    '/status/config',
    'GET /status/config\n---\ntarget: all\ningester: {}\n',
  )
  expect(await new Tempo(server.url).configYaml()).toBe('target: all\ningester: {}')
})

test('refuses a configuration that is not there', async () => {
  await using server = await tempoWith('/elsewhere', {})
  await expect(new Tempo(server.url).configYaml()).rejects.toMatchObject({ account: { seen: 'status 404' } })
})

test('reads the version out of the words in which Tempo says it', async () => {
  await using server = await tempoWith(
    '/status/version',
    'GET /status/version\ntempo, version 2.8.0 (branch: HEAD, revision: 1)\n  go version: go1.26.8\n',
  )
  expect(await new Tempo(server.url).version()).toBe('2.8.0')
  await using other = await tempoWith('/elsewhere', {})
  await expect(new Tempo(other.url).version()).rejects.toMatchObject({ account: { seen: 'status 404' } })
})
