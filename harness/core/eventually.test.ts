import { expect, test, vi } from 'vitest'
import { eventually, formatMs, found, type Look, notYet, pause } from './eventually.ts'
import { SignalproofError } from './signalproof-error.ts'

const unreachable = (seen: string) =>
  new SignalproofError('BACKEND_UNREACHABLE', { expected: 'an answer', seen, remedy: 'none' })

/** Looks that answer in turn; the last one stays. */
const inTurn = (...looks: readonly (() => Look<string>)[]) => {
  let taken = 0
  return () => (looks[taken++] ?? looks.at(-1) ?? (() => notYet('no look')))()
}

test('hands back the value of the first look that finds it, and how many looks that took', async () => {
  const look = inTurn(
    () => notYet('one'),
    () => notYet('two'),
    () => found('there'),
  )
  const onLook = vi.fn()
  const seen = await eventually('it', look, { withinMs: 1000, everyMs: 1, remedy: 'wait', onLook })
  expect(seen).toMatchObject({ value: 'there', looks: 3 })
  expect(seen.usedMs).toBeLessThan(1000)
  expect(onLook).toHaveBeenCalledTimes(3)
})

test('looks once even when no time is left at all', async () => {
  const seen = await eventually('it', () => found('there'), { withinMs: 0, remedy: 'none' })
  expect(seen.looks).toBe(1)
})

test('names the condition, its deadline and the last thing seen when the deadline passes', async () => {
  const look = inTurn(
    () => notYet('nothing yet'),
    () => notYet('5 of 6 lines'),
  )
  const waiting = eventually('six lines in Loki', look, { withinMs: 60, everyMs: 10, remedy: 'look at it' })
  await expect(waiting).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
    account: {
      expected: 'six lines in Loki within 60 ms',
      seen: expect.stringMatching(/^5 of 6 lines \(\d+ looks in \d+ ms\)$/),
      remedy: 'look at it',
    },
  })
})

test('counts a single look in the singular', async () => {
  const waiting = eventually('it', () => notYet('no'), { withinMs: 0, remedy: 'none' })
  await expect(waiting).rejects.toMatchObject({
    account: { seen: expect.stringContaining('no (1 look in ') },
  })
})

test.each([
  ['that listens to its signal', (signal: AbortSignal) => pause(60_000, signal).then(() => found('late'))],
  ['that does not listen to its signal', () => new Promise<Look<string>>(() => {})],
])('a hung look %s does not outlive the deadline', async (_, look) => {
  const waiting = eventually('an answer', look, { withinMs: 50, remedy: 'none' })
  await expect(waiting).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
    account: { seen: expect.stringContaining('nothing: no look was finished in time') },
  })
})

test('keeps what the look before saw when the last look is cut off by the deadline', async () => {
  let looks = 0
  const look = () => (looks++ === 0 ? notYet('4 lines') : new Promise<Look<string>>(() => {}))
  const waiting = eventually('five lines', look, { withinMs: 60, everyMs: 5, remedy: 'none' })
  await expect(waiting).rejects.toMatchObject({
    account: { seen: expect.stringMatching(/^4 lines \(2 looks/) },
  })
})

test('an answer after the deadline does not count', async () => {
  const look = async () => {
    await pause(120)
    return found('late')
  }
  await expect(eventually('it', look, { withinMs: 30, remedy: 'none' })).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
  })
})

test('looks again when nobody answered, and says so when that stays', async () => {
  const look = inTurn(
    () => {
      throw unreachable('connection refused')
    },
    () => found('there'),
  )
  expect((await eventually('it', look, { withinMs: 1000, everyMs: 1, remedy: 'none' })).looks).toBe(2)
  const never = () => {
    throw unreachable('connection refused')
  }
  await expect(eventually('it', never, { withinMs: 20, remedy: 'none' })).rejects.toMatchObject({
    account: { seen: expect.stringMatching(/^connection refused/) },
  })
})

