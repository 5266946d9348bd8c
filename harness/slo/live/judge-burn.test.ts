import { expect, test } from 'vitest'
import { burnRatePairs, compressed } from '../burn-rate-windows.ts'
import type { AlertHistory } from './alert-history.ts'
import { spellsOf } from './alert-history.ts'
import { type BurnCase, burnCases } from './burn-cases.ts'
import { judgeBurn } from './judge-burn.ts'
import { judgeDeliveries } from './judge-deliveries.ts'
import type { Delivery } from './notification-sink.ts'

const pairs = burnRatePairs(30 * 86_400_000).map(compressed)
const limits = { target: 0.99, minimumFailures: 10 }
const errorsFromMs = 1_000_000
const errorsToMs = errorsFromMs + 64_000
const four: BurnCase = { service: 'errors-4', what: '4 %', errorRatio: 0.04, ratePerSecond: 1000 }

function alert(service: string, longWindow: string, fromMs: number, toMs: number, state = 'firing') {
  const pair = pairs.find((each) => each.longWindow === longWindow)
  const history: AlertHistory = {
    labels: {
      service,
      severity: pair?.severity ?? '',
      long_window: longWindow,
      short_window: pair?.shortWindow ?? '',
    },
    state,
    spells: [{ fromMs: errorsFromMs + fromMs, toMs: errorsToMs + toMs }],
  }
  return history
}

const asComputed = [alert('errors-4', '1d', 45_600, 700), alert('errors-4', '3d', 15_600, 2_900)]

const judge = (histories: readonly AlertHistory[], cases: readonly BurnCase[] = [four]) =>
  judgeBurn(cases, pairs, limits, {
    histories,
    errorsFromMs,
    errorsToMs,
    scrapeMs: 1000,
    evaluationMs: 1000,
  })

test('what is as computed has no problem', () => {
  expect(judge(asComputed).problems).toEqual([])
})

test('an alert that stays silent is named with the time at which it had to fire', () => {
  expect(judge(asComputed.slice(0, 1)).problems).toEqual([
    'errors-4 (4 %), ticket 3d/6h: expected to fire 15.0 s after the first error; it stayed silent',
  ])
})

test('an alert too many is named, that of another pair as well as that of nobody', () => {
  const { problems } = judge([
    ...asComputed,
    alert('errors-4', '6h', 50_000, 0),
    alert('stranger', '3d', 50_000, 0),
    alert('errors-4', '1h', 50_000, 0, 'pending'),
  ])
  expect(problems).toHaveLength(3)
  expect(problems.join('\n')).toContain(
    'page 6h/30m: expected silence; it fired 50.0 s after the first error',
  )
  expect(problems.join('\n')).toContain('"service":"stranger"')
  expect(problems.join('\n')).toContain('is pending')
})

test('a late onset, a late end and a second spell are named', () => {
  const [day, days] = asComputed
  if (day === undefined || days === undefined) throw new Error('two alerts')
  const seen = (histories: AlertHistory[]) => judge(histories).problems.join('\n')
  expect(seen([alert('errors-4', '1d', 47_100, 700), days])).toContain(
    'expected to fire 45.0 s after the first error, ± 2.0 s; seen 47.1 s after it',
  )
  expect(seen([day, alert('errors-4', '3d', 15_600, 5_000)])).toContain(
    'expected to end 3.8 s after the last error, ± 2.0 s; seen 6.0 s after it',
  )
  const twice = { ...days, spells: [...days.spells, ...days.spells] }
  expect(seen([day, twice])).toContain('it fired 2 times')
})

test('evaluations without an alert between two with it make two spells', () => {
  expect(spellsOf([1000, 2000, 3000, 5000], 1000)).toEqual([
    { fromMs: 1000, toMs: 3000 },
    { fromMs: 5000, toMs: 5000 },
  ])
})

test('no case of the table hangs on the moment of a scrape', () => {
  const cases = burnCases(pairs, limits)
  const { results } = judge([], cases)
  expect(results.flatMap((each) => each.pairs).filter(({ expected }) => expected === 'either')).toEqual([])
  expect(cases.map(({ errorRatio }) => errorRatio)).toEqual(
    expect.arrayContaining([0.16, 0.08, 0.04, 0.02, 0.009, 0.1296, 0.054, 0.027]),
  )
})

const told = (receiver: string, status: Delivery['status'], { labels }: AlertHistory): Delivery => ({
  receiver,
  status,
  labels,
})

test('a ticket without a page beside it has to be delivered and taken back, to the receiver of tickets', () => {
  const { results } = judge(asComputed)
  const deliveries = asComputed.flatMap((each) => [
    told('ticket', 'firing', each),
    told('ticket', 'resolved', each),
  ])
  expect(judgeDeliveries(results, deliveries)).toEqual([])
  expect(judgeDeliveries(results, deliveries.slice(0, 3))).toEqual([
    'errors-4 3d/6h: fired; no resolved notification reached receiver ticket',
  ])
  const [first] = asComputed
  if (first === undefined) throw new Error('two alerts')
  expect(judgeDeliveries(results, [...deliveries, told('page', 'firing', first)])).toEqual([
    'receiver page was told of ticket errors-4 1d/2h, which did not fire as one of its own',
  ])
})
