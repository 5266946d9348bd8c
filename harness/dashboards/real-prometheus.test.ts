/** The runner against the real Prometheus, with samples of ten minutes of our own making. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Prometheus } from '../backends/prometheus.ts'
import { eventually, found, notYet } from '../core/eventually.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { freePort } from '../load/k6/free-port.ts'
import { installComponents } from '../toolchain/install-components.ts'
import { lokiDouble } from './datasource-double.ts'
import type { Datasource } from './datasources.ts'
import { foreignDashboards } from './foreign-double.ts'
import type { PanelFault } from './panel-faults.ts'
import { readDashboard } from './read-dashboard.ts'
import { runDashboards } from './run-dashboards.ts'

const fromMs = 1_700_000_000_000
const toMs = fromMs + 600_000
/** Errors are counted in it, and at no other time. */
const fault = { name: 'errors in go', fromMs: fromMs + 240_000, toMs: fromMs + 300_000 }

/** Requests of two apps, 10 a second; errors of one of them, 2 a second while it fails. */
function samples(): string {
  const metric = (app: string, status: string, total: number, atMs: number) =>
    `http_requests_total{app="${app}",route="/",status="${status}"} ${total} ${atMs / 1000}`
  const lines: string[] = []
  const times = Array.from({ length: 121 }, (_, index) => fromMs + index * 5_000)
  for (const app of ['go', 'node']) {
    for (const atMs of times) lines.push(metric(app, '200', ((atMs - fromMs) / 1_000) * 10, atMs))
  }
  for (const atMs of times) {
    const failedMs = Math.min(Math.max(atMs - fault.fromMs, 0), fault.toMs - fault.fromMs)
    lines.push(metric('go', '500', (failedMs / 1_000) * 2, atMs))
  }
  return ['# TYPE http_requests counter', ...lines, '# EOF', ''].join('\n')
}

let prometheus: Datasource
const ends: (() => Promise<void>)[] = []

beforeAll(async () => {
  const [component] = await installComponents(['prometheus'])
  const program = component?.location ?? expect.fail('no prometheus')
  const folder = temporaryFolder({ 'samples.txt': samples(), 'prometheus.yml': 'global: {}\n' })
  ends.push(async () => folder[Symbol.dispose]())
  const data = join(folder.path, 'data')
  const promtool = join(dirname(program), 'promtool')
  await execa(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', join(folder.path, 'samples.txt'), data])
  const port = await freePort()
  const server = spawn(
    program,
    [
      `--config.file=${join(folder.path, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  ends.unshift(async () => {
    server.kill('SIGKILL')
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  await eventually(
    'Prometheus has the samples',
    async (signal) => {
      const names = await new Prometheus(url).labelValues('__name__', { signal })
      return names.length > 0 ? found(names) : notYet('no metric')
    },
    { withinMs: 60_000, remedy: 'look at what the machine is busy with' },
  )
  prometheus = {
    type: 'prometheus',
    uid: 'prometheus',
    name: 'P',
    url,
    isDefault: true,
    scrapeIntervalMs: 5_000,
  }
}, 600_000)

afterAll(async () => {
  for (const end of ends) await end()
})

const expressions = {
  requests: 'sum by (app) (rate(http_requests_total{app=~"$app"}[$__rate_interval]))',
  errors: 'sum(rate(http_requests_total{status=~"5.."}[$__rate_interval])) or vector(0)',
  'other errors': 'sum(rate(http_requests_total{status=~"6.."}[$__rate_interval])) or vector(0)',
  'errors of node':
    '100 * (sum(rate(http_requests_total{app="node", status=~"5.."}[$__rate_interval])) or vector(0))',
  typo: 'sum(rate(http_requets_total[$__rate_interval]))',
  label: 'sum(rate(http_requests_total{statuss=~"5.."}[$__rate_interval]))',
  refused: 'sum(rate(http_requests_total{status=~"5.."}))',
}

const dashboard = () =>
  readDashboard(
    JSON.stringify({
      uid: 'd',
      title: 'D',
      templating: {
        list: [
          {
            name: 'app',
            type: 'query',
            query: { query: 'label_values(http_requests_total, app)', refId: 'app' },
            multi: true,
            includeAll: true,
            current: { text: 'All', value: '$__all' },
          },
        ],
      },
      panels: Object.entries(expressions).map(([title, expr], index) => ({
        id: index,
        title,
        type: 'timeseries',
        targets: [{ expr, legendFormat: '{{app}}' }],
      })),
    }),
    'd.json',
  )

const moving = (...panels: string[]): PanelFault => ({
  ...fault,
  moves: panels.map((panel) => ({
    dashboard: 'd',
    panel,
    direction: 'up',
    cause: '120 requests of go were answered with 500',
  })),
})

test('each kind of panel has its verdict, in the words of what Prometheus has', async () => {
  const { panels } = await runDashboards({
    dashboards: [dashboard()],
    datasources: [prometheus],
    range: { fromMs, toMs },
    faults: [moving('errors', 'other errors', 'errors of node')],
  })
  const verdicts = Object.fromEntries(panels.map(({ title, verdict }) => [title, verdict]))
  expect(verdicts).toEqual({
    requests: 'data',
    errors: 'data',
    'other errors': 'convincing zero',
    'errors of node': 'convincing zero',
    typo: 'broken',
    label: 'broken',
    refused: 'broken',
  })
  const reasons = Object.fromEntries(panels.map(({ title, reason }) => [title, reason ?? '']))
  expect(reasons['other errors']).toContain(
    'seen 0 before, 0 during and 0 after it; status=~"6.." matches no series of http_requests_total; status is 200, 500; try',
  )
  expect(reasons['errors of node']).toContain(
    'status=~"5.." matches no series of http_requests_total that app="node" does; try',
  )
  expect(reasons.typo).toContain('seen http_requets_total was never seen; nearest: http_requests_total; try')
  expect(reasons.label).toContain(
    'seen label statuss is on no series of http_requests_total; nearest: status; try',
  )
  expect(reasons.refused).toContain(
    'expected type range vector in call to function "rate", got instant vector; try',
  )
  const [requests] = panels
  expect(requests?.queries[0]?.sent).toBe('sum by (app) (rate(http_requests_total{app=~"(go|node)"}[20s]))')
  expect(requests?.queries[0]?.series.map(({ name }) => name).sort()).toEqual(['go', 'node'])
  expect(requests?.queries[0]?.series[1]?.points.at(-1)?.[1]).toBeCloseTo(10)
})

test('of what other projects ask, Prometheus refuses only what is not PromQL', async () => {
  await using loki = await lokiDouble({ streams: [{ a: 'b' }], lines: () => 1 })
  const { panels } = await runDashboards({
    dashboards: foreignDashboards().map((one) => one.dashboard),
    datasources: [prometheus, { type: 'loki', uid: 'loki', name: 'Loki', url: loki.url }],
    range: { fromMs, toMs },
    atOnce: 16,
  })
  const refused = panels.flatMap(({ queries }) =>
    queries.flatMap(({ reason = '', written }) =>
      /(seen|then) prometheus: /.test(reason) ? [{ reason, written }] : [],
    ),
  )
  // VictoriaMetrics' own functions and templates, and LogQL that was sent to Loki through its likeness to Prometheus.
  const own = /\b(topk_max|increases_over_time)\(|^WITH\(|\}\$filter\[5m\]/
  expect(refused.filter(({ written }) => !own.test(written))).toEqual([])
  expect(refused).toHaveLength(13)
  expect(panels.length).toBeGreaterThan(500)
}, 120_000)
