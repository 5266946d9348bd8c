import { expect, test } from 'vitest'
import { deadAddress } from '../core/backend-double.ts'
import { type DoubleSeries, lokiDouble, type PrometheusStock, prometheusDouble } from './datasource-double.ts'
import type { Datasource } from './datasources.ts'
import type { DesignedEmptiness } from './designed-emptiness.ts'
import type { PanelFault } from './panel-faults.ts'
import { readDashboard } from './read-dashboard.ts'
import { type DashboardsOptions, runDashboards } from './run-dashboards.ts'

const range = { fromMs: 1_000_000, toMs: 1_060_000 }

const dashboard = (...panels: readonly object[]) =>
  readDashboard(JSON.stringify({ uid: 'd', title: 'D', panels }), 'd.json')

const panel = (expr: string, more: object = {}) => ({
  id: 1,
  title: 'P',
  type: 'timeseries',
  targets: [{ expr }],
  ...more,
})

const requests = (labels: Record<string, string>) => ({
  __name__: 'http_requests_total',
  app: 'go',
  ...labels,
})
const stored = [requests({ status: '200' }), requests({ status: '500', job: 'x' })]

const prometheusAt = (url: string): Datasource => ({
  type: 'prometheus',
  uid: 'prometheus',
  name: 'Prometheus',
  url,
  isDefault: true,
  scrapeIntervalMs: 5_000,
})

async function run(stock: PrometheusStock, panels: readonly object[], more: Partial<DashboardsOptions> = {}) {
  await using prometheus = await prometheusDouble(stock)
  const result = await runDashboards({
    dashboards: [dashboard(...panels)],
    datasources: [prometheusAt(prometheus.url)],
    range,
    ...more,
  })
  return { ...result, asked: prometheus.asked }
}

const one = async (stock: PrometheusStock, expr: string, more: Partial<DashboardsOptions> = {}) => {
  const { panels } = await run(stock, [panel(expr)], more)
  const [{ verdict, reason } = { verdict: 'none', reason: 'no panel' }] = panels
  return { verdict, reason }
}

const series = (...values: number[]): DoubleSeries[] => [{ labels: { app: 'go' }, values }]

test('a panel with values is data, its series named and its points in ms', async () => {
  const { panels } = await run({ answers: () => series(1, Number.NaN, 3) }, [
    panel('x', {
      description: 'What it says.',
      fieldConfig: {
        defaults: {
          unit: 'reqps',
          thresholds: {
            steps: [
              { color: 'green', value: null },
              { color: 'red', value: 5 },
            ],
          },
        },
      },
      targets: [{ expr: 'x{app="$app"}', legendFormat: '{{app}} {{none}}' }],
    }),
  ])
  expect(panels).toEqual([
    {
      dashboard: { uid: 'd', title: 'D' },
      id: 1,
      title: 'P',
      description: 'What it says.',
      type: 'timeseries',
      unit: 'reqps',
      thresholds: [{ value: 5, color: 'red' }],
      verdict: 'data',
      queries: [
        {
          refId: 'A',
          datasource: { type: 'prometheus', uid: 'prometheus' },
          written: 'x{app="$app"}',
          sent: 'x{app="$app"}',
          verdict: 'data',
          series: [
            {
              name: 'go ',
              labels: { app: 'go' },
              points: [
                [1_000_000, 1],
                [1_005_000, null],
                [1_010_000, 3],
              ],
            },
          ],
        },
      ],
    },
  ])
})

test("a refused query is broken in the datasource's words", async () => {
  const error = 'invalid parameter "query": 1:4: parse error: unclosed left parenthesis'
  expect(await one({ answers: () => ({ error }) }, 'sum(x')).toEqual({
    verdict: 'broken',
    reason: `expected an answer of prometheus to sum(x; seen prometheus: ${error}; try correct the query`,
  })
})

test('a datasource that does not answer is broken, too', async () => {
  const { panels } = await run({}, [panel('x')], { datasources: [prometheusAt(await deadAddress())] })
  expect(panels[0]?.verdict).toBe('broken')
  expect(panels[0]?.reason).toMatch(/^expected an answer of prometheus to x; seen .*ECONNREFUSED/)
})

test('a metric that was never seen is named, with the nearest that was', async () => {
  expect(await one({ stored }, 'sum(rate(http_requets_total{app="go"}[1m]))')).toEqual({
    verdict: 'broken',
    reason:
      'expected series for sum(rate(http_requets_total{app="go"}[1m])); seen http_requets_total was never seen; nearest: http_requests_total; try correct the name',
  })
  expect((await one({ stored }, 'nothing_like_it')).reason).toContain(
    'nothing_like_it was never seen; nearest: none',
  )
})

