import { expect, test } from 'vitest'
import { type ErrorCode, errorCodes } from './error-codes.ts'
import { describeThrown, exitStatusOf, SignalproofError } from './signalproof-error.ts'

const account = { expected: 'six lines', seen: 'five lines', remedy: 'look at the collector' }

test('says what was expected, where, what was seen and what to try, in that order', () => {
  const { message } = new SignalproofError('CONFIG_INVALID', { ...account, where: 'alerts/x.yaml groups[0]' })
  expect(message.split('\n')).toEqual([
    'CONFIG_INVALID: expected six lines',
    '  at:   alerts/x.yaml groups[0]',
    '  seen: five lines',
    '  try:  look at the collector',
  ])
})

test('says nothing about a place when there is none', () => {
  expect(new SignalproofError('CLAIM_BROKEN', account).message).not.toContain('at:')
})

test('keeps the cause', () => {
  const cause = new Error('ENOENT')
  expect(new SignalproofError('CONFIG_UNREADABLE', { ...account, cause }).cause).toBe(cause)
})

test.each(Object.keys(errorCodes) as ErrorCode[])(
  '%s ends the program with the status of its family',
  (code) => {
    const { family, meaning } = errorCodes[code]
    expect(exitStatusOf(new SignalproofError(code, account))).toBe(
      { stack: 1, usage: 2, environment: 3 }[family],
    )
    expect(meaning).toMatch(/\.$/)
  },
)

test('a defect of our own is a broken environment, never a broken stack', () => {
  for (const thrown of [new TypeError('x is not a function'), 'text', undefined]) {
    expect(exitStatusOf(thrown)).toBe(3)
  }
})

test.each([
  [new SignalproofError('WAIT_TIMEOUT', account), 'five lines'],
  [new Error('first line\nsecond line'), 'first line'],
  ['text', 'text'],
  [undefined, 'undefined'],
])('describes a thrown %s in one line', (thrown, line) => {
  expect(describeThrown(thrown)).toBe(line)
})
