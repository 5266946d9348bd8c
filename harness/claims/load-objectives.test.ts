import { expect, test } from 'vitest'
import { countEvents } from './load-objectives.ts'

/** Counters by selector, each of two pods. */
const grow = (growth: Readonly<Record<string, number>>) => async (selector: string) => {
  const sum = growth[selector]
  return sum === undefined ? [] : [sum - 1, 1].map((part) => ({ labels: {}, growth: part }))
}

test('bad events are counted, or what is not good', async () => {
  const counters = grow({ all: 100, failed: 3, quick: 90 })
  expect(await countEvents({ name: 'a', total: 'all', bad: 'failed' }, counters)).toEqual({
    total: 100,
    bad: 3,
  })
  expect(await countEvents({ name: 'b', total: 'all', good: 'quick' }, counters)).toEqual({
    total: 100,
    bad: 10,
  })
})

test('without a counter of bad events nothing is known, which is not that there was none', async () => {
  await expect(countEvents({ name: 'a', total: 'all', bad: 'failed' }, grow({ all: 100 }))).rejects.toThrow(
    /LOAD_INVALID.*bad events of a\n.*a\n.*none for failed/,
  )
  expect(
    await countEvents({ name: 'a', total: 'all', bad: 'failed' }, async (selector) => [
      { labels: {}, growth: selector === 'all' ? 100 : 0 },
    ]),
  ).toEqual({ total: 100, bad: 0 })
})

test('without a counter of good events nothing is known, which is not that all were bad', async () => {
  await expect(countEvents({ name: 'b', total: 'all', good: 'quick' }, grow({ all: 100 }))).rejects.toThrow(
    /LOAD_INVALID.*good events of b\n.*b\n.*none for quick/,
  )
})