test('a 0 that stands in for a metric that was never seen is broken as well', async () => {
  const stock = { stored, answers: () => [{ labels: {}, values: [0, 0] }] }
  expect(await one(stock, 'sum(http_requets_total) or vector(0)')).toEqual({
    verdict: 'broken',
    reason:
      'expected series for sum(http_requets_total) or vector(0); seen http_requets_total was never seen; nearest: http_requests_total; try correct the name',
  })
})

test('a label that no series has is named, with the nearest that one has', async () => {
  expect(await one({ stored }, 'http_requests_total{statuss="200", app="go"}')).toEqual({
    verdict: 'broken',
    reason:
      'expected series for http_requests_total{statuss="200", app="go"}; seen label statuss is on no series of http_requests_total; nearest: status; try correct the name',
  })
  expect((await one({ stored }, 'http_requests_total{namespace="apps"}')).reason).toContain(
    'label namespace is on no series of http_requests_total; there are: app, job, status',
  )
})

test('a matcher that matches nothing although others do is named, with the values there are', async () => {
  expect(await one({ stored }, 'http_requests_total{app="go", status=~"6.."}')).toEqual({
    verdict: 'broken',
    reason:
      'expected a value of http_requests_total{app="go", status=~"6.."}; seen status=~"6.." matches no series of http_requests_total; status is 200, 500; try correct the query, or state in the table of panels that are empty by design why there is nothing',
  })
})

test('matchers that match only apart are named where the selector runs out', async () => {
  expect((await one({ stored }, 'http_requests_total{job="x", app="go", status="200"}')).reason).toContain(
    'seen status="200" matches no series of http_requests_total that job="x", app="go" does; try',
  )
})

test('a query of which every part is known, and that has no value now, says so', async () => {
  expect((await one({ stored }, 'http_requests_total > 5')).reason).toContain(
    'seen each part of it matches something, but there is no value in this time; try',
  )
  const onlyNaN = { stored, answers: () => series(Number.NaN) }
  expect((await one(onlyNaN, 'http_requests_total / 0')).verdict).toBe('broken')
})

const designed: DesignedEmptiness = { dashboard: 'd', panel: 'P', because: 'nothing fails', mayLack: [] }

test('what the table states as empty is empty by design, in the words of the table', async () => {
  const more = { designedEmptiness: [designed] }
  expect(await one({ stored }, 'http_requests_total > 5', more)).toEqual({
    verdict: 'empty by design',
    reason: 'nothing fails',
  })
  expect((await one({ stored }, 'http_requests_total{status="503"}', more)).verdict).toBe('empty by design')
})

test('the table excuses no other panel, no refusal, and no metric that it does not name', async () => {
  const more = { designedEmptiness: [designed] }
  const other = { designedEmptiness: [{ ...designed, panel: 'Q' }] }
  expect((await one({ stored }, 'http_requests_total > 5', other)).verdict).toBe('broken')
  expect((await one({ answers: () => ({ error: 'no' }) }, 'x', more)).verdict).toBe('broken')
  expect((await one({ stored }, 'http_requets_total', more)).verdict).toBe('broken')
  const lacking = { designedEmptiness: [{ ...designed, mayLack: ['ALERTS'] }] }
  expect((await one({ stored }, 'ALERTS{alertstate="firing"}', lacking)).verdict).toBe('empty by design')
  expect((await one({ stored }, 'http_requests_total{statuss="1"}', lacking)).verdict).toBe('broken')
})

test('a 0 of a query that matches in every part is data', async () => {
  const stock = { stored, answers: () => series(0, 0) }
  expect(await one(stock, 'rate(http_requests_total{status=~"5.."}[1m])')).toEqual({
    verdict: 'data',
    reason: undefined,
  })
})

test('a 0 that nothing was counted for convinces, and is named', async () => {
  const stock = { stored, answers: () => series(0, 0) }
  expect(await one(stock, 'sum(http_requests_total{status=~"6.."}) or vector(0)')).toEqual({
    verdict: 'convincing zero',
    reason:
      'expected a 0 that something was counted for, of sum(http_requests_total{status=~"6.."}) or vector(0); seen status=~"6.." matches no series of http_requests_total; status is 200, 500; try correct the matcher, or state in the table of panels that are empty by design why there is nothing to count',
  })
})

