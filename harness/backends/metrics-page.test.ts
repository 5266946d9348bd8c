import { expect, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { parseMetric, readMetric } from './metrics-page.ts'

const page = `# HELP requests_total Requests. requests_total{app="comment"} 1
# TYPE requests_total counter
requests_total{method="GET",route="/v1/{id}",status="200"} 12
requests_total{method="GET",route="/v1/{id}",status="500"} 0
requests_total 3
requests_total{} 4 1763884800000
requests_total_created{method="GET"} 1.7e9
requests{method="GET"} 99
seconds_bucket{le="+Inf"} 1e3
process_start_time_seconds 1.76388480025e+09
`

test('reads every sample of one metric and no other', () => {
  expect(parseMetric(page, 'requests_total')).toEqual([
    { labels: { method: 'GET', route: '/v1/{id}', status: '200' }, value: 12 },
    { labels: { method: 'GET', route: '/v1/{id}', status: '500' }, value: 0 },
    { labels: {}, value: 3 },
    { labels: {}, value: 4 },
  ])
  expect(parseMetric(page, 'requests')).toEqual([{ labels: { method: 'GET' }, value: 99 }])
  expect(parseMetric(page, 'seconds_bucket')).toEqual([{ labels: { le: '+Inf' }, value: 1000 }])
  expect(parseMetric(page, 'process_start_time_seconds')).toEqual([{ labels: {}, value: 1_763_884_800.25 }])
})

test.each(['', 'requests_tota', 'requests_total_', 'HELP', '#'])('finds nothing for %j', (metric) => {
  expect(parseMetric(page, metric)).toEqual([])
})

test.each([
  ['a\\\\b', 'a\\b'],
  ['a\\"b', 'a"b'],
  ['a\\nb', 'a\nb'],
  ['a\\\\nb', 'a\\nb'],
  ['a\\\\', 'a\\'],
  ['} 7', '} 7'],
  ['x="y",z="w"', 'x="y",z="w"'],
  ['', ''],
  ['é, {}', 'é, {}'],
])('reads the label value %j as %j', (written, value) => {
  const escaped = written.includes('="') ? written.replaceAll('"', '\\"') : written
  expect(parseMetric(`m{a="${escaped}",b="2"} 5\n`, 'm')).toEqual([
    { labels: { a: value, b: '2' }, value: 5 },
  ])
})

test('what a page writes of any label is read as it was', () => {
  const parts = ['\\', '"', '\n', 'n', ',', '=', '{', '}', ' ', 'a']
  const values = parts.flatMap((a) => parts.flatMap((b) => parts.map((c) => a + b + c)))
  const escaped = (text: string) =>
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  const written = values.map((value, index) => `m{v="${escaped(value)}",w="x"} ${index}`).join('\n')
  expect(parseMetric(written, 'm')).toEqual(
    values.map((v, index) => ({ labels: { v, w: 'x' }, value: index })),
  )
})

test.each([
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
  ['NaN', Number.NaN],
  ['1e-3', 0.001],
])('reads the value %s', (text, value) => {
  expect(parseMetric(`m ${text}\n`, 'm')).toEqual([{ labels: {}, value }])
})

test('asks an app for its page in the text format', async () => {
  await using app = await backendDouble((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(page)
  })
  expect(await readMetric('go', app.url, 'requests')).toEqual([{ labels: { method: 'GET' }, value: 99 }])
  expect(app.asked[0]).toMatchObject({ path: '/metrics', headers: { accept: 'text/plain' } })
})

test('refuses what is no metrics page', async () => {
  await using app = await backendDouble((_, response) => {
    response.writeHead(404).end('not found')
  })
  await expect(readMetric('go', app.url, 'requests')).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: {
      expected: `a metrics page of go at ${app.url}/metrics`,
      seen: 'status 404',
      remedy: 'look at the log of go',
    },
  })
})