test.each([
  ['a wrong answer', new SignalproofError('BACKEND_BAD_ANSWER', { expected: 'a', seen: 'b', remedy: 'c' })],
  ['a defect', new TypeError('x is not a function')],
])('%s ends the wait at once', async (_, thrown) => {
  const onLook = vi.fn()
  const look = () => {
    throw thrown
  }
  await expect(eventually('it', look, { withinMs: 60_000, remedy: 'none', onLook })).rejects.toBe(thrown)
  expect(onLook).toHaveBeenCalledTimes(1)
})

test.each([
  ['between two looks', () => notYet('no')],
  ['during a look', () => new Promise<Look<string>>(() => {})],
])('ends with the reason of an abort %s', async (_, look) => {
  const stopping = new AbortController()
  const waiting = eventually('it', look, {
    withinMs: 60_000,
    everyMs: 60_000,
    remedy: 'none',
    signal: stopping.signal,
  })
  setTimeout(() => stopping.abort(new Error('a component died')), 10)
  await expect(waiting).rejects.toThrow('a component died')
})

test('a long wait looks less often than a short one, and still knows the moment to a fortieth of it', async () => {
  vi.useFakeTimers()
  try {
    const looksWithin = async (ms: number) => {
      const startedAt = performance.now()
      const looking = eventually(
        'it',
        () => (performance.now() - startedAt >= ms ? found(0) : notYet('no')),
        {
          withinMs: 60_000,
          remedy: 'none',
        },
      )
      await vi.advanceTimersByTimeAsync(ms + 300)
      return await looking
    }
    const [short, long] = [await looksWithin(500), await looksWithin(8_000)]
    expect(short.looks).toBe(21)
    expect(long.looks).toBeLessThan(8_000 / 25 / 2)
    expect(long.usedMs - 8_000).toBeLessThanOrEqual(8_000 / 40 + 1)
  } finally {
    vi.useRealTimers()
  }
})

test('does not look at all after an abort', async () => {
  const look = vi.fn(() => found('there'))
  const signal = AbortSignal.abort(new Error('over'))
  await expect(eventually('it', look, { withinMs: 100, remedy: 'none', signal })).rejects.toThrow('over')
  expect(look).not.toHaveBeenCalled()
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses to wait for %s ms', async (withinMs) => {
  await expect(eventually('it', () => notYet('no'), { withinMs, remedy: 'none' })).rejects.toMatchObject({
    code: 'INTERNAL',
    account: { expected: 'a computed time to wait for: it', seen: String(withinMs) },
  })
})

test('a pause ends with the abort, also with one that came before it', async () => {
  const stopping = new AbortController()
  const pausing = pause(60_000, stopping.signal)
  stopping.abort(new Error('over'))
  await expect(pausing).rejects.toThrow('over')
  await expect(pause(60_000, stopping.signal)).rejects.toThrow('over')
})

test.each([
  [0, '0 ms'],
  [87.4, '87 ms'],
  [1_900, '1.9 s'],
  [119_900, '119.9 s'],
  [330_000, '5 m 30 s'],
  [3_600_000, '1 h'],
  [14_400_000 + 61_000, '4 h 1 m 1 s'],
  [Number.POSITIVE_INFINITY, 'for ever'],
])('writes %d ms as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text)
})

test('a look that the deadline cut off is taken once more, where it is given the time', async () => {
  const slow = vi.fn((signal: AbortSignal) =>
    pause(40, signal).then(() => found('in time, by its own words')),
  )
  const seen = await eventually('it', slow, { withinMs: 20, lastLookMs: 5_000, remedy: 'none' })
  expect(seen).toMatchObject({ value: 'in time, by its own words', looks: 2 })
})

test('only a look that was cut off is taken once more, and only once', async () => {
  const hung = vi.fn(() => new Promise<Look<string>>(() => {}))
  const options = { withinMs: 20, lastLookMs: 30, everyMs: 1, remedy: 'none' }
  await expect(eventually('it', hung, options)).rejects.toMatchObject({ code: 'WAIT_TIMEOUT' })
  expect(hung).toHaveBeenCalledTimes(2)
  const startedAt = performance.now()
  await expect(
    eventually('it', () => notYet('no'), { ...options, lastLookMs: 60_000 }),
  ).rejects.toMatchObject({
    account: { seen: expect.stringMatching(/^no \(/) },
  })
  expect(performance.now() - startedAt).toBeLessThan(60_000)
})
