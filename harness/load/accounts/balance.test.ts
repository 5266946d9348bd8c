import { expect, test } from 'vitest'
import { accountsDouble, apiAnswer, pageAnswer, pageAsksApi } from './account-doubles.ts'
import type { Accounts } from './account-figures.ts'
import { balance } from './balance.ts'
import { describeParting } from './difference.ts'

const partingOf = (changes: Partial<Accounts>) => {
  const { partedAt } = balance(accountsDouble(changes), [pageAsksApi])
  return partedAt === null ? null : describeParting(partedAt)
}

const withoutRoute = (answers: Accounts['app']) => answers.map(({ route: _, ...answer }) => answer)

test('places that have the same part nowhere, and requests of other apps are told from those of the client', () => {
  const { partedAt, requests, rows, ingressRows } = balance(accountsDouble(), [pageAsksApi])
  expect(partedAt).toBeNull()
  expect(requests).toBe(300)
  expect(rows).toEqual([
    { app: 'api', method: 'GET', route: '/v1', status: 200, client: 168, caused: 84, counts: allOf(252) },
    { app: 'api', method: 'GET', route: '/v1', status: 500, client: 32, caused: 16, counts: allOf(48) },
    { app: 'page', method: 'GET', route: '/', status: 200, client: 100, caused: 0, counts: allOf(100) },
  ])
  expect(ingressRows).toEqual([
    { app: 'api', method: 'GET', status: 200, client: 168, caused: 84, ingress: 252 },
    { app: 'api', method: 'GET', status: 500, client: 32, caused: 16, ingress: 48 },
    { app: 'page', method: 'GET', status: 200, client: 100, caused: 0, ingress: 100 },
  ])
})

const allOf = (count: number) => ({ app: count, prometheus: count, loki: count })

test('without a request nothing balances', () => {
  const nothing = { client: [], ingress: [], app: [], prometheus: [], loki: [] }
  expect(partingOf(nothing)).toBe('there is no account at the client: the client sent no request')
  expect(partingOf({ ...nothing, client: [apiAnswer(7, 0)] })).toBe(
    'there is no account at the client: none of the 7 requests of the client got an answer',
  )
})

