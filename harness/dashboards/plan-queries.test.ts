import { expect, test } from 'vitest'
import type { Datasource } from './datasources.ts'
import { type ChosenValues, single } from './interpolate.ts'
import { planPanels } from './plan-queries.ts'
import { readDashboard } from './read-dashboard.ts'

const datasources: Datasource[] = [
  {
    type: 'prometheus',
    uid: 'p',
    name: 'Prometheus',
    url: 'http://p',
    isDefault: true,
    scrapeIntervalMs: 5_000,
  },
  { type: 'loki', uid: 'l', name: 'Loki', url: 'http://l' },
  { type: 'tempo', uid: 't', name: 'Tempo', url: 'http://t' },
]
const several = { value: ['a', 'b'], text: 'a + b', isPattern: true }

function plan(panel: object, { values = {}, list = [] }: { values?: ChosenValues; list?: object[] } = {}) {
  const dashboard = readDashboard(
    JSON.stringify({
      title: 'T',
      templating: { list },
      panels: [{ title: 'P $app', type: 'stat', ...panel }],
    }),
    'd.json',
  )
  return planPanels(dashboard, {
    resolved: {
      values,
      options: {
        app: [
          { text: 'a', value: 'a' },
          { text: 'b', value: 'b' },
        ],
      },
      problems: {},
      unsupported: [],
    },
    datasources,
    range: { fromMs: 1_000_003_000, toMs: 1_000_903_000 },
    maxDataPoints: 300,
  })
}

const first = (panel: object, more?: { values?: ChosenValues; list?: object[] }) => {
  const planned = plan(panel, more)
  return { ...planned, query: planned.panels[0]?.queries[0] }
}

test('a range query of Prometheus begins and ends on a multiple of its step', () => {
  const { query } = first({ targets: [{ expr: 'rate(x[$__rate_interval]) > $__interval_ms' }] })
  expect(query).toMatchObject({ sent: 'rate(x[20s]) > 5000', datasource: { type: 'prometheus', uid: 'p' } })
  expect(query?.ask).toMatchObject({
    kind: 'range',
    stepMs: 5_000,
    fromMs: 1_000_000_000,
    toMs: 1_000_900_000,
  })
})

test('an instant query is asked at the end of the range as it is', () => {
  const { query } = first({ targets: [{ expr: 'x', instant: true }] })
  expect(query?.ask).toMatchObject({ kind: 'instant', toMs: 1_000_903_000 })
})

test("a target's least step and its factor, and a panel's interval and points, make the step", () => {
  const step = (target: object, panel: object = {}) =>
    first({ ...panel, targets: [{ expr: 'x', ...target }] }).query?.ask?.stepMs
  expect(step({ interval: '1m' })).toBe(60_000)
  expect(step({ interval: '$__rate_interval' })).toBe(20_000)
  expect(step({ intervalFactor: 2 })).toBe(10_000)
  expect(step({}, { interval: '2m' })).toBe(120_000)
  expect(step({}, { maxDataPoints: 30 })).toBe(30_000)
})

test('a panel has its own time, and the dashboard keeps its own for a notation that is not known', () => {
  const { query } = first({
    timeFrom: '5m',
    timeShift: '1h',
    targets: [{ expr: 'x[$__range]', instant: true }],
  })
  expect(query?.ask).toMatchObject({ fromMs: 997_003_000, toMs: 997_303_000, expr: 'x[300s]' })
  const odd = first({ timeFrom: '1d/d', targets: [{ expr: 'x' }] })
  expect(odd.unsupported).toMatchObject([
    { panel: 'P $app', path: 'panels[0]', construct: 'time range 1d/d' },
  ])
  expect(odd.query?.ask?.fromMs).toBe(1_000_000_000)
})

test('Loki: range, instant and lines, with $__auto of each', () => {
  const loki = { datasource: { type: 'loki', uid: 'l' } }
  const ask = (target: object) => first({ ...loki, targets: [target] }).query?.ask
  const rate = 'rate({a="b"}[$__auto])'
  expect(ask({ expr: rate })).toMatchObject({ kind: 'range', expr: 'rate({a="b"}[2s])', stepMs: 2_000 })
  expect(ask({ expr: rate, queryType: 'instant' })).toMatchObject({
    kind: 'instant',
    expr: 'rate({a="b"}[900s])',
  })
  expect(ask({ expr: rate, step: '1m' })).toMatchObject({ kind: 'range', expr: 'rate({a="b"}[1m])' })
  expect(ask({ expr: '{a="b"}', queryType: 'instant' })).toMatchObject({ kind: 'range', limit: 1_000 })
  expect(ask({ expr: '{a="b"}', maxLines: 7 })).toMatchObject({ kind: 'range', limit: 7 })
})

