import { expect, test } from 'vitest'
import { lokiDouble, prometheusDouble } from './datasource-double.ts'
import type { Datasource } from './datasources.ts'
import { interpolate } from './interpolate.ts'
import { readDashboard } from './read-dashboard.ts'
import { resolveVariables, type WantedValues } from './resolve-variables.ts'

const range = { fromMs: 1_000_000, toMs: 4_600_000 }
const stored = [
  { __name__: 'up', namespace: 'apps', app: 'go' },
  { __name__: 'up', namespace: 'apps', app: 'node' },
  { __name__: 'up', namespace: 'other', app: 'x' },
  { __name__: 'down', namespace: 'apps' },
]

async function resolve(list: readonly object[], wanted?: WantedValues) {
  await using prometheus = await prometheusDouble({
    stored,
    answers: () => [{ labels: { __name__: 'up', app: 'go' }, values: [1, 3846] }],
  })
  await using loki = await lokiDouble({ streams: [{ namespace: 'apps', app: 'go' }, { app: 'b' }] })
  const datasources: Datasource[] = [
    { type: 'prometheus', uid: 'p2', name: 'Second', url: prometheus.url },
    { type: 'prometheus', uid: 'p1', name: 'First', url: prometheus.url, isDefault: true },
    { type: 'loki', uid: 'l', name: 'Loki', url: loki.url },
  ]
  const dashboard = readDashboard(
    JSON.stringify({ uid: 'u', title: 'T', templating: { list }, panels: [] }),
    'd.json',
  )
  const resolved = await resolveVariables(dashboard, {
    datasources,
    range,
    ...(wanted === undefined ? {} : { wanted }),
  })
  return { ...resolved, asked: prometheus.asked.map(({ path }) => decodeURIComponent(path)) }
}

const query = (name: string, text: string, more: object = {}) => ({
  name,
  type: 'query',
  query: text,
  ...more,
})

test.each([
  ['label_values(up, app)', ['go', 'node', 'x']],
  ['label_values(namespace)', ['apps', 'other']],
  ['label_names()', ['__name__', 'app', 'namespace']],
  ['label_names(dow)', ['__name__', 'namespace']],
  ['metrics(^u)', ['up']],
  ['query_result(up)', ['up{app="go"} 3846 4600000']],
  ['up{app="go"}', ['up{namespace="apps",app="go"}']],
])('Prometheus is asked for %s', async (text, values) => {
  const { options } = await resolve([query('x', text)])
  expect(options.x?.map(({ value }) => value)).toEqual(values)
})

test('a query of an object form is asked like its text, within the range', async () => {
  const { options, asked } = await resolve([
    query('x', '', { query: { query: 'label_values(up, app)', refId: 'x' } }),
  ])
  expect(options.x).toHaveLength(3)
  expect(asked).toEqual(['/api/v1/label/app/values?match[]=up&start=1000&end=4600'])
})

test.each([
  [{ label: 'app', stream: '', type: 1 }, ['b', 'go']],
  [{ label: 'app', stream: '{namespace="apps"}', type: 1 }, ['go']],
  [{ label: '', stream: '', type: 0 }, ['app', 'namespace']],
  ['label_values({namespace="apps"}, app)', ['go']],
])('Loki is asked for %j', async (text, values) => {
  const { options } = await resolve([
    { name: 'x', type: 'query', query: text, datasource: { type: 'loki', uid: 'l' } },
  ])
  expect(options.x?.map(({ value }) => value)).toEqual(values)
})

test('a variable that refers to another is asked after it, whatever their order', async () => {
  const list = [
    query('app', 'label_values(up{namespace=~"$namespace"}, app)', { multi: true, includeAll: true }),
    query('namespace', 'label_values(up, namespace)', { regex: '/oth/' }),
  ]
  const { values } = await resolve(list)
  expect(values.namespace?.value).toBe('other')
  expect(values.app?.value).toEqual(['x'])
})

test('variables that refer to each other do not wait for ever', async () => {
  const { values } = await resolve([
    query('a', 'label_values(up{app="$b"}, app)'),
    query('b', 'label_values(up{app="$a"}, app)'),
  ])
  expect(Object.keys(values)).toEqual(expect.arrayContaining(['a', 'b']))
})

const choose = (more: object, wanted?: WantedValues) =>
  resolve([query('x', 'label_values(up, app)', more)], wanted).then(({ values }) =>
    interpolate('app=~"$x"', values, 'promql'),
  )

