import { expect, test } from 'vitest'
import { type LimitRequest, searchLimit, type Trial } from './search-limit.ts'

const kept: Trial = { kind: 'kept' }
const missed: Trial = { kind: 'missed', objectives: 'latency of frontend' }
const invalid: Trial = { kind: 'invalid', because: 'k6 dropped 12 iterations' }

const search = (attempt: (rate: number, turn: number) => Trial, changes: Partial<LimitRequest> = {}) => {
  let turn = 0
  return searchLimit({
    startRate: 50,
    highestRate: 10_000,
    resolution: 0.1,
    mostRuns: 20,
    attempt: async (rate) => attempt(rate, turn++),
    ...changes,
  })
}

const below = (limit: number) => (rate: number) => (rate <= limit ? kept : missed)

test.each([7, 49, 50, 51, 333, 1999, 5000])('a limit of %i is between the two ends', async (limit) => {
  const found = await search(below(limit))
  expect(found.kind).toBe('found')
  expect(found.kept).toBeLessThanOrEqual(limit)
  expect(found.above).toBeGreaterThan(limit)
  expect(found.gap).toBeLessThanOrEqual(Math.max(0.1, 1 / (found.kept ?? 1)))
  for (const end of [found.kept, found.above])
    expect(found.attempts.filter(({ ratePerSecond }) => ratePerSecond === end)).toHaveLength(2)
})

test('it takes few runs', async () => {
  expect((await search(below(333))).attempts.length).toBeLessThanOrEqual(10)
})

test('nothing lower than the lowest rate is tried', async () => {
  expect(await search(() => missed)).toMatchObject({ kind: 'below', kept: null, above: 1 })
})

test('a limit above the highest rate is said to lie above it', async () => {
  const found = await search(() => kept, { highestRate: 180 })
  expect(found).toMatchObject({ kind: 'above', kept: 180, above: null, gap: null })
  expect(found.why).toContain('180/s is the highest rate asked for')
})

test('where the generator gives out first, the limit is above, never at that rate', async () => {
  const found = await search((rate) => (rate <= 120 ? kept : invalid))
  expect(found.kind).toBe('above')
  expect(found.kept).toBeLessThanOrEqual(120)
  expect(found.why).toMatch(/the generator gave out at \d+\/s: k6 dropped 12 iterations/)
})

test('a system that misses below where the generator gives out has a limit', async () => {
  const found = await search((rate) => (rate <= 120 ? kept : rate <= 160 ? missed : invalid))
  expect(found.kind).toBe('found')
  expect(found.above).toBeLessThanOrEqual(160)
})

test('without one valid run nothing is concluded', async () => {
  const found = await search(() => invalid)
  expect(found).toMatchObject({ kind: 'unsure', kept: null })
  expect(found.why).toBe('no run was valid: k6 dropped 12 iterations')
  expect(found.attempts.map(({ ratePerSecond }) => ratePerSecond)).toEqual([50, 25, 12])
})

test('a rate that is missed the second time is no rate that is kept', async () => {
  let seen = 0
  const found = await search((rate) => {
    if (rate !== 300) return rate < 300 ? kept : missed
    seen += 1
    return seen === 1 ? kept : missed
  })
  expect(found.kept).toBeLessThan(300)
  expect(found.above).toBeLessThanOrEqual(300)
  expect(found.kind).toBe('found')
})

test('runs that are used up leave the ends as they are', async () => {
  const found = await search(below(333), { mostRuns: 4 })
  expect(found).toMatchObject({ kind: 'unsure', kept: 200, above: 400, gap: 1 })
  expect(found.why).toBe('all 4 runs were used')
  expect(found.attempts).toHaveLength(4)
})

test('what an attempt throws ends the search', async () => {
  const broken = () => {
    throw new Error('accounts part')
  }
  await expect(search(broken)).rejects.toThrow('accounts part')
})