test('Tempo is asked in TraceQL, and another kind of query is named', () => {
  const tempo = { datasource: { type: 'tempo', uid: 't' } }
  const search = first(
    { ...tempo, targets: [{ query: '{ name = "$app" }', queryType: 'traceql' }] },
    { values: { app: single('x') } },
  )
  expect(search.query?.ask).toMatchObject({ kind: 'traces', expr: '{ name = "x" }', limit: 20 })
  expect(search.unsupported).toEqual([])
  const graph = first({ ...tempo, targets: [{ query: 'x', queryType: 'serviceMap' }] })
  expect(graph.unsupported).toMatchObject([
    { construct: 'Tempo query of type serviceMap', effect: 'asked as TraceQL' },
  ])
})

test('a panel is there once for each value that it is repeated for', () => {
  const panel = { repeat: 'app', targets: [{ expr: 'x{app=~"$app"}' }] }
  const sent = (values: ChosenValues) =>
    plan(panel, { values }).panels.map(({ title, queries }) => [title, queries[0]?.sent])
  const each = [
    ['P a', 'x{app=~"a"}'],
    ['P b', 'x{app=~"b"}'],
  ]
  expect(sent({ app: several })).toEqual(each)
  expect(sent({ app: { value: '.+', text: 'All', isVerbatim: true, isPattern: true } })).toEqual(each)
  expect(sent({ app: single('z') })).toEqual([['P z', 'x{app=~"z"}']])
  expect(sent({ app: { value: [], text: 'All', isPattern: true } })).toEqual([['P ', 'x{app=~"()"}']])
})

test('the filters of ad hoc variables are on every selector of their datasource', () => {
  const filters = [
    { key: 'env', operator: '=', value: 'a"b' },
    { key: 'app', operator: '!~', value: 'x.*' },
    { key: 'n', operator: '<', value: '5' },
  ]
  const list = [{ name: 'f', type: 'adhoc', datasource: { uid: 'p' }, filters }]
  const sum = first({ targets: [{ expr: 'sum(rate(x{a="b",}[5m])) / y + z{} + w{c="d"}' }] }, { list })
  const added = 'env="a\\"b",app!~"x.*"'
  expect(sum.query?.sent).toBe(
    `sum(rate(x{a="b",${added}}[5m])) / y{${added}} + z{${added}} + w{c="d",${added}}`,
  )
  expect(sum.unsupported).toMatchObject([{ construct: 'filter n <', effect: 'asked without it' }])
  const ofLoki = { datasource: { type: 'loki', uid: 'l' }, targets: [{ expr: '{a="b"} |= "c"' }] }
  expect(first(ofLoki, { list }).query?.sent).toBe('{a="b"} |= "c"')
  const lokiList = [{ ...list[0], datasource: { uid: 'l' } }]
  expect(first(ofLoki, { list: lokiList }).query?.sent).toBe(`{a="b",${added}} |= "c"`)
})

test.each([
  [
    'a variable that the dashboard has not',
    { targets: [{ expr: 'x{a="$nobody"}' }] },
    'variable $nobody',
    'left as it is',
  ],
  ['exemplars', { targets: [{ expr: 'x', exemplar: true }] }, 'exemplars', 'asked without them'],
  [
    'range and instant at once',
    { targets: [{ expr: 'x', range: true, instant: true }] },
    'range and instant in one target',
    'asked as a range query',
  ],
  [
    'an expression',
    { targets: [{ datasource: { type: '__expr__', uid: '__expr__' } }] },
    'an expression over other queries',
    'not asked',
  ],
  [
    'another panel',
    { datasource: '-- Dashboard --', targets: [{}] },
    'the results of another panel',
    'not asked',
  ],
  ['random values', { datasource: '-- Grafana --', targets: [{}] }, "Grafana's own datasource", 'not asked'],
  [
    'SQL',
    { datasource: { type: 'mysql', uid: 'm' }, targets: [{ rawSql: 'x' }] },
    'datasource of type mysql',
    'not asked',
  ],
  [
    'a name of unknown type',
    { datasource: 'graphite', targets: [{}] },
    'datasource graphite, which is none of p, l, t',
    'not asked',
  ],
  ['no query', { targets: [{}] }, 'target without a query', 'not asked'],
])('names %s', (_name, panel, construct, effect) => {
  expect(plan(panel).unsupported).toMatchObject([{ dashboard: 'd.json', panel: 'P $app', construct, effect }])
})
