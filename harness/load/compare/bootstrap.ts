/**
 * Whether two groups of repeats differ by more than repeats of one and the same thing do. The unit is the repeat: the
 * requests of one run share its machine, its warm-up and its neighbours, so thousands of them are still one observation.
 */

/** With fewer repeats on either side nothing is said: too few different resamples exist for the tails of an interval. */
export const repeatsNeeded = 5

/** Of the interval: how often it holds the true change. */
export const confidence = 0.95

export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * The share of resamples that is left out on each side, by the smaller number of repeats. A plain bootstrap interval of
 * few values is too narrow; leaving out Φ(−√(n/(n−1)) · t(97.5 %, n−1)) instead of 2.5 % gives it the width of Student's
 * interval (Hesterberg, What Teachers Should Know about the Bootstrap, 2015, "expanded percentiles").
 */
const leftOutBySize: readonly (readonly [repeats: number, share: number])[] = [
  [5, 0.000954],
  [6, 0.002432],
  [7, 0.004109],
  [8, 0.005738],
  [9, 0.007225],
  [10, 0.008551],
  [12, 0.010757],
  [15, 0.013207],
  [20, 0.015881],
  [30, 0.018754],
  [50, 0.021179],
]

const resamples = 20_000

/**
 * The bootstrap interval of the difference of the means, after − before, in the unit of the values. The same values give
 * the same interval: the resamples are drawn by a generator with a fixed seed.
 * @throws RangeError with fewer repeats than are needed on either side
 */
export function intervalOfChange(before: readonly number[], after: readonly number[]): Interval {
  const size = Math.min(before.length, after.length)
  const leftOut = leftOutBySize.findLast(([repeats]) => repeats <= size)?.[1]
  if (leftOut === undefined)
    throw new RangeError(`expected at least ${repeatsNeeded} values on each side; seen ${size}`)
  const random = seededRandom(resamples)
  const differences = new Float64Array(resamples)
  for (let index = 0; index < resamples; index += 1)
    differences[index] = resampledMean(after, random) - resampledMean(before, random)
  differences.sort()
  const rank = Math.floor(leftOut * resamples)
  return { low: differences[rank] as number, high: differences[resamples - 1 - rank] as number }
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

function resampledMean(values: readonly number[], random: () => number): number {
  let sum = 0
  for (let drawn = 0; drawn < values.length; drawn += 1)
    sum += values[Math.floor(random() * values.length)] as number
  return sum / values.length
}

/** Numbers from 0 to 1 by the generator mulberry32: the same sequence for a seed, on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
