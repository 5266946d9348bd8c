import { expect, test } from 'vitest'
import { epochMs, parseRfc3339Ms } from './clock.ts'
import { newRunId } from './run-id.ts'

test.each([
  ['2026-11-23T08:00:00Z', 0],
  ['2026-11-23T08:00:00.5Z', 500],
  ['2026-11-23T08:00:00.123456789Z', 123.456],
  ['2026-11-23T10:00:00.001+02:00', 1],
  ['2026-11-23T02:30:00.000000001-05:30', 0],
])('reads %s to the microsecond', (text, msPastEight) => {
  expect(parseRfc3339Ms(text) - Date.UTC(2026, 10, 23, 8)).toBeCloseTo(msPastEight, 2)
})

test.each(['', '2026-11-23', '2026-11-23T08:00:00', 'yesterday', '1732348800'])(
  'does not take %j for a time',
  (text) => {
    expect(parseRfc3339Ms(text)).toBeNaN()
  },
)

test('the wall clock has fractions of a millisecond and agrees with the system', () => {
  expect(Math.abs(epochMs() - Date.now())).toBeLessThan(1000)
  expect(Array.from({ length: 50 }, epochMs).some((ms) => ms !== Math.round(ms))).toBe(true)
})

test('run ids sort by their start and differ within one second', () => {
  const early = newRunId(new Date('2026-11-23T08:00:00Z'))
  expect(early).toMatch(/^20261123-080000-[0-9a-f]{6}$/)
  expect([newRunId(new Date('2026-11-23T08:00:01Z')), early].sort()[0]).toBe(early)
  expect(new Set(Array.from({ length: 20 }, () => newRunId(new Date(0)))).size).toBe(20)
})
