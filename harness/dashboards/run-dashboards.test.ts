import { expect, test } from 'vitest'
import { deadAddress } from '../core/backend-double.ts'
import { lokiDouble, prometheusDouble } from './datasource-double.ts'
import { readDashboard } from './read-dashboard.ts'
import { runDashboards } from './run-dashboards.ts'
import {
  dashboard,
  designed,
  lokiAt,
  one,
  panel,
  prometheusAt,
  range,
  run,
  series,
  stored,
  streams,
} from './small-run-double.ts'

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
    'seen label appp is on no stream; nearest: app; try correct the name',
  )
  expect((await ofLoki('{app="node"}'))?.reason).toContain(
    'seen app="node" matches no stream; app is go; try',
  )
  const lines = (query: string) => (query.includes('|= "ERROR"') ? 0 : 5)
  expect((await ofLoki('{app="go"} | json |= "ERROR" | level="x"', lines))?.reason).toContain(
    'seen |= "ERROR" lets no line of {app="go"} through; try',
  )
  expect((await ofLoki('{app="go"}', () => 0))?.reason).toContain(
    'seen no line of {app="go"} in this time; try',
  )
})

test('a query that is refused because a variable has no value says that first', async () => {
  await using prometheus = await prometheusDouble({ stored, answers: () => ({ error: 'no such duration' }) })
  const text = JSON.stringify({
    uid: 'd',
    title: 'D',
    templating: { list: [{ name: 'w', type: 'query', query: 'label_values(http_requests_total, window)' }] },
    panels: [panel('rate(http_requests_total[$w])')],
  })
  const { panels } = await runDashboards({
    dashboards: [readDashboard(text, 'd.json')],
    datasources: [prometheusAt(prometheus.url)],
    range,
  })
  expect(panels[0]?.reason).toBe(
    'expected values for the variables of rate(http_requests_total[]); seen $w has no value: label_values(http_requests_total, window) finds none; then prometheus: no such duration; try correct the query of the variable',
  )
})