const cases: [string, Partial<Accounts>, string][] = [
  [
    'the ingress lacks an answer',
    { ingress: withoutRoute([pageAnswer(99), apiAnswer(252), apiAnswer(48, 500)]) },
    'the accounts part between the client and the ingress: page: GET 200: the client has 100, the ingress 99: 1 fewer',
  ],
  [
    'the ingress has an answer of an app that nobody but the client asks',
    { ingress: withoutRoute([pageAnswer(101), apiAnswer(252), apiAnswer(48, 500)]) },
    'the accounts part between the client and the ingress: page: GET 200: the client has 100, the ingress 101: 1 more',
  ],
  [
    'the ingress has another status than the client',
    { ingress: withoutRoute([pageAnswer(99), pageAnswer(1, 502), apiAnswer(252), apiAnswer(48, 500)]) },
    'the accounts part between the client and the ingress: page: GET 200: the client has 100, the ingress 99: 1 fewer; page: GET 502: the client has 0, the ingress 1: 1 more',
  ],
  [
    'a caused request is missing at the ingress',
    { ingress: withoutRoute([pageAnswer(100), apiAnswer(251), apiAnswer(48, 500)]) },
    'the accounts part between the client and the ingress: api: GET: the client got 200 answers and its requests stand for 100 more by other apps; the ingress has 299: 1 fewer',
  ],
  [
    'somebody else sends requests',
    { ingress: withoutRoute([pageAnswer(100), apiAnswer(255), apiAnswer(48, 500)]) },
    'the accounts part between the client and the ingress: api: GET: the client got 200 answers and its requests stand for 100 more by other apps; the ingress has 303: 3 more',
  ],
  [
    'the app lacks what the ingress answered itself',
    {
      client: [pageAnswer(100), apiAnswer(168), apiAnswer(32, 502)],
      ingress: withoutRoute([pageAnswer(100), apiAnswer(252), apiAnswer(48, 502)]),
    },
    'the accounts part between the ingress and the app: api: GET 500: the ingress has 0, the app 48: 48 more; api: GET 502: the ingress has 48, the app 0: 48 fewer; api: GET /v1 502: the client has 32, the app 0: 32 fewer',
  ],
  [
    'the app counts under another route',
    { app: [pageAnswer(100), apiAnswer(252), apiAnswer(47, 500), apiAnswer(1, 500, '/v2')] },
    'the accounts part between the ingress and the app: api: GET /v1: the client got 200 answers and its requests stand for 100 more by other apps; the app has 299: 1 fewer; api: GET /v2 500: the client has 0, the app 1: 1 more',
  ],
  [
    'Prometheus counts a pod twice',
    { prometheus: [pageAnswer(100), apiAnswer(504), apiAnswer(96, 500)] },
    'the accounts part between the app and Prometheus: api: GET /v1 200: the app has 252, Prometheus 504: 252 more; api: GET /v1 500: the app has 48, Prometheus 96: 48 more',
  ],
  [
    'Loki lacks a line',
    { loki: [pageAnswer(100), apiAnswer(252), apiAnswer(47, 500)] },
    'the accounts part between Prometheus and Loki: api: GET /v1 500: Prometheus has 48, Loki 47: 1 fewer',
  ],
  [
    'a line says another status',
    { loki: [pageAnswer(100), apiAnswer(300)] },
    'the accounts part between Prometheus and Loki: api: GET /v1 200: Prometheus has 252, Loki 300: 48 more; api: GET /v1 500: Prometheus has 48, Loki 0: 48 fewer',
  ],
]
test.each(cases)('%s', (_, changes, words) => {
  expect(sortedWords(partingOf(changes))).toEqual(sortedWords(words))
})

const sortedWords = (words: string | null) => {
  const [place, ...rest] = (words ?? 'nowhere').split(/between .*? and .*?: /)
  return [place, words?.match(/between .*? and .*?: /)?.[0], rest.join('').split('; ').sort()]
}

test('of several places that differ the first one is named', () => {
  const { partedAt } = balance(accountsDouble({ prometheus: [], loki: [] }), [pageAsksApi])
  expect(partedAt).toMatchObject({ place: 'prometheus', before: 'app' })
})

test('a request without an answer may have been counted or not, but not more than once', () => {
  const client = [pageAnswer(100), apiAnswer(168), apiAnswer(32, 500), apiAnswer(2, 0)]
  expect(partingOf({ client })).toBeNull()
  const all = (failed: number) => [pageAnswer(100), apiAnswer(252), apiAnswer(failed, 500)]
  const counted = (failed: number) => ({
    client,
    ingress: withoutRoute(all(failed)),
    app: all(failed),
    prometheus: all(failed),
    loki: all(failed),
  })
  expect(partingOf(counted(50))).toBeNull()
  expect(partingOf(counted(51))).toMatch(
    /the client got 200 answers, 2 of its requests got no answer and .* 100 to 102 more .* has 303: 1 more/,
  )
})

test('an answer other than the usual one may have come before its caused requests were sent', () => {
  const pages = [pageAnswer(90), pageAnswer(10, 502)]
  const withApi = (count: number) => [...pages, apiAnswer(count)]
  const counted = (count: number) => ({
    client: [...pages, apiAnswer(200)],
    ingress: withoutRoute(withApi(count)),
    app: withApi(count),
    prometheus: withApi(count),
    loki: withApi(count),
  })
  expect(partingOf(counted(290))).toBeNull()
  expect(partingOf(counted(300))).toBeNull()
  expect(partingOf(counted(289))).toContain(
    'stand for 90 to 100 more by other apps; the ingress has 289: 1 fewer',
  )
  expect(partingOf(counted(301))).toContain('1 more')
})
