import { expect, test, vi } from 'vitest'
import { found, holds, type Look, notYet, pause } from './eventually.ts'
import { SignalproofError } from './signalproof-error.ts'

test('holds for the whole time, with a last look at its end', async () => {
  const moments: number[] = []
  const startedAt = performance.now()
  const look = () => {
    moments.push(performance.now() - startedAt)
    return found(0)
  }
  const { heldMs, looks } = await holds('silence', look, { forMs: 60, everyMs: 10, remedy: 'none' })
  expect(heldMs).toBeGreaterThanOrEqual(60)
  expect(looks).toBe(moments.length)
  expect(looks).toBeGreaterThan(2)
  // A timer may be early by less than a millisecond.
  expect(moments.at(-1)).toBeGreaterThan(59)
})

test.each([0, -5])('takes one look at least, also for %d ms', async (forMs) => {
  const onLook = vi.fn()
  expect(await holds('silence', () => found(0), { forMs, remedy: 'none', onLook })).toMatchObject({
    looks: 1,
  })
  expect(onLook).toHaveBeenCalledTimes(1)
})

test('breaks at the first look that differs, and says what came and after which time', async () => {
  let looks = 0
  const look = (): Look<number> => (looks++ < 2 ? found(0) : notYet('LogsErrorBurst of go is pending'))
  const holding = holds('no alert', look, { forMs: 60_000, everyMs: 5, remedy: 'look at the threshold' })
  await expect(holding).rejects.toMatchObject({
    code: 'HOLD_BROKEN',
    account: {
      expected: 'no alert for 60.0 s',
      seen: expect.stringMatching(/^LogsErrorBurst of go is pending \(after \d+ ms\)$/),
      remedy: 'look at the threshold',
    },
  })
  expect(looks).toBe(3)
})

test('breaks at an answer that cannot be had: silence is not absence', async () => {
  const look = () => {
    throw new SignalproofError('BACKEND_UNREACHABLE', {
      expected: 'an answer',
      seen: 'connect ECONNREFUSED',
      remedy: 'none',
    })
  }
  await expect(holds('no alert', look, { forMs: 60_000, remedy: 'none' })).rejects.toMatchObject({
    code: 'HOLD_BROKEN',
    account: { seen: expect.stringContaining('no answer: connect ECONNREFUSED') },
  })
})

test.each([
  ['between two looks', () => found(0)],
  ['during a look that hangs', () => new Promise<Look<number>>(() => {})],
])('ends with the reason of an abort %s, which is no broken hold', async (_, look) => {
  const stopping = new AbortController()
  const options = { forMs: 60_000, everyMs: 60_000, remedy: 'none', signal: stopping.signal }
  const holding = holds('silence', look, options)
  await Promise.all([
    expect(holding).rejects.toThrow('a component died'),
    pause(10).then(() => stopping.abort(new Error('a component died'))),
  ])
})

test('refuses to hold for a time that is no number', async () => {
  const look = vi.fn(() => found(0))
  await expect(holds('silence', look, { forMs: Number.NaN, remedy: 'none' })).rejects.toMatchObject({
    code: 'INTERNAL',
    account: { seen: 'NaN' },
  })
  expect(look).not.toHaveBeenCalled()
})
