import { expect, test } from 'vitest'
import { formatDuration, parseDurationMs } from './prometheus-duration.ts'

test.each([
  ['0', 0],
  ['0s', 0],
  ['250ms', 250],
  ['10s', 10_000],
  ['1m', 60_000],
  ['1h30m', 5_400_000],
  ['1d', 86_400_000],
  ['1w', 604_800_000],
  ['1y2w3d4h5m6s7ms', 31_536_000_000 + 2 * 604_800_000 + 3 * 86_400_000 + 4 * 3_600_000 + 306_007],
])("reads %s in Prometheus' form", (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms)
})

test.each([
  ['1m0s', 60_000],
  ['4h0m0s', 14_400_000],
  ['1.5s', 1_500],
  ['1s1.5ms', 1_001.5],
  ['1.5h', 5_400_000],
  ['1m0.25s', 60_250],
  ['500µs', 0.5],
  ['500us', 0.5],
  ['100ns', 0.0001],
])("reads %s in Go's form, which live configurations answer in", (text, ms) => {
  expect(parseDurationMs(text)).toBeCloseTo(ms, 9)
})

test.each(['', 's', '10', '-5s', '1.5', '5 m', ' 5m', '5m ', '1s1m1', '5minutes', '1h,30m', 'for ever'])(
  'does not take %j for a duration',
  (text) => {
    expect(parseDurationMs(text)).toBeNull()
  },
)

test('what it writes reads as the same milliseconds', () => {
  const amounts = [0, 1, 7, 10, 59, 60, 61, 999, 1000, 1001, 3599, 3600, 86_399, 604_800]
  const all = amounts.flatMap((a) => amounts.flatMap((b) => [a, a * b, a * 1000 + b, a * 60_000 + b]))
  for (const ms of all) expect(parseDurationMs(formatDuration(ms)), formatDuration(ms)).toBe(ms)
})

test.each([
  [0, '0s'],
  [90_000, '1m30s'],
  [5_400_250, '1h30m250ms'],
  [172_800_000, '2d'],
])('writes %d ms in the shortest notation', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
