import { expect, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { Prometheus } from './prometheus.ts'

const success = (data: unknown) => ({ status: 'success', data })
const sample = { metric: { app: 'go' }, value: [1_763_884_800.25, '6'] }

test('reads an instant query, its times in milliseconds', async () => {
  await using prometheus = await backendDouble(success({ resultType: 'vector', result: [sample] }))
  const samples = await new Prometheus(prometheus.url).query('up{app="go"} == 1', { atMs: 1_763_884_800_500 })
  expect(samples).toEqual([{ labels: { app: 'go' }, atMs: 1_763_884_800_250, value: 6 }])
  const [asked] = prometheus.asked
  expect(asked?.path).toMatch(/^\/api\/v1\/query\?/)
  expect(Object.fromEntries(asked?.query ?? [])).toEqual({ query: 'up{app="go"} == 1', time: '1763884800.5' })
})

test('an instant query without a moment leaves it to Prometheus', async () => {
  await using prometheus = await backendDouble(success({ resultType: 'vector', result: [] }))
  expect(await new Prometheus(prometheus.url).query('up')).toEqual([])
  expect(prometheus.asked[0]?.query.has('time')).toBe(false)
})

test.each([
  ['NaN', Number.NaN],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
  ['1e3', 1000],
])('reads the value %s', async (text, value) => {
  const result = [{ ...sample, value: [1, text] }]
  await using prometheus = await backendDouble(success({ resultType: 'vector', result }))
  expect((await new Prometheus(prometheus.url).query('x'))[0]?.value).toBe(value)
})

test('reads every stored sample of a window, in whole milliseconds that do not cut it', async () => {
  const result = [
    {
      metric: { app: 'go' },
      values: [
        [1.5, '5'],
        [2, '6'],
      ],
    },
  ]
  await using prometheus = await backendDouble(success({ resultType: 'matrix', result }))
  expect(await new Prometheus(prometheus.url).samples('errors{app="go"}', 1500.2)).toEqual([
    {
      labels: { app: 'go' },
      samples: [
        { atMs: 1500, value: 5 },
        { atMs: 2000, value: 6 },
      ],
    },
  ])
  expect(prometheus.asked[0]?.query.get('query')).toBe('errors{app="go"}[1501ms]')
  expect(prometheus.asked[0]?.query.has('time')).toBe(false)
  await new Prometheus(prometheus.url).samples('errors', 1000, { atMs: 90_500 })
  expect(prometheus.asked[1]?.query.get('time')).toBe('90.5')
})

test('reads targets, alerts, configuration, flags, version and alertmanagers', async () => {
  const target = {
    labels: { job: 'apps' },
    scrapePool: 'apps',
    scrapeUrl: 'http://127.0.0.1:1/metrics',
    health: 'down',
    lastError: 'connection refused',
    lastScrape: '2026-11-23T08:00:00Z',
    scrapeInterval: '500ms',
    scrapeTimeout: '500ms',
  }
  const alert = {
    labels: { alertname: 'A' },
    annotations: {},
    state: 'pending',
    activeAt: '2026-11-23T08:00:00Z',
  }
  const answers: Record<string, unknown> = {
    '/api/v1/targets': { activeTargets: [target] },
    '/api/v1/alerts': { alerts: [alert] },
    '/api/v1/status/config': { yaml: 'global: {}\n' },
    '/api/v1/status/flags': { 'web.listen-address': '127.0.0.1:1' },
    '/api/v1/status/buildinfo': { version: '3.9.1' },
    '/api/v1/alertmanagers': { activeAlertmanagers: [{ url: 'http://127.0.0.1:2/api/v2/alerts' }] },
  }
  await using server = await backendDouble(({ path }, response) => {
    const data = answers[path.split('?')[0] ?? '']
    response.setHeader('content-type', 'application/json').end(JSON.stringify(success(data)))
  })
  const prometheus = new Prometheus(server.url)
  expect(await prometheus.targets()).toEqual([target])
  expect(await prometheus.alerts()).toEqual([alert])
  expect(await prometheus.configYaml()).toBe('global: {}\n')
  expect(await prometheus.flags()).toEqual({ 'web.listen-address': '127.0.0.1:1' })
  expect(await prometheus.version()).toBe('3.9.1')
  expect(await prometheus.activeAlertmanagers()).toEqual(['http://127.0.0.1:2/api/v2/alerts'])
})

test('reads exemplars with the series that they stand at', async () => {
  const seriesLabels = { __name__: 'seconds_bucket', app: 'a', le: '0.01' }
  const labels = { trace_id: '7b7ea445a3504afd62e9efc7e5f3a409', span_id: 'c2bfd018aed6f1e5' }
  const exemplars = [{ labels, value: '0.0071', timestamp: 1_763_884_800.25 }]
  await using server = await backendDouble(
    success([
      { seriesLabels, exemplars },
      { seriesLabels, exemplars: [] },
    ]),
  )
  const range = { fromMs: 1_763_884_800_000, toMs: 1_763_884_801_500 }
  expect(await new Prometheus(server.url).exemplars('seconds_bucket{app="a"}', range)).toEqual([
    { series: seriesLabels, labels, atMs: 1_763_884_800_250, value: 0.0071 },
  ])
  expect(Object.fromEntries(server.asked[0]?.query ?? [])).toEqual({
    query: 'seconds_bucket{app="a"}',
    start: '1763884800',
    end: '1763884801.5',
  })
})

test.each([
  ['a matrix for an instant query', success({ resultType: 'matrix', result: [] }), 'data.resultType'],
  ['an error with status 200', { status: 'error', error: 'query timed out' }, 'status'],
  [
    'a sample without a value',
    success({ resultType: 'vector', result: [{ metric: {} }] }),
    'data.result.0.value',
  ],
  ['no result at all', success({ resultType: 'vector' }), 'data.result'],
])('refuses %s, with the place', async (_, answer, place) => {
  await using prometheus = await backendDouble(answer)
  await expect(new Prometheus(prometheus.url).query('up')).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: {
      expected: expect.stringContaining("prometheus's API"),
      seen: expect.stringContaining(`at ${place} in `),
    },
  })
})

