import { expect, test } from 'vitest'
import { accountsDouble, pageAsksApi } from './accounts/account-doubles.ts'
import { balance } from './accounts/balance.ts'
import { figuresDisagreement, type JudgedObjective } from './figures-agreement.ts'

const accounts = accountsDouble()
const closed = { accounts, balance: balance(accounts, [pageAsksApi]) }
const figures = { p50: 3, p95: 40, p99: 280, max: 900, mean: 9 }
const latencies = { '/v1': figures, '/': figures }

const availability = (changes: Partial<JudgedObjective> = {}): JudgedObjective => ({
  name: 'api-availability',
  service: 'api',
  kind: 'availability',
  total: 300,
  bad: 48,
  ...changes,
})
const latency = (bad: number, thresholdSeconds = 0.3): JudgedObjective =>
  availability({ name: 'api-latency', kind: 'latency', bad, thresholdSeconds })

test('figures that are the same agree', () => {
  expect(figuresDisagreement([availability(), latency(0), latency(102)], closed, latencies)).toEqual([])
})

test.each([
  [
    'total',
    availability({ total: 299 }),
    'api-availability: 299 requests by its query, 300 by the generator',
  ],
  ['failures', availability({ bad: 47 }), 'api-availability: 47 failures by its query, 48 by the generator'],
])('another number of %s is told', (_, objective, words) => {
  expect(figuresDisagreement([objective], closed, latencies)).toEqual([words])
})

test('more slow requests than the client’s latencies leave room for are told', () => {
  // 198 of the client's 200 were quick, floored by kind: 166 and 31; the 100 that were caused may all have been slow.
  expect(figuresDisagreement([latency(104)], closed, latencies)).toEqual([
    'api-latency: 104 slow requests by its query, at most 103 by the latencies of the generator',
  ])
})

test('latencies that say nothing about the threshold leave room for all', () => {
  expect(figuresDisagreement([latency(300, 0.001)], closed, latencies)).toEqual([])
})
