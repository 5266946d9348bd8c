import { afterAll, expect, test } from 'vitest'
import signalproofConfig from '../../signalproof.config.ts'
import { configSchema } from '../config/config-schema.ts'
import { backendDouble } from '../core/backend-double.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { seedDouble } from './claim-doubles.ts'
import { Run } from './run.ts'
import {
  expectedSpanCounts,
  readSpanCounts,
  restingSpanCounts,
  settledSpanCounts,
  spansOn,
} from './span-counts.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

const appPage = (ended: number, exported: number, dropped = 0) =>
  `# TYPE otel_spans_ended_total counter\notel_spans_ended_total ${ended}\notel_spans_exported_total ${exported}\notel_spans_dropped_total ${dropped}\n`

const collectorPage = (accepted: number, sent: number) => `
otelcol_receiver_accepted_spans{receiver="otlp",transport="http"} ${accepted}
otelcol_receiver_accepted_log_records{receiver="file_log"} 999
otelcol_exporter_sent_spans_total{exporter="otlp_http/tempo"} ${sent}
otelcol_exporter_sent_spans_total{exporter="debug"} 999
otelcol_exporter_send_failed_spans_total{exporter="otlp_http/tempo"} 0
`

const tempoPage = (received: number, discarded = 0) =>
  `tempo_distributor_spans_received_total{tenant="single-tenant"} ${received}\ntempo_discarded_spans_total{reason="rate_limited",tenant="single-tenant"} ${discarded}\n`

/** A stack of pages, which a test writes. */
async function stackOf(pages: Record<string, string>) {
  const server = await backendDouble(({ path }, response) => {
    const page = pages[path]
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(page ?? 'none')
  })
  const { environment, ...seed } = seedDouble(folder.path)
  const app = { namespace: 'apps', pod: 'p', container: 'c', faultSwitch: null, logFile: '/none' }
  const run = new Run({
    ...seed,
    config: configSchema.parse({ ...signalproofConfig, apps: signalproofConfig.apps.slice(2) }),
    environment: {
      ...environment,
      apps: [{ ...app, name: 'frontend', url: `${server.url}/frontend` }],
      appVariables: { frontend: { OTEL_BSP_SCHEDULE_DELAY: '10' } },
      addresses: {
        ...environment.addresses,
        collectorMetrics: `${server.url}/collector`,
        tempo: `${server.url}/tempo`,
      },
    },
  })
  const began = await readSpanCounts(run).catch(() => null)
  void run.once('run started', async () => ({
    readyAt: 0,
    firstSequence: 0,
    counted: new Map(),
    spans: began,
  }))
  return { run, server }
}

const pagesOf = (frontend = appPage(12, 12), collector = collectorPage(12, 12), tempo = tempoPage(12)) => ({
  '/frontend/metrics': frontend,
  '/collector/metrics': collector,
  '/tempo/metrics': tempo,
  '/tempo/status/config':
    'GET /status/config\n---\ningester: { trace_idle_period: 10ms, flush_check_period: 10ms }\n',
})

/** A page, answered, which asked two apps. */
const answerPage = (run: Run) =>
  run.traffic.ledger.add(
    {
      app: 'frontend',
      method: 'GET',
      route: '/',
      requestId: 'r-1',
      traceId: 't-1',
      sentAt: 1,
      doneAt: 2,
      status: 200,
    },
    { causes: [1, 2].map(() => ({ app: 'elsewhere', method: 'GET', route: '/v1', status: 200 })) },
  )

test('reads what each place says of its own spans, whatever its counters end in', async () => {
  const { run, server } = await stackOf(pagesOf(appPage(12, 10, 2), collectorPage(10, 9), tempoPage(9, 1)))
  await using _ = server
  expect(await readSpanCounts(run)).toEqual({
    apps: new Map([['frontend', { ended: 12, exported: 10, dropped: 2 }]]),
    collector: { accepted: 10, refused: 0, sent: 9, failed: 0 },
    store: { received: 9, discarded: 1 },
  })
})

test('an app that does not count its spans is not one without spans', async () => {
  const { run, server } = await stackOf(pagesOf('http_requests_total 3\n'))
  await using _ = server
  await expect(readSpanCounts(run)).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { expected: 'otel_spans_ended_total on the metrics page of frontend' },
  })
  expect(await restingSpanCounts(run)).toBeNull()
})

test('a pod says what its own spans became, and nothing of a counter that it has not', () => {
  const names = { ended: 'otel_spans_ended_total', exported: 'spans_out', dropped: 'spans_lost' }
  expect(spansOn(`${appPage(12, 9)}spans_lost{why="full"} 1\nspans_lost{why="late"} 2\n`, names)).toEqual(
    new Map([
      ['ended', 12],
      ['dropped', 3],
    ]),
  )
})

test('a page of the stack that is not there is told', async () => {
  const { '/collector/metrics': _page, ...pages } = pagesOf()
  const { run, server } = await stackOf(pages)
  await using _ = server
  await expect(readSpanCounts(run)).rejects.toMatchObject({
    account: { expected: expect.stringMatching(/^a metrics page of the collector at /), seen: 'status 404' },
  })
})

test('what is on its way when a run begins is waited for, and counted when it stays there', async () => {
  const pages = pagesOf(appPage(12, 11))
  const { run, server } = await stackOf(pages)
  await using _ = server
  const resting = restingSpanCounts(run)
  pages['/frontend/metrics'] = appPage(12, 12)
  expect((await resting)?.apps.get('frontend')).toEqual({ ended: 12, exported: 12, dropped: 0 })
  pages['/frontend/metrics'] = appPage(13, 12)
  expect((await restingSpanCounts(run))?.apps.get('frontend')?.ended).toBe(13)
})

test('a request and the calls that its answer took are a span each', async () => {
  const { run, server } = await stackOf(pagesOf())
  await using _ = server
  run.config.apps.push({ ...run.config.apps[0], name: 'elsewhere' } as never)
  answerPage(run)
  expect(expectedSpanCounts(run)).toEqual(
    new Map([
      ['frontend', { answered: 1, called: 2 }],
      ['elsewhere', { answered: 2, called: 0 }],
    ]),
  )
})

test('accounts are of this run, and settle when the last place has what the first one has', async () => {
  const pages = pagesOf()
  const { run, server } = await stackOf(pages)
  await using _ = server
  run.traffic.ledger.add({
    app: 'frontend',
    method: 'GET',
    route: '/',
    requestId: 'r-1',
    traceId: 't-1',
    sentAt: 1,
    doneAt: 2,
    status: 200,
  })
  Object.assign(pages, pagesOf(appPage(13, 13), collectorPage(13, 12), tempoPage(12)))
  const settling = settledSpanCounts(run)
  Object.assign(pages, pagesOf(appPage(13, 13), collectorPage(13, 13), tempoPage(13)))
  expect(await settling).toEqual({
    partAt: null,
    counts: {
      apps: new Map([['frontend', { ended: 1, exported: 1, dropped: 0 }]]),
      collector: { accepted: 1, refused: 0, sent: 1, failed: 0 },
      store: { received: 1, discarded: 0 },
    },
  })
})

test('accounts that never settle say where they part', async () => {
  const pages = pagesOf()
  const { run, server } = await stackOf(pages)
  await using _ = server
  answerPage(run)
  Object.assign(pages, pagesOf(appPage(15, 15), collectorPage(15, 12), tempoPage(12)))
  expect((await settledSpanCounts(run)).partAt).toBe(
    'the collector accepted 3 spans: it sent 0 and gave up 0, 3 fewer than there should be',
  )
})
