import { expect, test } from 'vitest'
import { type ChosenValue, interpolate, single, variableReferences } from './interpolate.ts'
import { formatForQuery } from './value-formats.ts'

const several = (...values: string[]): ChosenValue => ({
  value: values,
  text: values.join(' + '),
  isPattern: true,
})

const docs = 'grafana/grafana docs/sources/dashboards/variables/variable-syntax/index.md'
const templateSrv = 'grafana/grafana public/app/features/templating/template_srv.test.ts'

/** Each line as it is published there. */
const published: readonly (readonly [source: string, text: string, value: ChosenValue, result: string])[] = [
  [docs, '${servers:csv}', several('test1', 'test2'), 'test1,test2'],
  [docs, '${servers:distributed}', several('test1', 'test2'), 'test1,servers=test2'],
  [docs, '${servers:doublequote}', several('test1', 'test2'), '"test1","test2"'],
  [docs, '${servers:glob}', several('test1', 'test2'), '{test1,test2}'],
  [docs, '${servers:lucene}', several('test1', 'test2'), '("test1" OR "test2")'],
  [docs, '${servers:pipe}', several('test1.', 'test2'), 'test1.|test2'],
  [docs, '${servers:raw}', several('test1.', 'test2'), 'test1.,test2'],
  [docs, '${servers:regex}', several('test1.', 'test2'), '(test1\\.|test2)'],
  [docs, '${servers:singlequote}', several('test1', 'test2'), "'test1','test2'"],
  [docs, '${servers:sqlstring}', several("test'1", 'test2'), "'test''1','test2'"],
  [docs, '${servers:text}', several('test1', 'test2'), 'test1 + test2'],
  [docs, '${servers:queryparam}', several('test1', 'test2'), 'var-servers=test1&var-servers=test2'],
  [docs, '${servers:nonsense}', several('test1', 'test2'), '{test1,test2}'],
  [templateSrv, 'this.[[servers]].filters', single('oogle'), 'this.oogle.filters'],
  [templateSrv, 'this.$servers.filters', single('mupp'), 'this.mupp.filters'],
  [templateSrv, 'this.${servers:glob}.filters', several('value1', 'value2'), 'this.{value1,value2}.filters'],
  [templateSrv, 'this.${servers:glob}.filters', several('value1'), 'this.value1.filters'],
  [templateSrv, '${servers:pipe},$servers', several('value1', 'value2'), 'value1|value2,{value1,value2}'],
  [templateSrv, 'this:${servers:lucene}', single('value/4'), 'this:value\\/4'],
  [
    templateSrv,
    '${servers:html}',
    single('<script>alert(asd)</script>'),
    '&lt;script&gt;alert(asd)&lt;&#47;script&gt;',
  ],
  [
    templateSrv,
    '${servers:percentencode}',
    several('foo()bar BAZ', 'test2'),
    '%7Bfoo%28%29bar%20BAZ%2Ctest2%7D',
  ],
  [templateSrv, '${servers:regex}', single('Gi3/14'), 'Gi3\\/14'],
  [templateSrv, '${servers:singlequote}', several('test', "test'2"), "'test','test\\'2'"],
  [templateSrv, '${servers:doublequote}', several('test', 'test"2'), '"test","test\\"2"'],
  [templateSrv, '${servers:sqlstring}', single("test'value"), "'test''value'"],
  [templateSrv, '${servers:raw}', single("'test\n"), "'test\n"],
  [templateSrv, '${servers}', single(1594671549254), '1594671549254'],
  [templateSrv, '${servers:date:seconds}', single(1594671549254), '1594671549'],
  [templateSrv, '${servers:date}', single(1594671549254), '2020-07-13T20:19:09.254Z'],
  [templateSrv, '${servers:date:iso}', single(1594671549254), '2020-07-13T20:19:09.254Z'],
  [templateSrv, '${servers:date:YYYY-MM}', single(1594671549254), '2020-07'],
  [templateSrv, '10 * $servers', single(100), '10 * 100'],
]

test.each(published)('%s: %s', (_source, text, value, result) => {
  expect(interpolate(text, { servers: value })).toBe(result)
})

// template_srv.test.ts, "variable with all option and custom value".
const all = (value: string): ChosenValue => ({ value, text: 'All', isVerbatim: true, isPattern: true })
test.each([
  ['this.${test:glob}.filters', '*', 'this.*.filters'],
  ['this.${test:text}.filters', '*', 'this.All.filters'],
  ['this.${test:regex}', '*', 'this.*'],
  ['${test:queryparam}', '*', 'var-test=All'],
  ['this.${test:percentencode}', '.+', 'this..%2B'],
])('a dashboard writes the value of All as %s, for %s', (text, value, result) => {
  expect(interpolate(text, { test: all(value) })).toBe(result)
})

test('a date pattern may hold colons', () => {
  expect(interpolate('${t:date:YYYY-MM-DD HH:mm:ss}', { t: single(1594671549254) })).toBe(
    '2020-07-13 20:19:09',
  )
})

test('a json format has a text as it is and several as a list', () => {
  expect(interpolate('${a:json} ${b:json}', { a: single('x'), b: several('x', 'y') })).toBe('x ["x","y"]')
})

test('a variable that is not known stays as it is written, as in Grafana', () => {
  expect(interpolate('$a ${b:csv} [[c]] $1', { a: single('x') })).toBe('x ${b:csv} [[c]] $1')
})

test('a longer name is another variable, and a field of one is told apart by its dot', () => {
  const values = { a: single('x'), __dashboard: single('Title'), '__dashboard.uid': single('uid') }
  expect(interpolate('$a_b ${__dashboard} ${__dashboard.uid}', values)).toBe('$a_b Title uid')
})

test('finds what a text refers to, without the groups of a replacement', () => {
  expect(
    variableReferences('label_replace(x{a="$app", b=~"${b:regex}", c="[[c]]"}, "d", "$1", "e", "(.*)$")'),
  ).toEqual([
    { written: '$app', name: 'app' },
    { written: '${b:regex}', name: 'b', format: 'regex' },
    { written: '[[c]]', name: 'c' },
  ])
})

// interpolateQueryExpr and the escapes beside it, packages/grafana-prometheus/src/escaping.ts; Loki's joins without a group.
test.each([
  ['promql', false, 'a\\b', 'a\\\\b'],
  ['promql', false, "it's", "it\\\\'s"],
  ['promql', false, 'a.b', 'a.b'],
  ['promql', true, 'a.b', 'a\\\\.b'],
  ['promql', true, 'a\\b', 'a\\\\\\\\b'],
  ['promql', true, ['a'], 'a'],
  ['promql', true, ['a.b', 'c'], '(a\\\\.b|c)'],
  ['promql', true, [], '()'],
  ['logql', false, 'a.b', 'a.b'],
  ['logql', true, ['a.b', 'c'], 'a\\\\.b|c'],
  ['traceql', true, ['a', 'c'], 'a|c'],
] as const)('%s, part of a pattern %s: %j is written %s', (language, isPattern, value, result) => {
  expect(formatForQuery(value, { language, isPattern })).toBe(result)
})
