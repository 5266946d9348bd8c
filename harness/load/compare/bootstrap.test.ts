import { expect, test } from 'vitest'
import { intervalOfChange, seededRandom } from './bootstrap.ts'

/** Normally distributed numbers, by Box and Muller. */
function normal(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

const values = (count: number, one: () => number): number[] => Array.from({ length: count }, one)

const holdsZero = ({ low, high }: { low: number; high: number }) => low <= 0 && high >= 0

test.each([5, 8])('of %i repeats without a change, one pair in twenty at most stands out', (repeats) => {
  const draw = normal(seededRandom(repeats))
  const experiments = 200
  const standsOut = Array.from({ length: experiments }, () =>
    intervalOfChange(values(repeats, draw), values(repeats, draw)),
  ).filter((interval) => !holdsZero(interval)).length
  // 5 % of 200, and three standard deviations of such a count.
  expect(standsOut).toBeLessThanOrEqual(10 + 3 * Math.sqrt(200 * 0.05 * 0.95))
})

test('a change of five times the noise stands out in every experiment', () => {
  const draw = normal(seededRandom(7))
  const found = Array.from({ length: 30 }, () =>
    intervalOfChange(
      values(5, draw),
      values(5, () => 5 + draw()),
    ),
  ).filter(({ low }) => low > 0)
  expect(found).toHaveLength(30)
})

test('repeats that do not vary give an interval without width', () => {
  expect(intervalOfChange([0, 0, 0, 0, 0], [0.16, 0.16, 0.16, 0.16, 0.16])).toEqual({ low: 0.16, high: 0.16 })
})

test('the same values give the same interval, and the sign says which side is larger', () => {
  const [fast, slow] = [
    [10, 11, 12, 10, 11],
    [20, 21, 22, 20, 21],
  ]
  expect(intervalOfChange(fast, slow)).toEqual(intervalOfChange(fast, slow))
  expect(intervalOfChange(fast, slow).low).toBeGreaterThan(0)
  expect(intervalOfChange(slow, fast).high).toBeLessThan(0)
})

test.each([
  [4, 9],
  [9, 4],
  [0, 0],
])('%i and %i repeats are too few for an interval', (before, after) => {
  expect(() =>
    intervalOfChange(
      values(before, () => 1),
      values(after, () => 2),
    ),
  ).toThrow(RangeError)
})
