import { expect, test } from 'vitest'
import {
  formatGoDuration,
  formatInterval,
  panelIntervalMs,
  parseIntervalMs,
  roundIntervalMs,
} from './grafana-interval.ts'

// Published in grafana/grafana, packages/grafana-data/src/datetime/rangeutil.test.ts, "roundInterval".
test.each([
  [9, 1],
  [34, 20],
  [74, 50],
  [149, 100],
  [349, 200],
  [749, 500],
  [1_499, 1_000],
  [3_499, 2_000],
  [7_499, 5_000],
  [12_499, 10_000],
  [17_499, 15_000],
  [24_999, 20_000],
  [44_999, 30_000],
  [89_999, 60_000],
  [209_999, 120_000],
  [449_999, 300_000],
  [749_999, 600_000],
  [1_049_999, 900_000],
  [1_499_999, 1_200_000],
  [2_699_999, 1_800_000],
  [5_399_999, 3_600_000],
  [8_999_999, 7_200_000],
  [16_199_999, 10_800_000],
  [32_399_999, 21_600_000],
  [86_399_999, 43_200_000],
  [604_799_999, 86_400_000],
  [1_814_399_999, 604_800_000],
  [3_628_799_999, 2_592_000_000],
  [3_628_800_000, 31_536_000_000],
])('an interval of %d ms is rounded to %d ms', (interval, rounded) => {
  expect(roundIntervalMs(interval)).toBe(rounded)
})

// Same file, "describe_interval": no unit means seconds.
test.each([
  ['123', 123_000],
  ['123h', 442_800_000],
  ['1m', 60_000],
  ['30s', 30_000],
  ['10ms', 10],
  ['1d', 86_400_000],
  ['1w', 604_800_000],
  ['1M', 2_592_000_000],
  ['1y', 31_536_000_000],
  ['>10s', 10_000],
])('reads the interval %s', (text, ms) => {
  expect(parseIntervalMs(text)).toBe(ms)
})

test.each(['123xyz', 'xyz', '', '$__interval', '-5s', '1h30m'])('"%s" is no interval', (text) => {
  expect(parseIntervalMs(text)).toBeNull()
})

// FormatInterval of grafana-plugin-sdk-go, backend/gtime/gtime.go: one unit, the rest is cut.
test.each([
  [0.5, '1ms'],
  [61, '61ms'],
  [30_000, '30s'],
  [61_000, '1m'],
  [90_000, '1m'],
  [5_400_000, '1h'],
  [86_400_000, '1d'],
  [2_592_000_000, '30d'],
  [31_536_000_000, '1y'],
])('%d ms are written %s', (ms, text) => {
  expect(formatInterval(ms)).toBe(text)
})

// time.Duration.String() of Go.
test.each([
  [500, '500ms'],
  [4_000, '4s'],
  [60_000, '1m0s'],
  [135_000, '2m15s'],
  [1_200_000, '20m0s'],
  [3_600_000, '1h0m0s'],
  [1_500, '1.5s'],
])('Go writes %d ms as %s', (ms, text) => {
  expect(formatGoDuration(ms)).toBe(text)
})

test('a panel has the rounded share of the range for each point, and at least its least interval', () => {
  expect(panelIntervalMs(3_600_000, 300, 5_000)).toBe(10_000)
  expect(panelIntervalMs(900_000, 300, 5_000)).toBe(5_000)
  expect(panelIntervalMs(900_000, 300, 1)).toBe(2_000)
})
