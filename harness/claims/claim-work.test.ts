import { expect, test } from 'vitest'
import { found, notYet } from '../core/eventually.ts'
import type { SeenHop } from '../timeline/followed-alert.ts'
import { rowDouble } from './claim-doubles.ts'
import { ClaimWork } from './claim-work.ts'
import type { Run } from './run.ts'

const workDouble = (signal = new AbortController().signal) =>
  new ClaimWork({ signal } as Run, rowDouble('logs.stored'))

const hop = (changes: Partial<SeenHop>): SeenHop => ({
  name: 'stored',
  at: 0,
  ms: 100,
  worstCaseMs: 200,
  deadlineMs: 450,
  value: null,
  ...changes,
})

test('a wait that finds it hands the value on, and counts its looks and its time', async () => {
  const work = workDouble()
  const looks = [notYet('no'), found('there')]
  expect(
    await work.within('it', () => looks.shift() ?? notYet('no'), {
      worstCaseMs: 900,
      allowanceMs: 100,
      everyMs: 1,
    }),
  ).toBe('there')
  expect(work.measured()).toEqual({ lookups: 2, usedMs: expect.any(Number), worstCaseMs: 1000 })
})

test("a wait that runs out has the worst case and the allowance as its deadline, and the row's remedy", async () => {
  const work = workDouble()
  await expect(
    work.within('it', () => notYet('no'), { worstCaseMs: 10, allowanceMs: 20 }),
  ).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
    account: { expected: 'it within 30 ms', remedy: 'mend logs.stored' },
  })
  expect(work.measured()).not.toHaveProperty('usedMs')
})

test('a hold counts its looks, and breaks with the remedy of the row', async () => {
  const work = workDouble()
  await work.holds('silence', () => found(0), 0)
  await expect(work.holds('silence', () => notYet('an alert'), 0)).rejects.toMatchObject({
    code: 'HOLD_BROKEN',
    account: { remedy: 'mend logs.stored' },
  })
  expect(work.measured()).toEqual({ lookups: 2 })
})

test('a hop just at its deadline is in time, and one ms more is not', async () => {
  const work = workDouble()
  expect(await work.hop(Promise.resolve(hop({ ms: 450 })))).toMatchObject({ ms: 450 })
  await expect(work.hop(Promise.resolve(hop({ ms: 451 })))).rejects.toMatchObject({
    code: 'CLAIM_BROKEN',
    account: { expected: 'stored within 200 ms and the allowance', seen: expect.stringMatching(/^451 ms/) },
  })
})

test('says of several waits the longest', async () => {
  const work = workDouble()
  await work.hop(Promise.resolve(hop({ ms: 100, deadlineMs: 400 })))
  await work.hop(Promise.resolve(hop({ ms: 300, deadlineMs: 500 })))
  await work.hop(Promise.resolve(hop({ ms: 200, deadlineMs: 600 })))
  expect(work.measured()).toEqual({ lookups: 3, usedMs: 300, worstCaseMs: 500 })
})

test('a hop that never came is counted as no look', async () => {
  const work = workDouble()
  await expect(work.hop(Promise.reject(new Error('never came')))).rejects.toThrow('never came')
  expect(work.measured()).toEqual({ lookups: 0 })
})

test('every wait ends with the run', async () => {
  const work = workDouble(AbortSignal.abort(new Error('a component died')))
  await expect(work.within('it', () => found(1), { worstCaseMs: 1, allowanceMs: 1 })).rejects.toThrow(
    'a component died',
  )
  await expect(work.holds('it', () => found(1), 1)).rejects.toThrow('a component died')
})