/** Four of the thirteen points of the range, at a step of 5 s. */
const fault = (more: object = {}): PanelFault => ({
  name: 'errors in go',
  fromMs: 1_020_000,
  toMs: 1_035_000,
  moves: [
    {
      dashboard: 'd',
      panel: 'P',
      direction: 'up',
      cause: '12 requests of go were answered with 500',
      ...more,
    },
  ],
})
const flat = (value: number) => Array.from({ length: 13 }, () => value)
const rising = flat(0).map((_, index) => (index >= 4 && index <= 7 ? 2 : 0))

test('a panel that rose during the fault is data', async () => {
  const stock = { stored, answers: () => series(...rising) }
  expect((await one(stock, 'x', { faults: [fault()] })).verdict).toBe('data')
})

test('a 0 that stayed while its cause was counted is a convincing zero, read before, during and after', async () => {
  const stock = { stored, answers: () => series(...flat(0)) }
  expect(await one(stock, 'http_requests_total{status=~"5.."}', { faults: [fault()] })).toEqual({
    verdict: 'convincing zero',
    reason:
      'expected P to go up during errors in go, because 12 requests of go were answered with 500; seen 0 before, 0 during and 0 after it; try compare what the query selects with the labels of what was counted',
  })
})

test('a status that is never counted is a convincing zero during a fault, though the table excuses emptiness', async () => {
  const more = { faults: [fault()], designedEmptiness: [designed] }
  const expr = 'sum(rate(http_requests_total{status=~"6.."}[5s])) or vector(0)'
  const found = await one({ stored, answers: () => series(...flat(0)) }, expr, more)
  expect(found.verdict).toBe('convincing zero')
  expect(found.reason).toContain(
    'seen 0 before, 0 during and 0 after it; status=~"6.." matches no series of http_requests_total; status is 200, 500; try',
  )
  const empty = await one({ stored }, 'http_requests_total{status=~"6.."}', more)
  expect(empty.verdict).toBe('convincing zero')
  expect(empty.reason).toContain('seen no series; status=~"6.." matches no series')
})

test('a value other than 0 that did not move convinces no less', async () => {
  const stock = { stored, answers: () => series(...flat(7)) }
  const found = await one(stock, 'x', { faults: [fault()] })
  expect(found.verdict).toBe('convincing zero')
  expect(found.reason).toContain('seen 7 before, 7 during and 7 after it')
})

test('the series that has to move is told by its labels, and the least difference counts', async () => {
  const stock = { stored, answers: () => series(...rising) }
  const ofOther = await one(stock, 'x', { faults: [fault({ labels: { app: 'node' } })] })
  expect(ofOther.reason).toContain('seen no series with app="node"; try')
  expect((await one(stock, 'x', { faults: [fault({ labels: { app: 'go' } })] })).verdict).toBe('data')
  expect((await one(stock, 'x', { faults: [fault({ atLeast: 3 })] })).verdict).toBe('convincing zero')
  expect((await one(stock, 'x', { faults: [fault({ direction: 'down' })] })).verdict).toBe('convincing zero')
})

test('what rose only long after the fault did not rise with it, and what an earlier one did is not counted before it', async () => {
  const late = flat(0).map((_, index) => (index >= 11 ? 2 : 0))
  const stock = { stored, answers: () => series(...late) }
  expect((await one(stock, 'x', { faults: [fault()] })).verdict).toBe('convincing zero')
  const twice = flat(0).map((_, index) => (index <= 1 ? 9 : index >= 4 && index <= 7 ? 2 : 0))
  const earlier: PanelFault = { name: 'earlier', fromMs: 1_000_000, toMs: 1_005_000, moves: [] }
  const answers = () => series(...twice)
  expect((await one({ stored, answers }, 'x', { faults: [earlier, fault()] })).verdict).toBe('data')
  expect((await one({ stored, answers }, 'x', { faults: [fault()] })).verdict).toBe('convincing zero')
})

test('a datasource that does not exist is broken, and lists those that do', async () => {
  const missing = panel('x', { datasource: { type: 'prometheus', uid: 'prometheus-2' } })
  const { panels } = await run({}, [missing])
  expect(panels[0]?.verdict).toBe('broken')
  expect(panels[0]?.reason).toBe(
    "expected a target of a datasource that is asked here; seen datasource prometheus-2 of type prometheus, which is none of prometheus; try the uid of a datasource of Grafana's provisioning, or leave the panel out",
  )
})

