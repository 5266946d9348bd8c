import { expect, test } from 'vitest'
import { decimated } from './decimate.ts'

const series = (count: number, valueAt: (index: number) => number | null) =>
  Array.from({ length: count }, (_, index) => [index, valueAt(index)] as const)

test('few points stay as they are', () => {
  const points = series(20, (index) => index)
  expect(decimated(points, 20)).toEqual(points)
})

test('of many points the peaks and the gaps are kept, in their order', () => {
  const points = series(10_000, (index) =>
    index === 4_321 ? 99 : index === 7_000 ? -99 : index > 5_000 && index < 5_400 ? null : Math.sin(index),
  )
  const kept = decimated(points, 300)
  expect(kept.length).toBeLessThanOrEqual(300)
  expect(kept).toContainEqual([4_321, 99])
  expect(kept).toContainEqual([7_000, -99])
  expect(kept.some(([, value]) => value === null)).toBe(true)
  expect(kept.map(([at]) => at)).toEqual(kept.map(([at]) => at).toSorted((a, b) => a - b))
})

test('a series without values has no points to draw but gaps', () => {
  expect(
    decimated(
      series(1_000, () => null),
      30,
    ).every(([, value]) => value === null),
  ).toBe(true)
})
