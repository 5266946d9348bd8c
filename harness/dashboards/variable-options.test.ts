import { expect, test } from 'vitest'
import { customOptions, intervalOptions, keepMatching, sorted } from './variable-options.ts'
import { lokiQueryOf, readLokiQuery, readPrometheusQuery } from './variable-query.ts'

const options = (...values: string[]) => values.map((value) => ({ text: value, value }))
const values = (found: readonly { value: string }[] | undefined) => found?.map(({ value }) => value)

// Grafana's documentation, dashboards/variables/add-template-variables: "Add a custom variable".
test('reads a list of values, and of texts and their values', () => {
  expect(customOptions('1, 10, mykey : myvalue, escaped\\,value')).toEqual([
    ...options('1', '10'),
    { text: 'mykey', value: 'myvalue' },
    ...options('escaped,value'),
  ])
})

// Same page, "Add an interval variable": auto is what the range has for the number of steps, and at least its minimum.
test('reads a list of intervals, with what auto comes to in front', () => {
  const query = '1m,10m, 30m,"1h"'
  expect(values(intervalOptions({ query }, 3_600_000))).toEqual(['1m', '10m', '30m', '1h'])
  const auto = { count: 30, min: '10s' }
  expect(values(intervalOptions({ query, auto }, 3_600_000))).toEqual(['2m', '1m', '10m', '30m', '1h'])
  expect(values(intervalOptions({ query, auto }, 60_000))?.[0]).toBe('10s')
})

// Same page, "Filter variables with regex": its list, and what its examples keep of it.
const backends = options('backend_01', 'backend_02', 'backend_03', 'backend_04')
test.each([
  ['/.*[2]/', ['backend_02']],
  ['/.*(01|02)/', ['01', '02']],
  ['/.*[2|4]/', ['backend_02', 'backend_04']],
  ['', ['backend_01', 'backend_02', 'backend_03', 'backend_04']],
  ['backend_0[12]', ['backend_01', 'backend_02']],
  ['0[12]', []],
])('a regular expression %s keeps %j', (regex, kept) => {
  expect(values(keepMatching(backends, regex))).toEqual(kept)
})

// Same page, "Filter and modify using named text and value capture groups".
test('groups named text and value make both of what a query answers', () => {
  const found = options(
    'node_hwmon_chip_names{chip="enp216s0f0np0",chip_name="enp216s0f0np0",instance="server-a"} 1 1694000000000',
  )
  const regex = '/chip_name="(?<text>[^"]+)|chip="(?<value>[^"]+)/g'
  expect(keepMatching(found, regex)?.[0]).toEqual({ text: 'enp216s0f0np0', value: 'enp216s0f0np0' })
  expect(keepMatching(options('a=1'), '/(?<text>.)=(?<value>.)/')).toEqual([{ text: 'a', value: '1' }])
})

// grafana/grafana public/app/features/variables/query/reducer.test.ts: '/.*(a).*/i' keeps A of A and B.
test('flags count', () => {
  expect(values(keepMatching(options('A', 'B'), '/.*(a).*/i'))).toEqual(['A'])
})

test('an expression that JavaScript does not read keeps nothing and says so', () => {
  expect(keepMatching(backends, '/(?P<x>a)/')).toBeUndefined()
})

test.each([
  [0, ['b10', 'B2', 'a1']],
  [1, ['B2', 'a1', 'b10']],
  [2, ['b10', 'a1', 'B2']],
  [3, ['a1', 'B2', 'b10']],
  [4, ['b10', 'B2', 'a1']],
  [5, ['a1', 'b10', 'B2']],
  [6, ['B2', 'b10', 'a1']],
  [7, ['a1', 'B2', 'b10']],
  [8, ['b10', 'B2', 'a1']],
  [99, ['b10', 'B2', 'a1']],
])('order %d', (sort, expected) => {
  expect(values(sorted(options('b10', 'B2', 'a1'), sort))).toEqual(expected)
})

// grafana/grafana packages/grafana-prometheus/src/metric_find_query.test.ts.
test.each([
  ['label_names()', { asks: 'label names' }],
  ['label_values(resource)', { asks: 'label values', label: 'resource' }],
  ['label_values({   }, resource)', { asks: 'label values', label: 'resource' }],
  ['label_values(metric, resource)', { asks: 'label values', label: 'resource', selector: 'metric' }],
  [
    'label_values(metric{label1="foo", label2="bar", label3="baz"}, resource)',
    { asks: 'label values', label: 'resource', selector: 'metric{label1="foo", label2="bar", label3="baz"}' },
  ],
  ['metrics(metric.*)', { asks: 'metric names', pattern: 'metric.*' }],
  ['query_result(metric)', { asks: 'query result', expr: 'metric' }],
  ['query_result(topk(1, sum(x) by (y)))', { asks: 'query result', expr: 'topk(1, sum(x) by (y))' }],
  ['up{job="job1"}', { asks: 'series', selector: 'up{job="job1"}' }],
])('a variable of Prometheus: %s', (text, query) => {
  expect(readPrometheusQuery(text)).toEqual(query)
})

test.each([
  ['label_names()', { asks: 'label names' }],
  ['label_values(namespace)', { asks: 'label values', label: 'namespace' }],
  ['label_values({a="b"}, namespace)', { asks: 'label values', label: 'namespace', stream: '{a="b"}' }],
  ['rate({a="b"}[1m])', undefined],
])('a variable of Loki: %s', (text, query) => {
  expect(readLokiQuery(text)).toEqual(query)
})

test('a variable of Loki in its own form', () => {
  expect(lokiQueryOf({ label: '', stream: '', type: 0 })).toEqual({ asks: 'label names' })
  expect(lokiQueryOf({ label: 'app', stream: '{a="b"}', type: 1 })).toEqual({
    asks: 'label values',
    label: 'app',
    stream: '{a="b"}',
  })
})
