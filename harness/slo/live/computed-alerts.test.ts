import { describe, expect, test } from 'vitest'
import { burnRatePairs, compressed } from '../burn-rate-windows.ts'
import { computedOnsetMs, computedResetMs, countedFiring } from './computed-alerts.ts'

const pairs = burnRatePairs(30 * 86_400_000).map(compressed)
const limits = { target: 0.99, minimumFailures: 10 }
const phase = { scrapeMs: 1000, errorsMs: 64_000 }
const much = 1000

const onsets = (errorRatio: number, ratePerSecond = much) =>
  pairs.map((pair) => computedOnsetMs(pair, limits, { errorRatio, ratePerSecond }))

test.each([
  [0.16, [54_000, 22_500, 11_250, 3_750]],
  [0.08, [null, 45_000, 22_500, 7_500]],
  [0.04, [null, null, 45_000, 15_000]],
  [0.02, [null, null, null, 30_000]],
  [0.009, [null, null, null, null]],
])('the pairs of a 99 % objective at %d of errors begin after %j ms', (errorRatio, expected) => {
  onsets(errorRatio).forEach((onset, index) => {
    const wanted = expected[index] ?? null
    if (wanted === null) expect(onset).toBeNull()
    else expect(onset).toBeCloseTo(wanted, 3)
  })
})

test('the guard puts an alert off until its failures have come, and off for ever where they never do', () => {
  expect(onsets(1, 0.2)[0]).toBeCloseTo(50_000, 3)
  expect(onsets(1, 0.1)).toEqual([null, null, null, null])
})

test('the short window ends an alert, sooner the nearer the errors were to the threshold', () => {
  const [fast, , , slow] = pairs.map((pair) =>
    computedResetMs(pair, limits, { errorRatio: 0.16, ratePerSecond: much }),
  )
  expect(fast).toBeCloseTo(500, 3)
  expect(slow).toBeCloseTo(4_687.5, 3)
})

describe('counted in whole requests', () => {
  test('much traffic fires exactly where the threshold says', () => {
    for (const [index, ratio] of [0.144, 0.06, 0.03, 0.01].entries()) {
      const pair = pairs[index]
      if (pair === undefined) throw new Error('four pairs')
      const at = (by: number) =>
        countedFiring(pair, limits, { errorRatio: by * ratio, ratePerSecond: much }, phase)
      expect([at(0.9), at(1.1)]).toEqual(['silent', 'fires'])
    }
  })

  test('errors that end before the long window holds enough of them fire nothing', () => {
    const [pair] = pairs
    if (pair === undefined) throw new Error('four pairs')
    const traffic = { errorRatio: 0.16, ratePerSecond: much }
    expect(countedFiring(pair, limits, traffic, { ...phase, errorsMs: 40_000 })).toBe('silent')
  })

  test('too few failures stay silent, and near the guard it hangs on the moment of the scrape', () => {
    const [pair] = pairs
    if (pair === undefined) throw new Error('four pairs')
    const at = (ratePerSecond: number) => countedFiring(pair, limits, { errorRatio: 1, ratePerSecond }, phase)
    expect([at(0.1), at(0.155), at(0.5)]).toEqual(['silent', 'either', 'fires'])
  })
})
