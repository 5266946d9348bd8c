import { afterAll, expect, test } from 'vitest'
import signalproofConfig from '../../signalproof.config.ts'
import { configSchema } from '../config/config-schema.ts'
import { backendDouble } from '../core/backend-double.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { ruleDouble, timingsDouble } from '../timeline/timing-doubles.ts'
import { expectedSpans } from '../traces/expected-spans.ts'
import { rowDouble, seedDouble } from './claim-doubles.ts'
import { ClaimWork } from './claim-work.ts'
import { type FollowedRequest, followTrace, sendInTrace } from './follow-trace.ts'
import { Run } from './run.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

const traceId = 'a'.repeat(32)
const otherId = 'b'.repeat(32)
const senderId = '00000000000000aa'

const attributes = (status: number, route?: string) =>
  Object.entries({
    'http.request.method': 'GET',
    'http.response.status_code': status,
    ...(route === undefined ? {} : { 'http.route': route }),
  }).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }))

const stored = (app: string, spans: readonly object[]) => ({
  resource: { attributes: [{ key: 'service.name', value: { stringValue: app } }] },
  scopeSpans: [{ spans }],
})

const span = (
  spanId: string,
  parentSpanId: string,
  kind: number,
  name: string,
  route?: string,
  of = traceId,
) => ({
  traceId: of,
  spanId,
  parentSpanId,
  kind,
  name,
  startTimeUnixNano: '1000000000',
  endTimeUnixNano: '2000000000',
  attributes: attributes(200, route),
})

const page = span('0000000000000001', senderId, 2, 'GET /', '/')
const call = span('0000000000000002', page.spanId, 3, 'GET')
const api = span('0000000000000003', call.spanId, 2, 'GET /v2', '/v2')

const request: FollowedRequest = {
  app: 'frontend',
  senderId,
  sent: {
    app: 'frontend',
    method: 'GET',
    route: '/',
    requestId: 'r-1',
    traceId,
    sentAt: 1_000,
    doneAt: 2_000,
    status: 200,
  },
  expected: expectedSpans('frontend', {
    method: 'GET',
    route: '/',
    status: 200,
    causes: [{ app: 'go', method: 'GET', route: '/v2', status: 200 }],
  }),
}

/** A Tempo with these traces, and a Loki with one line of the request where it is said. */
async function workWith(traces: Record<string, readonly object[]>, lineTrace?: string) {
  const server = await backendDouble(({ path, query }, response) => {
    const json = (answer: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    const [, id] = /^\/api\/traces\/(\w+)/.exec(path) ?? []
    if (path === '/status/config')
      return void response
        .setHeader('content-type', 'text/plain')
        .end('GET /status/config\n---\ningester: { trace_idle_period: 10ms, flush_check_period: 10ms }\n')
    if (path.startsWith('/loki')) {
      const isAsked = query.get('query')?.includes('"r-1"') === true
      const line = { stream: { trace: lineTrace ?? '', span: api.spanId }, values: [['1000000000', '{}']] }
      const result = isAsked && lineTrace !== undefined ? [line] : []
      return void json({ status: 'success', data: { resultType: 'streams', result } })
    }
    if (id === undefined) return void response.writeHead(404).end('404 page not found')
    if (traces[id] === undefined) return void response.writeHead(404).end('trace not found')
    json({ batches: traces[id] })
  })
  const { environment, ...seed } = seedDouble(folder.path)
  const run = new Run({
    ...seed,
    config: configSchema.parse(signalproofConfig),
    environment: {
      ...environment,
      apps: [
        {
          name: 'go',
          namespace: 'apps',
          pod: 'p',
          container: 'c',
          url: server.url,
          faultSwitch: null,
          logFile: '',
        },
      ],
      appVariables: { go: { OTEL_BSP_SCHEDULE_DELAY: '10' } },
      addresses: { ...environment.addresses, tempo: server.url, loki: server.url, ingress: server.url },
    },
  })
  const timings = timingsDouble([ruleDouble()], {
    allowanceMs: 50,
    collectorPollMs: 10,
    collectorFlushMs: 10,
  })
  void run.once('live timings', async () => timings)
  return { server, work: new ClaimWork(run, rowDouble('traces.followed')), run }
}

const whole = { [traceId]: [stored('frontend', [page, call]), stored('go', [api])] }

test('a trace that is whole is handed on with its spans', async () => {
  const { server, work } = await workWith(whole)
  await using _ = server
  const { pairs } = await followTrace(work, request)
  expect(pairs.map(({ seen }) => seen.id)).toEqual([page.spanId, call.spanId, api.spanId])
  expect(work.measured()).toMatchObject({ lookups: 1 })
})

test('an app whose span is in another trace is told from one that did not get the request', async () => {
  const alone = { ...api, traceId: otherId, parentSpanId: '' }
  const strayed = { [traceId]: [stored('frontend', [page, call])], [otherId]: [stored('go', [alone])] }
  const { server, work } = await workWith(strayed, otherId)
  await using _ = server
  await expect(followTrace(work, request, new Set(['go']))).rejects.toMatchObject({
    code: 'CLAIM_BROKEN',
    account: {
      expected: 'go: SERVER GET /v2 as child of frontend: CLIENT GET',
      seen: expect.stringContaining(
        `it is in another trace, ${otherId}: go: SERVER GET /v2 200 is there. Propagation of frontend is off: go continues`,
      ),
      remedy: expect.stringContaining('OTEL_PROPAGATORS'),
    },
  })
  await expect(followTrace(work, request)).rejects.toThrow(/Propagation of frontend or of go is off/)
})

test('without a line nothing has reached the app', async () => {
  const { server, work } = await workWith({ [traceId]: [stored('frontend', [page, call])] })
  await using _ = server
  await expect(followTrace(work, request)).rejects.toThrow(/go has no log line of request r-1 either/)
})

test('a span that was made and not stored got lost on its way', async () => {
  const { server, work } = await workWith({}, traceId)
  await using _ = server
  await expect(followTrace(work, request)).rejects.toThrow(
    /expected frontend: SERVER GET \/ as child of the span that the client named\n {2}seen: the log line of frontend has this trace, so its span was made, but not stored\n[\s\S]*seen spans: none\n/,
  )
})

test('a Tempo that does not answer is not a trace without spans', async () => {
  const { server, work } = await workWith(whole)
  await work.run.tempo.configYaml()
  await followTrace(work, request)
  await server[Symbol.asyncDispose]()
  await expect(followTrace(work, request)).rejects.toMatchObject({ code: 'WAIT_TIMEOUT' })
})

test('the client says which trace its request belongs to, and which span is its own', async () => {
  const { server, run } = await workWith(whole)
  await using _ = server
  const app = { name: 'frontend' }
  const sent = await sendInTrace(run, app, { method: 'GET', path: '/', route: '/', status: 200, causes: [] })
  const asked = server.asked.at(-1)?.headers.traceparent
  expect(asked).toBe(`00-${sent.sent.traceId}-${sent.senderId}-01`)
  expect(run.traffic.ledger.of('frontend')).toMatchObject([{ traceId: sent.sent.traceId }])
})
