import { expect, test } from 'vitest'
import { countBy, countKey, differences, RequestLedger, type SentRequest } from './request-ledger.ts'

const request = (changes: Partial<SentRequest> = {}): SentRequest => ({
  app: 'go',
  method: 'GET',
  route: '/v2',
  requestId: 'r-1',
  traceId: 't-1',
  sentAt: 1_000,
  doneAt: 1_010,
  status: 200,
  ...changes,
})

function ledgerOf(...requests: readonly Partial<SentRequest>[]): RequestLedger {
  const ledger = new RequestLedger()
  for (const changes of requests) ledger.add(request(changes))
  return ledger
}

test('counts each app apart, by method, route and status', () => {
  const ledger = ledgerOf({}, {}, { status: 500 }, { method: 'POST' }, { route: '/' }, { app: 'python' })
  expect(Object.fromEntries(ledger.counts('go'))).toEqual({
    'GET /v2 200': 2,
    'GET /v2 500': 1,
    'POST /v2 200': 1,
    'GET / 200': 1,
  })
  expect(ledger.counts('python')).toEqual(new Map([['GET /v2 200', 1]]))
  expect(ledger.counts('frontend')).toEqual(new Map())
})

test('what got no answer is counted nowhere, and is told apart', () => {
  const ledger = ledgerOf({}, { status: null, requestId: 'r-2' })
  expect(ledger.counts('go')).toEqual(new Map([['GET /v2 200', 1]]))
  expect(ledger.unanswered().map(({ requestId }) => requestId)).toEqual(['r-2'])
  expect(ledger.of('go')).toHaveLength(2)
})

test('hands out requests in the order of their answers, without those sent before a moment', () => {
  const ledger = ledgerOf(
    { requestId: 'late', sentAt: 999 },
    { requestId: 'now' },
    { requestId: 'later', sentAt: 2_000 },
  )
  expect(ledger.of('go', 1_000).map(({ requestId }) => requestId)).toEqual(['now', 'later'])
})

test('a request that makes its app ask others is counted with each of them', () => {
  const ledger = new RequestLedger()
  const causes = [
    { app: 'go', method: 'GET', route: '/v2', status: 200 },
    { app: 'go', method: 'GET', route: '/v2', status: 200 },
    { app: 'python', method: 'POST', route: '/v1', status: 201 },
  ]
  ledger.add(request({ app: 'frontend', route: '/' }), { causes })
  expect(ledger.counts('frontend')).toEqual(new Map([['GET / 200', 1]]))
  expect(ledger.counts('go')).toEqual(new Map([['GET /v2 200', 2]]))
  expect(ledger.counts('python')).toEqual(new Map([['POST /v1 201', 1]]))
  expect(ledger.of('python')).toMatchObject([{ causedBy: 'frontend', traceId: 't-1' }])
  expect(ledger.causedBy('frontend')).toHaveLength(3)
  expect(ledger.of('frontend')[0]).not.toHaveProperty('causedBy')
})

test('equal counts do not differ, whatever their order', () => {
  expect(
    differences(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ),
  ).toEqual([])
  expect(differences(new Map(), new Map([['a', 0]]))).toEqual([])
})

test('says where counts differ: too few, too many, missing and unexpected', () => {
  const expected = new Map([
    ['few', 3],
    ['many', 1],
    ['missing', 2],
    ['same', 5],
  ])
  const seen = new Map([
    ['few', 2],
    ['many', 4],
    ['same', 5],
    ['unexpected', 1],
  ])
  expect(differences(expected, seen)).toEqual([
    'few: 2 instead of 3',
    'many: 4 instead of 1',
    'missing: 0 instead of 2',
    'unexpected: 1 instead of 0',
  ])
})

test('counts are the same whichever side of a difference they stand on', () => {
  const some = countBy(['a', 'b', 'a'])
  const others = countBy(['a', 'b', 'b', 'c'])
  expect(differences(some, others)).toHaveLength(differences(others, some).length)
  expect(some.get('a')).toBe(2)
  expect(countKey('GET', '/v1/x', 200)).toBe('GET /v1/x 200')
})
