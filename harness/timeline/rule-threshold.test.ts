import { expect, test } from 'vitest'
import { thresholdIn } from './rule-threshold.ts'

const pattern = />\s*(\d+)[\s)]*$/

test.each([
  ['sum(x) > 5', 5],
  ['(sum(x)>12) ', 12],
])('finds the number of %s', (expr, expected) => {
  expect(thresholdIn({ alert: 'A', expr }, pattern)).toBe(expected)
})

test('a rule that compares with nothing is named', () => {
  expect(() => thresholdIn({ alert: 'A', expr: 'up == 0' }, pattern)).toThrow(/A to compare with a number/)
})
