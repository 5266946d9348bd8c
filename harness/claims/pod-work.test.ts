import { expect, test } from 'vitest'
import { workOf } from './pod-work.ts'

/** A counter that is scraped once a second and grows by these shares of a core. */
const counter = (...cores: readonly number[]) => {
  let value = 7
  return {
    samples: [0, ...cores].map((used, second) => {
      value += used
      return { atMs: second * 1000, value }
    }),
  }
}
const limits = { requestedCores: 0.5, windowMs: 2_000 }
const rounded = (series: Parameters<typeof workOf>[0]) =>
  workOf(series, limits).map(({ at, percent }) => [at, Math.round(percent)])

test('percent of the request over the time before each scrape', () => {
  expect(rounded([counter(0, 0, 0.5, 0.5, 0.25)])).toEqual([
    [2000, 0],
    [3000, 50],
    [4000, 100],
    [5000, 75],
  ])
})

test('the mean of all pods, each from its first whole window on', () => {
  const late = { samples: counter(0.5, 0.5).samples.map(({ atMs, value }) => ({ atMs: atMs + 1500, value })) }
  expect(rounded([counter(0, 0, 0), late])).toEqual([
    [2000, 0],
    [3000, 0],
    [3500, 50],
  ])
})

test('without a whole window, or where the process was started again, nothing is known', () => {
  expect(rounded([counter(1)])).toEqual([])
  expect(rounded([counter(1, -5, 1)])).toEqual([])
  expect(rounded([])).toEqual([])
})
