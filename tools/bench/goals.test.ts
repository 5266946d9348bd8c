import { expect, test } from 'vitest'
import { judge } from './goals.ts'

test('a goal is met when every value keeps the limit, the limit included', () => {
  expect(judge([1, 5], 5)).toBe('met')
})

test('a goal says how many values miss it', () => {
  expect(judge([5.001], 5)).toBe('missed')
  expect(judge([6, 5, 7], 5)).toBe('missed by 2 of 3')
})

test('no value and no number meet no goal', () => {
  expect(judge([], 5)).toBe('not measured')
  expect(judge([Number.NaN], 5)).toBe('missed')
})