test('hands a refused query on with the words of Prometheus', async () => {
  await using prometheus = await backendDouble((_, response) => {
    response.writeHead(400).end('{"status":"error","error":"parse error: unexpected end of input"}')
  })
  await expect(new Prometheus(prometheus.url).query('sum(')).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: expect.stringContaining('parse error: unexpected end of input') },
  })
})

test('ends a query with its signal', async () => {
  await using prometheus = await backendDouble(() => {})
  const signal = AbortSignal.timeout(10)
  await expect(new Prometheus(prometheus.url).query('up', { signal })).rejects.toThrow(/timeout/)
})

test('a range query is asked in seconds, its points answered in milliseconds', async () => {
  const result = [
    {
      metric: { app: 'go' },
      values: [
        [1.5, '5'],
        [2, 'NaN'],
      ],
    },
  ]
  await using prometheus = await backendDouble(success({ resultType: 'matrix', result }))
  const range = { fromMs: 1_500, toMs: 3_000, stepMs: 500 }
  const series = await new Prometheus(prometheus.url).queryRange('rate(x[5s])', range)
  expect(series).toEqual([
    {
      labels: { app: 'go' },
      points: [
        [1_500, 5],
        [2_000, Number.NaN],
      ],
    },
  ])
  const [asked] = prometheus.asked
  expect(asked?.path).toMatch(/^\/api\/v1\/query_range\?/)
  expect(Object.fromEntries(asked?.query ?? [])).toEqual({
    query: 'rate(x[5s])',
    start: '1.5',
    end: '3',
    step: '0.5',
  })
})

test.each([
  [
    'a vector',
    { resultType: 'vector', result: [sample] },
    [{ labels: { app: 'go' }, points: [[1_763_884_800_250, 6]] }],
  ],
  ['a scalar', { resultType: 'scalar', result: [2, '7'] }, [{ labels: {}, points: [[2_000, 7]] }]],
  ['a string', { resultType: 'string', result: [2, 'x'] }, []],
  [
    'a matrix',
    { resultType: 'matrix', result: [{ metric: {}, values: [[1, '2']] }] },
    [{ labels: {}, points: [[1_000, 2]] }],
  ],
])('an instant query of any type may answer %s', async (_name, data, series) => {
  await using prometheus = await backendDouble(success(data))
  expect(await new Prometheus(prometheus.url).queryInstant('x', { atMs: 2_000 })).toEqual(series)
})

test.each([400, 422])(
  "a query that is refused with %d is told in Prometheus' words, in full",
  async (status) => {
    const error = `${'long '.repeat(60)}end`
    await using prometheus = await backendDouble((_, response) => {
      response.statusCode = status
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ status: 'error', errorType: 'bad_data', error }))
    })
    const asked = new Prometheus(prometheus.url).queryRange('x(', { fromMs: 0, toMs: 1, stepMs: 1 })
    await expect(asked).rejects.toMatchObject({
      code: 'BACKEND_BAD_ANSWER',
      account: { expected: 'a query that prometheus takes', seen: `prometheus: ${error}`, where: 'x(' },
    })
  },
)

test('labels, their values and series are asked for by selector, in a range or in all that is stored', async () => {
  await using prometheus = await backendDouble(({ path }, response) => {
    const data = path.startsWith('/api/v1/series') ? [{ __name__: 'x', app: 'go' }] : ['a', 'b']
    response.setHeader('content-type', 'application/json').end(JSON.stringify(success(data)))
  })
  const client = new Prometheus(prometheus.url)
  expect(await client.series('x', { limit: 1 })).toEqual([{ __name__: 'x', app: 'go' }])
  expect(await client.labelNames({ selector: 'x', fromMs: 1_000, toMs: 2_000 })).toEqual(['a', 'b'])
  expect(await client.labelValues('__name__')).toEqual(['a', 'b'])
  expect(prometheus.asked.map(({ path }) => decodeURIComponent(path))).toEqual([
    '/api/v1/series?match[]=x&limit=1',
    '/api/v1/labels?match[]=x&start=1&end=2',
    '/api/v1/label/__name__/values',
  ])
})
