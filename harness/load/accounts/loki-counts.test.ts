import { expect, test } from 'vitest'
import { lokiCounts } from './loki-counts.ts'
import { stackDouble } from './stack-double.ts'

test('a long time is counted in pieces that touch and do not overlap', async () => {
  const { sources } = stackDouble()
  const asked: [number | undefined, string | undefined][] = []
  const loki = {
    query: async (query: string, { atMs }: { atMs?: number } = {}) => {
      asked.push([atMs, /\[(\d+)ms\]/.exec(query)?.[1]])
      return [
        { labels: { app: 'api', method: 'GET', route: '/v1', status: '200' }, value: 2 },
        { labels: { app: 'api' }, value: 1 },
      ]
    },
  }
  expect(await lokiCounts({ ...sources, loki }, { sinceMs: 1_000, nowMs: 131_500 })).toEqual([
    { app: 'api', method: 'GET', route: '/v1', status: 200, count: 6 },
  ])
  expect(asked).toEqual([
    [61_000, '60000'],
    [121_000, '60000'],
    [131_500, '10500'],
  ])
})

test('a line that is no JSON does not make Loki refuse the query: an error label would', async () => {
  const { sources } = stackDouble()
  const asked: string[] = []
  const loki = {
    query: async (query: string) => {
      asked.push(query)
      return []
    },
  }
  await lokiCounts({ ...sources, loki }, { sinceMs: 0, nowMs: 1 })
  expect(asked).toEqual([expect.stringMatching(/\| json .* \| __error__="" /)])
})
