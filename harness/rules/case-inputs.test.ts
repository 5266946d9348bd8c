import { expect, test } from 'vitest'
import { inputsOfLines, isLess } from './case-inputs.ts'
import type { LogLines } from './log-test-format.ts'

const lines = (more: Partial<LogLines> = {}): LogLines => ({
  app: 'go',
  at: 0,
  count: 6,
  over: 0,
  json: { status: 500, route: '/x' },
  ...more,
})
const less = (silent: LogLines[], firing: LogLines[] = [lines()]) =>
  isLess(inputsOfLines(silent), inputsOfLines(firing))

test.each<[string, LogLines[], boolean]>([
  ['fewer of them', [lines({ count: 5 })], true],
  ['as many over a longer time', [lines({ over: 60_000 })], true],
  ['as many in two entries', [lines({ count: 3 }), lines({ count: 3, at: 10_000 })], true],
  ['the same fields in another order', [lines({ count: 5, json: { route: '/x', status: 500 } })], true],
  ['the very same', [lines()], false],
  ['more of them', [lines({ count: 4 }), lines({ count: 3, at: 10_000 })], false],
  ['of another app', [lines({ app: 'python', count: 5 })], false],
  ['with another status', [lines({ count: 5, json: { status: 200, route: '/x' } })], false],
  ['of another form', [lines({ count: 5, json: undefined, text: '{"status":500,"route":"/x"}' })], false],
  ['with a line beside them', [lines({ count: 5 }), lines({ count: 1, json: { route: '/y' } })], false],
  ['none at all', [], false],
])('lines are the firing ones with less: %s', (_, silent, expected) => {
  expect(less(silent)).toBe(expected)
})
