import { expect, test } from 'vitest'
import type { SentRequest } from '../traffic/request-ledger.ts'
import {
  accountsOf,
  answeredBetween,
  brokenAccounts,
  countedSince,
  type EndedPod,
  lastScrapeBefore,
  type StoredSeries,
} from './cluster-pod-ends.ts'

const series = (
  pod: string,
  samples: readonly (readonly [number, number])[],
  status = '200',
): StoredSeries => ({
  labels: { pod, method: 'GET', route: '/x', status },
  samples: samples.map(([atMs, value]) => ({ atMs, value })),
})

test('a counter counts from its last value before the moment, a new one from 0, one that fell from 0 again', () => {
  const counts = countedSince(
    [
      series('old', [
        [0, 100],
        [10, 110],
        [20, 115],
      ]),
      series('new', [
        [20, 3],
        [30, 8],
      ]),
      series('same', [
        [0, 50],
        [10, 55],
        [20, 2],
        [30, 4],
      ]),
    ],
    5,
  )
  expect(counts).toEqual(new Map([['GET /x 200', 15 + 8 + 9]]))
})

test('answers of each kind are counted apart, and one that did not happen is left out', () => {
  const counts = countedSince(
    [
      series('a', [
        [0, 1],
        [10, 2],
      ]),
      series(
        'a',
        [
          [0, 0],
          [10, 0],
        ],
        '500',
      ),
    ],
    5,
  )
  expect([...counts.keys()]).toEqual(['GET /x 200'])
})

test('the last scrape is that of any series before the moment', () => {
  const known = [
    series('a', [
      [0, 1],
      [10, 2],
    ]),
    series('b', [[4, 1]]),
  ]
  expect(lastScrapeBefore(known, 9)).toBe(4)
  expect(lastScrapeBefore(known, -1)).toBeNull()
})

const request = (requestId: string, status: number | null, doneAt = 0): SentRequest => ({
  traceId: 't-1',
  app: 'api',
  method: 'GET',
  route: '/x',
  requestId,
  sentAt: doneAt,
  doneAt,
  status,
})
const end = (changes: Partial<EndedPod> = {}): EndedPod => ({
  sent: [request('a', 200, 1), request('b', 200, 2), request('c', 503, 3), request('d', null, 4)],
  answers: new Set(['GET /x 200']),
  counted: new Map([['GET /x 200', 2]]),
  storedIds: ['a', 'b'],
  ...changes,
})
const judge = (changes: Partial<EndedPod>, mayMiss = 0) => brokenAccounts(accountsOf(end(changes)), mayMiss)

test('nothing is lost when every answer of the app has a line and is counted; what the ingress refused is not the app’s', () => {
  expect(accountsOf(end())).toMatchObject({ answered: 2, refused: 2, uncounted: 0 })
  expect(judge({})).toEqual([])
})

test('an answer without a line is named', () => {
  expect(judge({ storedIds: ['a'] })).toEqual(['1 of 2 answered requests have no line in Loki: b'])
})

test('a line that was stored twice is named', () => {
  expect(judge({ storedIds: ['a', 'b', 'b'] })).toEqual(['1 requests have more than one line: b'])
})

test('a count that is short is named, but for what was answered since the last scrape', () => {
  const counted = new Map([['GET /x 200', 1]] as const)
  expect(judge({ counted })).toEqual(['1 of 2 answered requests are not counted'])
  expect(judge({ counted }, 1)).toEqual([])
  expect(judge({ counted: new Map() }, 1)).toEqual([
    '2 of 2 answered requests are not counted, 1 were answered since the last scrape',
  ])
})

test('a request whose answer was cut off may be counted, more may not', () => {
  expect(judge({ counted: new Map([['GET /x 200', 4]]) })).toEqual([])
  expect(judge({ counted: new Map([['GET /x 200', 5]]) })).toEqual([
    '3 more requests are counted than 2 that were answered',
  ])
})

test('without any answer nothing could be lost', () => {
  expect(judge({ sent: [], counted: new Map(), storedIds: [] })[0]).toContain('no request was answered')
})

test('answers since a scrape are counted, those before it and refusals are not', () => {
  expect(answeredBetween(end(), 2, 10)).toBe(1)
  expect(answeredBetween(end(), 0, 1)).toBe(1)
})
