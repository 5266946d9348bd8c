import { expect, test } from 'vitest'
import { isConstantVector, withoutThreshold } from './threshold.ts'

test.each([
  [
    'logql',
    'sum(count_over_time({a="b"} | x > 3 [5m])) > 5',
    { comparison: '> 5', expr: 'sum(count_over_time({a="b"} | x > 3 [5m]))' },
  ],
  ['promql', 'up == 0', { comparison: '== 0', expr: 'up' }],
  ['logql', 'absent_over_time({a="b"}[5m])', undefined],
  ['promql', 'vector(1)', undefined],
] as const)('%s %s', (language, expr, parts) => {
  expect(withoutThreshold(language, expr)).toEqual(parts)
})

test.each([
  ['promql', 'vector(1)', true],
  ['logql', 'vector(1)', true],
  ['promql', 'vector(1) > 0', false],
  ['promql', 'vector(time())', false],
  ['logql', 'vector(1) unless count_over_time({a="b"}[5m])', false],
  ['promql', 'up', false],
] as const)('%s %s is constant: %s', (language, expr, constant) => {
  expect(isConstantVector(language, expr)).toBe(constant)
})