test.each([
  ['the first value', {}, 'app=~"go"'],
  ['what was saved', { current: { value: 'node', text: 'node' } }, 'app=~"node"'],
  ['the first value for a saved one that is gone', { current: { value: 'old' } }, 'app=~"go"'],
  ['All, where the dashboard offers it', { includeAll: true }, 'app=~"(go|node|x)"'],
  [
    'All as saved',
    { includeAll: true, multi: true, current: { value: ['$__all'], text: ['All'] } },
    'app=~"(go|node|x)"',
  ],
  ['the own value of All', { includeAll: true, allValue: '.+', current: { value: '$__all' } }, 'app=~".+"'],
  ['several as saved', { multi: true, current: { value: ['go', 'x'] } }, 'app=~"(go|x)"'],
  ['those of several that still exist', { multi: true, current: { value: ['go', 'old'] } }, 'app=~"go"'],
  ['in its order', { sort: 2, includeAll: true }, 'app=~"(x|node|go)"'],
  ['what its expression keeps', { regex: '/o(.*)/', includeAll: true }, 'app=~"(|de)"'],
])('a variable has %s', async (_name, more, result) => {
  expect(await choose(more)).toBe(result)
})

test("the caller's choice goes before what was saved", async () => {
  const more = { multi: true, current: { value: ['go'] } }
  expect(await choose(more, { x: ['node', 'new'] })).toBe('app=~"(node|new)"')
  expect(await choose({ ...more, includeAll: true }, { x: '$__all' })).toBe('app=~"(go|node|x)"')
})

test('the other kinds have what the dashboard says', async () => {
  const { values } = await resolve([
    { name: 'c', type: 'custom', query: 'one : 1, two : 2', current: { text: 'two', value: '2' } },
    {
      name: 'i',
      type: 'interval',
      query: '1m,5m',
      auto: true,
      auto_count: 30,
      auto_min: '10s',
      current: { value: '$__auto_interval_i' },
    },
    { name: 'j', type: 'interval', query: '1m,5m', current: { value: '5m' } },
    { name: 't', type: 'textbox', query: 'x', current: { value: 'typed' } },
    { name: 'u', type: 'textbox', query: 'x' },
    { name: 'k', type: 'constant', query: 'y' },
    { name: 'd', type: 'datasource', query: 'prometheus' },
    { name: 'e', type: 'datasource', query: 'prometheus', regex: '/^Sec/' },
    { name: 'f', type: 'datasource', query: 'prometheus', current: { text: 'Second', value: 'Second' } },
  ])
  expect(interpolate('$c $i $j $t $u $k $d $e $f', values)).toBe('2 2m 5m typed x y p1 p2 p2')
  expect(interpolate('${c:text} ${d:text}', values)).toBe('two First')
})

test('the built-in variables of the dashboard and its range', async () => {
  const { values } = await resolve([])
  expect(interpolate('$__from ${__to:date:iso} $__dashboard ${__dashboard.uid} $__range', values)).toBe(
    '1000000 1970-01-01T01:16:40.000Z T u 3600s',
  )
})

test('why a variable has no value is said, by its name', async () => {
  const { problems, unsupported } = await resolve([
    query('none', 'label_values(up{app="no"}, app)'),
    query('narrow', 'label_values(up, app)', { regex: '/zzz/' }),
    query('missing', 'label_values(up, app)', { datasource: { type: 'prometheus', uid: 'p9' } }),
    { name: 'd', type: 'datasource', query: 'elasticsearch' },
    query('re', 'label_values(up, app)', { regex: '/(?P<x>a)/' }),
    query('odd', 'whatever', { datasource: { type: 'loki', uid: 'l' } }),
    query('sql', 'select 1', { datasource: { type: 'mysql', uid: 'm' }, current: { value: 'saved' } }),
  ])
  expect(problems).toEqual({
    none: '$none has no value: label_values(up{app="no"}, app) finds none',
    narrow: '$narrow has no value: label_values(up, app) finds 3, of which /zzz/ keeps none',
    missing: '$missing asks datasource p9 of type prometheus, which is none of p2, p1, l',
    d: 'no datasource of type elasticsearch for $d',
    sql: '$sql asks datasource of type mysql',
  })
  expect(unsupported.map(({ path, construct }) => [path, construct])).toEqual([
    [
      'templating.list[2]',
      'variable $missing of datasource p9 of type prometheus, which is none of p2, p1, l',
    ],
    ['templating.list[4]', 'regular expression of $re: /(?P<x>a)/'],
    ['templating.list[5]', 'query of $odd: whatever'],
    ['templating.list[6]', 'variable $sql of datasource of type mysql'],
  ])
})

test("a query that the datasource refuses is told in the datasource's words", async () => {
  await using prometheus = await prometheusDouble({ answers: () => ({ error: 'no such function' }) })
  const dashboard = readDashboard(
    JSON.stringify({ templating: { list: [query('x', 'query_result(foo(up))')] }, panels: [] }),
    'd.json',
  )
  const datasource: Datasource = {
    type: 'prometheus',
    uid: 'p',
    name: 'P',
    url: prometheus.url,
    isDefault: true,
  }
  const { problems } = await resolveVariables(dashboard, { datasources: [datasource], range })
  expect(problems.x).toBe('$x has no value: query_result(foo(up)) is answered prometheus: no such function')
})
