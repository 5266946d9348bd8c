import { expect, test } from 'vitest'
import { wrap } from './wrap.ts'

test.each([
  ['as it is', 'a  b', 10, 2, '  a  b'],
  ['at words', 'one two three', 9, 0, 'one two\n  three'],
  ['with its indent', 'a\n  one two', 7, 1, ' a\n   one\n     two'],
  ['a word longer than the width', 'a unbreakable b', 6, 0, 'a\n  unbreakable\n  b'],
  ['by what is seen, not by its colours', '\u001b[31mone\u001b[39m two', 7, 0, '\u001b[31mone\u001b[39m two'],
])('folds %s', (_, text, width, indent, folded) => {
  expect(wrap(text, width, indent)).toBe(folded)
})
