import { expect, test } from 'vitest'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { reasonParts } from './reason.ts'

test('what a SignalproofError says is taken apart again', () => {
  const account = { expected: 'a line', seen: 'none', where: 'loki', remedy: 'look at it' }
  expect(reasonParts(new SignalproofError('WAIT_TIMEOUT', account).message)).toEqual({
    code: 'WAIT_TIMEOUT',
    about: null,
    expected: ['a line'],
    at: 'loki',
    seen: ['none'],
    remedy: 'look at it',
  })
})

test('a comparison has what it is about, and lists become lists', () => {
  const reason = 'CLAIM_BROKEN: what go counted\n  expected: []\n  seen: ["a","b",{"c":1}]\n  try:  compare'
  expect(reasonParts(reason)).toEqual({
    code: 'CLAIM_BROKEN',
    about: 'what go counted',
    expected: ['nothing'],
    at: null,
    seen: ['a', 'b', '{"c":1}'],
    remedy: 'compare',
  })
})

test('lines without a name belong to the one before them', () => {
  const reason = 'CLAIM_BROKEN: expected a\nand b\n  seen: c\nd\n  try:  e'
  expect(reasonParts(reason)).toMatchObject({ expected: ['a\nand b'], seen: ['c\nd'], remedy: 'e' })
})

test.each(['needs logs.stored, which is broken: no lines', 'TypeError: x is undefined', ''])(
  'what is written another way is told as it is: %s',
  (reason) => {
    expect(reasonParts(reason)).toMatchObject({ code: null, about: reason || null, seen: [], remedy: null })
  },
)

test('a list that is not one is text', () => {
  expect(reasonParts('CLAIM_BROKEN: expected [a, b]\n  seen: [c').expected).toEqual(['[a, b]'])
})
