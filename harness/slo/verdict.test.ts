import { expect, test } from 'vitest'
import { objectiveDouble } from './objective-double.ts'
import { judgeObjectives } from './verdict.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

function judge(bad: number, total: number, runMs = 2 * minuteMs) {
  const objective = objectiveDouble()
  const [verdict] = judgeObjectives([objective], new Map([[objective.name, { total, bad }]]), runMs)
  if (verdict === undefined) throw new Error('no verdict')
  return verdict
}

test('a budget is spent by the share of bad requests that the objective allows', () => {
  expect(judge(12, 4000)).toMatchObject({ total: 4000, bad: 12, budgetSpent: 0.3, held: true })
})

test('an objective holds at its last allowed request and is missed by the next one', () => {
  expect(judge(10, 1000)).toMatchObject({ budgetSpent: 1, held: true })
  expect(judge(11, 1000)).toMatchObject({ budgetSpent: 1.1, held: false })
})

test('the budget of a period lasts its part of the burn rate, and for ever without a bad request', () => {
  expect(judge(160, 1000).timeToExhaustionMs).toBe(Math.round((30 * dayMs) / 16))
  expect(judge(0, 1000)).toMatchObject({ timeToExhaustionMs: null, budgetSpent: 0, held: true })
})

test.each([
  [16, [54 * minuteMs, (6 * 6 * hourMs) / 16, (3 * dayMs) / 16, (3 * dayMs) / 16]],
  [8, [null, (6 * 6 * hourMs) / 8, (3 * dayMs) / 8, (3 * dayMs) / 8]],
  [4, [null, null, (3 * dayMs) / 4, (3 * dayMs) / 4]],
  [2, [null, null, null, (3 * dayMs) / 2]],
  [0.9, [null, null, null, null]],
])('at %s %% of bad requests each pair alerts when it has to, or never', (percent, after) => {
  const { burnByWindow } = judge(percent * 100, 10_000)
  expect(burnByWindow.map(({ alertsAfterMs }) => alertsAfterMs)).toEqual(after)
})

test('a window has the run and a past without bad requests', () => {
  const { burnByWindow } = judge(160, 1000, 6 * minuteMs)
  expect(burnByWindow.map(({ long, burn }) => [long, burn])).toEqual([
    ['1h', 1.6],
    ['6h', 0.266666666667],
    ['1d', 0.0666666666667],
    ['3d', 0.0222222222222],
  ])
  expect(judge(160, 1000, 2 * hourMs).burnByWindow[0]?.burn).toBe(16)
})

test('the verdict in words', () => {
  expect(judge(20, 4000).words).toBe(
    'shop-availability held: 20 of 4000 requests failed (0.5 %), which is 50 % of what 99 % allows; at this rate a budget of 30d lasts 60d',
  )
  expect(judge(160, 1000).words).toContain('shop-availability missed: 160 of 1000 requests failed (16 %)')
  expect(judge(160, 1000).words).toMatch(/a budget of 30d lasts 1d21h$/)
  expect(judge(0, 5).words).toMatch(/which is 0 % of what 99 % allows$/)
})

test.each([
  [0, 0, 'none: http_requests_total{app="shop"} did not grow during the load'],
  [3, 2, '3 bad ones among 2'],
])('with %i bad requests of %i nothing is said about the objective', (bad, total, seen) => {
  expect(() => judge(bad, total)).toThrow(seen)
  expect(() => judge(bad, total)).toThrow('LOAD_INVALID')
})

test('an objective that nobody counted is not held by that', () => {
  expect(() => judgeObjectives([objectiveDouble()], new Map(), minuteMs)).toThrow('did not grow')
})
