import { goals, judgeAtLeast } from './goals.ts'
import type { LoadMeasurement } from './load-pairs.ts'
import { spreadOf } from './statistics.ts'
import { ratio, textTable } from './text-table.ts'

/** Throughput pair by pair, and the median of the ratios beside its goal. */
export function writeLoad({ virtualUsers, seconds, pairs }: LoadMeasurement): string {
  const rate = (value: number) => `${value.toFixed(0)}/s`
  const median = pairs.length === 0 ? Number.NaN : medianOf(pairs.map((pair) => pair.ratio))
  const spread = pairs.length === 0 ? undefined : spreadOf(pairs.map((pair) => pair.ratio))
  const table = textTable([
    ['pair', 'plain k6', 'harness', 'ratio', 'first'],
    ...pairs.map((pair, index) => [
      `${index + 1}`,
      rate(pair.plain),
      rate(pair.harness),
      ratio(pair.ratio),
      pair.first,
    ]),
  ])
  const range = spread === undefined ? '' : `, from ${ratio(spread.min)} to ${ratio(spread.max)}`
  const verdict =
    pairs.length < goals.loadPairs
      ? `not judged: ${pairs.length} pairs, and it takes ${goals.loadPairs}`
      : judgeAtLeast(median, goals.loadThroughput)
  return `closed-loop throughput through the ingress, ${virtualUsers} virtual users for ${seconds} s a side
${table}
  median of the ratios ${median.toFixed(3)}${range}; goal >= ${goals.loadThroughput}: ${verdict}
`
}

/** The middle value; the mean of the two middle ones where there is none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const at = (index: number) => sorted[index] ?? Number.NaN
  return sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2
}
