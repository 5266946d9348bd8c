import { expect, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { Loki } from './loki.ts'

const success = (data: unknown) => ({ status: 'success', data })
const streams = (...result: { stream: Record<string, string>; values: [string, string][] }[]) =>
  success({ resultType: 'streams', result })

const second = 1_763_884_800
const ns = (fraction: string) => `${second}${fraction}`
const range = { fromMs: second * 1000 - 60_000, toMs: second * 1000 + 0.5 }

test('reads lines of all streams in the order of their times, to the microsecond', async () => {
  await using server = await backendDouble(
    streams(
      {
        stream: { app: 'go' },
        values: [
          [ns('000001999'), 'b'],
          [ns('900000000'), 'd'],
        ],
      },
      {
        stream: { app: 'python' },
        values: [
          [ns('000000000'), 'a'],
          [ns('500000000'), 'c'],
        ],
      },
    ),
  )
  const lines = await new Loki(server.url).lines('{app=~".+"}', range)
  expect(lines.map(({ line }) => line)).toEqual(['a', 'b', 'c', 'd'])
  expect(lines[1]).toEqual({ atMs: second * 1000 + 0.001, line: 'b', labels: { app: 'go' } })
})

test('asks for whole nanoseconds, oldest first', async () => {
  await using server = await backendDouble(streams())
  expect(await new Loki(server.url).lines('{app="go"}', range)).toEqual([])
  expect(server.asked[0]?.path).toMatch(/^\/loki\/api\/v1\/query_range\?/)
  expect(Object.fromEntries(server.asked[0]?.query ?? [])).toEqual({
    query: '{app="go"}',
    start: `${second - 60}000000000`,
    end: ns('000500000'),
    limit: '5000',
    direction: 'forward',
  })
})

test('refuses as many lines as the limit: some may be missing', async () => {
  const values: [string, string][] = [
    [ns('000000000'), 'a'],
    [ns('000000001'), 'b'],
  ]
  await using server = await backendDouble(streams({ stream: {}, values }))
  const loki = new Loki(server.url)
  expect(await loki.lines('{app="go"}', { ...range, limit: 3 })).toHaveLength(2)
  await expect(loki.lines('{app="go"}', { ...range, limit: 2 })).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { expected: 'fewer than 2 lines for {app="go"}', seen: '2, so that some may be missing' },
  })
})

test('reads an instant metric query at a moment', async () => {
  const result = [{ metric: { app: 'go' }, value: [second, '12'] }]
  await using server = await backendDouble(success({ resultType: 'vector', result }))
  const rows = await new Loki(server.url).query('count_over_time({app="go"}[1m])', { atMs: second * 1000 })
  expect(rows).toEqual([{ labels: { app: 'go' }, value: 12 }])
  expect(server.asked[0]?.query.get('time')).toBe(ns('000000000'))
})

test.each([
  ['no data', { status: 'success' }, []],
  ['an empty list', success([]), []],
  ['series', success([{ app: 'go', pod: 'go-1' }]), [{ app: 'go', pod: 'go-1' }]],
])('reads series from an answer with %s', async (_, answer, series) => {
  await using server = await backendDouble(answer)
  expect(await new Loki(server.url).series('{app="go"}', range)).toEqual(series)
  expect(server.asked[0]?.query.get('match[]')).toBe('{app="go"}')
})

test('a ruler without any alert answers null, which is none', async () => {
  await using server = await backendDouble({ data: { alerts: null } })
  expect(await new Loki(server.url).alerts()).toEqual([])
})

test('reads the alerts of the ruler', async () => {
  const alert = {
    labels: { alertname: 'A' },
    annotations: {},
    state: 'firing',
    activeAt: '2026-11-23T08:00:00.123Z',
  }
  await using server = await backendDouble({ data: { alerts: [alert] } })
  expect(await new Loki(server.url).alerts()).toEqual([alert])
  expect(server.asked[0]?.path).toBe('/prometheus/api/v1/alerts')
})

test('reads the configuration as it is answered, and its version', async () => {
  await using server = await backendDouble(({ path }, response) => {
    if (path === '/config')
      response.setHeader('content-type', 'text/plain').end('ruler:\n  poll_interval: 10s\n')
    else response.setHeader('content-type', 'application/json').end('{"version":"3.7.5"}')
  })
  const loki = new Loki(server.url)
  expect(await loki.configYaml()).toBe('ruler:\n  poll_interval: 10s\n')
  expect(await loki.version()).toBe('3.7.5')
})

test('refuses a configuration that is not there', async () => {
  await using server = await backendDouble((_, response) => {
    response.writeHead(404).end('not found')
  })
  await expect(new Loki(server.url).configYaml()).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: 'status 404' },
  })
})

test.each([
  ['a vector for lines', success({ resultType: 'vector', result: [] }), 'data.resultType'],
  ['a line without a time', streams({ stream: {}, values: [['x'] as never] }), 'data.result.0.values.0'],
])('refuses %s, with the place', async (_, answer, place) => {
  await using server = await backendDouble(answer)
  await expect(new Loki(server.url).lines('{a="b"}', range)).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: expect.stringContaining(`at ${place} in `) },
  })
})

test('a query over a range answers with series, or with the newest lines', async () => {
  const matrix = { resultType: 'matrix', result: [{ metric: { app: 'go' }, values: [[1, '2']] }] }
  const streams = {
    resultType: 'streams',
    result: [{ stream: { app: 'go' }, values: [['1000000000', 'a line']] }],
  }
  await using loki = await backendDouble(({ query }, response) => {
    const data = query.get('query')?.startsWith('{') ? streams : matrix
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'success', data }))
  })
  const client = new Loki(loki.url, { tenant: 'a' })
  const range = { fromMs: 1_000, toMs: 2_000, stepMs: 500, limit: 7 }
  expect(await client.queryRange('sum(rate({app="go"}[1s]))', range)).toEqual({
    series: [{ labels: { app: 'go' }, points: [[1_000, 2]] }],
  })
  expect(await client.queryRange('{app="go"}', range)).toEqual({
    lines: [{ atMs: 1_000, line: 'a line', labels: { app: 'go' } }],
  })
  expect(Object.fromEntries(loki.asked[1]?.query ?? [])).toEqual({
    query: '{app="go"}',
    start: '1000000000',
    end: '2000000000',
    step: '0.5',
    limit: '7',
    direction: 'backward',
  })
  expect(loki.asked[1]?.headers['x-scope-orgid']).toBe('a')
})

test('a query that Loki refuses is told in its words, which are plain text', async () => {
  await using loki = await backendDouble((_, response) => {
    response.statusCode = 400
    response.end('parse error at line 1, col 5:\n syntax error')
  })
  const asked = new Loki(loki.url).queryInstant('sum(', { atMs: 1 })
  await expect(asked).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: 'loki: parse error at line 1, col 5: syntax error', where: 'sum(' },
  })
})

test('the labels of all streams, and the values of one, which may be none', async () => {
  await using loki = await backendDouble(({ path }, response) => {
    const data = path.includes('/label/') ? {} : { data: ['app'] }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'success', ...data }))
  })
  const client = new Loki(loki.url)
  const range = { fromMs: 1_000, toMs: 2_000 }
  expect(await client.labelNames(range)).toEqual(['app'])
  expect(await client.labelValues('app', { ...range, selector: '{a="b"}' })).toEqual([])
  expect(loki.asked.map(({ path }) => decodeURIComponent(path))).toEqual([
    '/loki/api/v1/labels?start=1000000000&end=2000000000',
    '/loki/api/v1/label/app/values?start=1000000000&end=2000000000&query={a="b"}',
  ])
})
