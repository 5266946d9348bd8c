import { expect, test } from 'vitest'
import { increase, rate } from './counter-growth.ts'

const values = [100, 110, 120, 130, 140, 150, 160]

test('a range that is all scraped is extrapolated to both its ends, and is open at its start', () => {
  // Scrapes at 10 s … 60 s of (0 s, 60 s]: 50 events in 50 s, for 60 s.
  expect(increase({ everyMs: 10_000, values }, 60_000, 60_000)).toBeCloseTo(60, 9)
  expect(rate({ everyMs: 10_000, values }, 60_000, 60_000)).toBeCloseTo(1, 9)
})

test('a range that began long before the first scrape is extrapolated by half a step', () => {
  expect(increase({ everyMs: 10_000, values }, 60_000, 600_000)).toBeCloseTo(65, 9)
})

test('a counter is not extrapolated to below zero', () => {
  const fromZero = values.map((value) => value - 100)
  expect(increase({ everyMs: 10_000, values: fromZero }, 60_000, 600_000)).toBe(60)
})

test('one scrape is no growth', () => {
  expect(increase({ everyMs: 10_000, values }, 60_000, 10_000)).toBeUndefined()
})