test('a panel is as bad as the worst of its queries, and one that asks nothing is broken', async () => {
  const stock = {
    stored,
    answers: (expr: string) => (expr === 'fine' ? series(1) : { error: 'what is this' }),
  }
  const { panels } = await run(stock, [
    { id: 1, title: 'P', type: 'stat', targets: [{ expr: 'fine' }, { expr: 'bad' }] },
    { id: 2, title: 'Q', type: 'stat', targets: [{ expr: 'fine', hide: true }] },
    { id: 3, title: 'A note', type: 'text' },
  ])
  expect(panels.map(({ title, verdict }) => [title, verdict])).toEqual([
    ['P', 'broken'],
    ['Q', 'broken'],
  ])
  expect(panels[0]?.queries.map(({ refId, verdict }) => [refId, verdict])).toEqual([
    ['A', 'data'],
    ['B', 'broken'],
  ])
  expect(panels[1]?.reason).toBe(
    'expected a panel that asks for something; seen no target that is shown; try give it a query, or remove it',
  )
})

test('queries that are alike are asked once, aligned to their step', async () => {
  const { asked } = await run({ answers: () => series(1) }, [panel('x'), panel('x'), panel('y')])
  const queries = asked.filter(({ path }) => path.startsWith('/api/v1/query_range'))
  expect(queries.map(({ query }) => query.get('query')).sort()).toEqual(['x', 'y'])
  expect(Object.fromEntries(queries[0]?.query ?? [])).toMatchObject({ start: '1000', end: '1060', step: '5' })
})

test('a variable without a value is the reason of an empty panel, unless a name of the query is wrong', async () => {
  await using prometheus = await prometheusDouble({ stored })
  const withVariable = readDashboard(
    JSON.stringify({
      uid: 'd',
      title: 'D',
      templating: {
        list: [
          {
            name: 'job',
            type: 'query',
            query: 'label_values(http_requests_total{app="no"}, job)',
            multi: true,
          },
        ],
      },
      panels: [panel('http_requests_total{job=~"$job"}'), panel('http_requets_total{job=~"$job"}')],
    }),
    'd.json',
  )
  const { panels } = await runDashboards({
    dashboards: [withVariable],
    datasources: [prometheusAt(prometheus.url)],
    range,
  })
  expect(panels[0]?.reason).toBe(
    'expected values for the variables of http_requests_total{job=~""}; seen $job has no value: label_values(http_requests_total{app="no"}, job) finds none; try correct the query of the variable',
  )
  expect(panels[1]?.reason).toContain('http_requets_total was never seen')
})

const lokiAt = (url: string): Datasource => ({
  type: 'loki',
  uid: 'loki',
  name: 'Loki',
  url,
  isDefault: true,
})
const streams = [{ namespace: 'apps', app: 'go' }]

async function ofLoki(expr: string, lines: (query: string) => number = () => 0, more: object = {}) {
  await using loki = await lokiDouble({ streams, lines, series: () => series(2) })
  const { panels } = await runDashboards({
    dashboards: [dashboard(panel(expr, more))],
    datasources: [lokiAt(loki.url)],
    range,
  })
  return panels[0]
}

test('lines of a log panel are counted, and a metric query of Loki has series', async () => {
  const ofLines = await ofLoki('{app="go"}', () => 3)
  expect([ofLines?.verdict, ofLines?.queries[0]?.rows]).toEqual(['data', 3])
  const ofSeries = await ofLoki('sum(count_over_time({app="go"} | json [$__auto]))')
  expect(ofSeries?.queries[0]?.sent).toBe('sum(count_over_time({app="go"} | json [200ms]))')
  expect(ofSeries?.queries[0]?.series).toHaveLength(1)
})

test('the part of a LogQL query that lets nothing through is named', async () => {
  expect((await ofLoki('{appp="go"}'))?.reason).toContain(
    'seen label appp is on no series of any stream; nearest: app; try correct the name',
  )
  expect((await ofLoki('{app="node"}'))?.reason).toContain(
    'seen app="node" matches no series of any stream; app is go; try',
  )
  const lines = (query: string) => (query.includes('|= "ERROR"') ? 0 : 5)
  expect((await ofLoki('{app="go"} | json |= "ERROR" | level="x"', lines))?.reason).toContain(
    'seen |= "ERROR" lets no line of {app="go"} through; try',
  )
  expect((await ofLoki('{app="go"}', () => 0))?.reason).toContain(
    'seen no line of {app="go"} in this time; try',
  )
})
