import { expect, test } from 'vitest'
import { reasonLines } from './reason-lines.ts'

test('a list that was compared is a line an entry, and an empty one is nothing', () => {
  const reason =
    'CLAIM_BROKEN: panels that show nothing\n  expected: []\n  seen: ["app-latency \\"Errors\\" is broken","slo \\"Budget\\" is broken"]\n  try:  look'
  expect(reasonLines(reason).split('\n')).toEqual([
    'CLAIM_BROKEN: panels that show nothing',
    '  expected: nothing',
    '  seen: app-latency "Errors" is broken',
    '    slo "Budget" is broken',
    '  try:  look',
  ])
})

test.each([
  'WAIT_TIMEOUT: expected a line\n  seen: none\n  try:  look',
  'CLAIM_BROKEN: what was counted\n  seen: ["one","tw…\n  try:  look',
  'CLAIM_BROKEN: what was counted\n  seen: [oh no]\n  try:  look',
])('what is no list stays as it is', (reason) => expect(reasonLines(reason)).toBe(reason))

test('what is not text is written as JSON', () => {
  expect(reasonLines('C: a\n  expected: [["x",true]]\n  seen: [["x",false],3]')).toBe(
    'C: a\n  expected: ["x",true]\n  seen: ["x",false]\n    3',
  )
})
