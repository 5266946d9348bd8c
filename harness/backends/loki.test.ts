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
