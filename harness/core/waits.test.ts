import { expect, test } from 'vitest'
import { eventually, found, holds, notYet } from './eventually.ts'
import { hearWaits, type Wait } from './waits.ts'

const heard = async (work: () => Promise<unknown>) => {
  const begun: Wait[] = []
  const over: Wait[] = []
  const hear = (wait: Wait) => {
    begun.push(wait)
    return () => void over.push(wait)
  }
  await hearWaits(hear, work).catch(() => {})
  return { begun, over }
}

/** Looks that find nothing before the one with this number. */
const atLook = (number: number) => {
  let looks = 0
  return () => {
    looks += 1
    return looks < number ? notYet('no') : found(looks)
  }
}

const until = { withinMs: 1000, everyMs: 1, remedy: 'none' }

test('a wait is heard once it has to pause, and again when it is over', async () => {
  const { begun, over } = await heard(() => eventually('the third look', atLook(3), until))
  expect(begun).toEqual([{ condition: 'the third look', withinMs: 1000, kind: 'until' }])
  expect(over).toEqual(begun)
})

test('what is there at the first look was not waited for', async () => {
  const { begun } = await heard(() => eventually('the first look', atLook(1), until))
  expect(begun).toEqual([])
})

test('a wait that fails is over too', async () => {
  const { begun, over } = await heard(() =>
    eventually('never', () => notYet('no'), { ...until, withinMs: 5 }),
  )
  expect(begun).toHaveLength(1)
  expect(over).toEqual(begun)
})

test('a hold is heard for as long as it holds', async () => {
  const { begun, over } = await heard(() =>
    holds('silence', () => found(0), { forMs: 5, everyMs: 1, remedy: 'none' }),
  )
  expect(begun).toEqual([{ condition: 'silence', withinMs: 5, kind: 'hold' }])
  expect(over).toEqual(begun)
})

test('two pieces of work at the same time are heard apart, and one that nobody listens to by nobody', async () => {
  const [one, other] = await Promise.all([
    heard(() => eventually('one', atLook(3), until)),
    heard(() => eventually('other', atLook(3), until)),
    eventually('unheard', atLook(3), until),
  ])
  expect(one.begun.map(({ condition }) => condition)).toEqual(['one'])
  expect(other.begun.map(({ condition }) => condition)).toEqual(['other'])
})
