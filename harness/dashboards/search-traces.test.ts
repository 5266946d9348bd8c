import { expect, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { askDatasource } from './ask-datasource.ts'

const query = (url: string) => ({
  datasource: { type: 'tempo' as const, uid: 't', name: 'Tempo', url },
  kind: 'traces' as const,
  expr: '{ status = error }',
  fromMs: 1_500,
  toMs: 2_500,
  stepMs: 1,
  limit: 20,
})

test('a TraceQL query finds traces with their times, in whole seconds around its range', async () => {
  await using tempo = await backendDouble({
    traces: [{ traceID: 'a', startTimeUnixNano: '1500000000', rootServiceName: 'go' }, { traceID: 'b' }],
  })
  expect(await askDatasource(query(tempo.url))).toEqual({
    series: [],
    rows: [
      { atMs: 1_500, labels: { service: 'go' } },
      { atMs: Number.NaN, labels: {} },
    ],
  })
  const [asked] = tempo.asked
  expect(asked?.path).toMatch(/^\/api\/search\?/)
  expect(Object.fromEntries(asked?.query ?? [])).toEqual({
    q: '{ status = error }',
    start: '1',
    end: '3',
    limit: '20',
  })
})

test("a refused query is told in Tempo's words, and an answer without traces has none", async () => {
  await using nothing = await backendDouble({})
  expect(await askDatasource(query(nothing.url))).toEqual({ series: [], rows: [] })
  await using refusing = await backendDouble((_, response) => {
    response.statusCode = 400
    response.end('invalid TraceQL query: parse error at line 1')
  })
  await expect(askDatasource(query(refusing.url))).rejects.toMatchObject({
    account: { seen: 'tempo: invalid TraceQL query: parse error at line 1' },
  })
})
