import { expect, test } from 'vitest'
import { binaryTicks, formatValue } from './units.ts'

test.each([
  [0.0123, 's', '12.3 ms'],
  [0.0000042, 's', '4.2 µs'],
  [0, 's', '0 s'],
  [95, 's', '95 s'],
  [5_400, 's', '90 min'],
  [250, 'ms', '250 ms'],
  [0.015, 'percentunit', '1.5 %'],
  [42, 'percent', '42 %'],
  [12.345, 'reqps', '12.3 req/s'],
  [67_108_864, 'bytes', '64 MiB'],
  [1_500, 'decbytes', '1.5 kB'],
  [0, 'bytes', '0 B'],
  [12_345, 'short', '12.3k'],
  [-3, undefined, '−3'],
  [1, 'a unit nobody knows', '1'],
  [Number.POSITIVE_INFINITY, 's', '∞'],
  [Number.NaN, 's', '–'],
])('%d in %s is %s', (value, unit, text) => {
  expect(formatValue(value, unit).replaceAll('\u00a0', ' ')).toBe(text)
})

test('bytes have round ticks', () => {
  expect(binaryTicks(100 * 2 ** 20)).toEqual([0, 2 ** 25, 2 ** 26, 3 * 2 ** 25])
  expect(binaryTicks(0)).toEqual([0])
})
