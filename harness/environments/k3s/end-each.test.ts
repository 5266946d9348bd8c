import { expect, test } from 'vitest'
import { endEach } from './end-each.ts'

test('every step is taken in order, and what the first one that failed threw is thrown at the end', async () => {
  const taken: string[] = []
  const ending = endEach([
    async () => void taken.push('one'),
    async () => {
      throw new Error('first')
    },
    () => {
      throw new Error('second')
    },
    async () => void taken.push('two'),
  ])
  await expect(ending).rejects.toThrow('first')
  expect(taken).toEqual(['one', 'two'])
})

test('where none fails, it resolves', async () => {
  await expect(endEach([() => {}, async () => {}])).resolves.toBeUndefined()
})
