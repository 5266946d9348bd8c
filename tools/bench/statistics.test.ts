import { describe, expect, test } from 'vitest'
import { partsCovered, spreadOf } from './statistics.ts'

describe('the spread of observations', () => {
  test('orders by value, not by arrival or by text', () => {
    expect(spreadOf([100, 9, 20])).toEqual({ count: 3, min: 9, p50: 20, p95: 100, max: 100 })
  })

  test('leaves one in twenty above the p95, and none of fewer', () => {
    const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
    expect(spreadOf(upTo(20))).toMatchObject({ p50: 10, p95: 19, max: 20 })
    expect(spreadOf(upTo(24))).toMatchObject({ p50: 12, p95: 23, max: 24 })
    expect(spreadOf(upTo(19)).p95).toBe(19)
  })

  test('of a single observation is that observation', () => {
    expect(spreadOf([7])).toEqual({ count: 1, min: 7, p50: 7, p95: 7, max: 7 })
  })

  test('leaves the given list as it is', () => {
    const values = [3, 1, 2]
    spreadOf(values)
    expect(values).toEqual([3, 1, 2])
  })

  test('of nothing is refused', () => {
    expect(() => spreadOf([])).toThrow(RangeError)
  })
})

describe('how much of an interval was covered', () => {
  test('is all of it for moments in every part, whatever interval they lie in', () => {
    expect(partsCovered([1000, 1312.5, 1625, 1937.5], 250, 4)).toBe(4)
  })

  test('is one part for moments in step with the interval', () => {
    expect(partsCovered([1010, 1260, 1510], 250, 8)).toBe(1)
  })
})
