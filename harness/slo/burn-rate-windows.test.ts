import { expect, test } from 'vitest'
import { burnRatePairs, compressed, thresholdOf } from './burn-rate-windows.ts'

const dayMs = 86_400_000

test('the four pairs of thirty days have the factors of the workbook, and short windows of a twelfth', () => {
  expect(
    burnRatePairs(30 * dayMs).map((pair) => [
      pair.severity,
      pair.longWindow,
      pair.shortWindow,
      pair.factor,
      thresholdOf(pair, 0.99),
      pair.longMs / pair.shortMs,
    ]),
  ).toEqual([
    ['page', '1h', '5m', 14.4, 0.144, 12],
    ['page', '6h', '30m', 6, 0.06, 12],
    ['ticket', '1d', '2h', 3, 0.03, 12],
    ['ticket', '3d', '6h', 1, 0.01, 12],
  ])
})

test('a shorter period has smaller factors: the same share of a smaller budget', () => {
  expect(burnRatePairs(28 * dayMs).map(({ factor }) => factor)).toEqual([13.44, 5.6, 2.8, 0.933333333333])
})

test('a compressed pair keeps its names and its factor', () => {
  for (const pair of burnRatePairs(30 * dayMs)) {
    expect(compressed(pair)).toEqual({ ...pair, longMs: 60_000, shortMs: 5_000 })
  }
})
