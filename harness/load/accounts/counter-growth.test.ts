import { expect, test } from 'vitest'
import { growthSince } from './counter-growth.ts'

const growth = async (...samples: readonly (readonly [atMs: number, value: number])[]) => {
  const prometheus = {
    samples: async () => [{ labels: {}, samples: samples.map(([atMs, value]) => ({ atMs, value })) }],
  }
  const [grown] = await growthSince(prometheus, 'x', { sinceMs: 100, nowMs: 200, reachBackMs: 50 })
  return grown?.growth
}

test('a counter grows from its last sample before the moment', async () => {
  expect(await growth([80, 3], [90, 7], [110, 9], [120, 12])).toBe(5)
})

test('a counter that was not there before began at 0', async () => {
  expect(await growth([110, 9], [120, 12])).toBe(12)
})

test('a counter that fell was started again', async () => {
  expect(await growth([90, 7], [110, 9], [120, 4], [130, 5])).toBe(7)
})

test('a counter without a later sample has not grown', async () => {
  expect(await growth([90, 7])).toBe(0)
})

test('asks for samples from before the moment, and for none after the last one', async () => {
  const asked: unknown[] = []
  const samples = async (...all: unknown[]) => {
    asked.push(all)
    return []
  }
  await growthSince({ samples }, 'x{a="b"}', { sinceMs: 100, nowMs: 250, reachBackMs: 50 })
  expect(asked).toEqual([['x{a="b"}', 200, { atMs: 250, signal: undefined }]])
})
