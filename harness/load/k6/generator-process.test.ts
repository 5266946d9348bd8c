import { expect, test } from 'vitest'
import { secondsOf } from './generator-process.ts'

test.each([
  ['0m1.230s 0m0.410s', 1.64],
  ['2m0.000000s 1m5.500000s', 185.5],
])('reads the user and system time of %s', (line, seconds) => {
  expect(secondsOf(line)).toBeCloseTo(seconds, 6)
})

test.each(['', '0m1.230s', '1.2 0.4'])(
  'a line that is not what the shell writes, "%s", is no zero',
  (line) => {
    expect(() => secondsOf(line)).toThrow(/expected user and system time of the shell's times/)
  },
)
