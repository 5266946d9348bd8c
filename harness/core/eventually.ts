import { describeThrown, SignalproofError } from './signalproof-error.ts'
import { beginWait } from './waits.ts'

/** One look at something: either it is as claimed, with its value, or it is not yet, with what was seen instead. */
export type Look<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly saw: string }

export const found = <T>(value: T): Look<T> => ({ ok: true, value })
export const notYet = (saw: string): Look<never> => ({ ok: false, saw })

export interface WaitOptions {
  /** The computed deadline, counted from the call. */
  readonly withinMs: number
  /**
   * Pause between two looks; it bounds how exactly a moment is known. Without one it grows with the time waited, so that
   * the moment is known to a fortieth of it and who waits for long does not keep the machine busy with looking.
   */
  readonly everyMs?: number
  /** What to try when the deadline passes. */
  readonly remedy: string
  readonly signal?: AbortSignal | undefined
  /**
   * A look that the deadline cut off is taken once more, with this much time: where what is seen carries its own moment,
   * a slow answer is not a late one.
   */
  readonly lastLookMs?: number | undefined
  /** Called once a look, so that a claim can say how often it looked. */
  readonly onLook?: (() => void) | undefined
}

/** What `eventually` hands back: the value and how long it took to be seen. */
export interface Seen<T> {
  readonly value: T
  readonly usedMs: number
  readonly looks: number
}

/**
 * Looks until the named condition holds. A look that throws counts as "not yet" when a later look may differ
 * (a backend that does not answer); any other error ends the wait at once. A look has the remaining time as its limit:
 * its signal tells it, and a hung look that does not listen is left behind.
 * @throws SignalproofError WAIT_TIMEOUT with the last thing seen; INTERNAL for a deadline that is no number
 */
export async function eventually<T>(
  condition: string,
  look: (signal: AbortSignal) => Promise<Look<T>> | Look<T>,
  options: WaitOptions,
): Promise<Seen<T>> {
  requireDuration(options.withinMs, condition)
  const told: (() => void)[] = []
  const onPause = () => {
    if (told.length === 0) told.push(beginWait({ condition, withinMs: options.withinMs, kind: 'until' }))
  }
  try {
    return await lookUntil(condition, look, options, onPause)
  } finally {
    for (const tellOver of told) tellOver()
  }
}

/** @param onPause called before each pause: who is found at the first look has waited for nothing */
async function lookUntil<T>(
  condition: string,
  look: (signal: AbortSignal) => Promise<Look<T>> | Look<T>,
  { withinMs, everyMs, lastLookMs, remedy, signal, onLook }: WaitOptions,
  onPause: () => void,
): Promise<Seen<T>> {
  const startedAt = performance.now()
  let looks = 0
  let lastSaw = 'nothing: no look was finished in time'
  let wasCutOff = false
  let isLast = false
  for (;;) {
    signal?.throwIfAborted()
    const elapsedMs = performance.now() - startedAt
    if (looks > 0 && (isLast || elapsedMs >= withinMs)) {
      isLast = !isLast && wasCutOff && lastLookMs !== undefined
      if (!isLast) {
        throw new SignalproofError('WAIT_TIMEOUT', {
          expected: `${condition} within ${formatMs(withinMs)}`,
          seen: `${lastSaw} (${looks} ${looks === 1 ? 'look' : 'looks'} in ${formatMs(elapsedMs)})`,
          remedy,
        })
      }
    }
    looks += 1
    onLook?.()
    const looked: Looked<T> = await lookWithin(
      look,
      isLast ? (lastLookMs ?? 0) : withinMs - elapsedMs,
      signal,
    )
    if (looked.ok) return { value: looked.value, usedMs: performance.now() - startedAt, looks }
    // A look that the deadline cut off saw nothing; what the one before it saw says more.
    wasCutOff = looked.saw === undefined
    lastSaw = looked.saw ?? lastSaw
    onPause()
    const waitedMs = performance.now() - startedAt
    await pause(Math.min(everyMs ?? growingPauseMs(waitedMs), Math.max(1, withinMs - waitedMs)), signal)
  }
}

/** From 25 ms to a quarter of a second, which a wait of ten seconds has reached. */
const growingPauseMs = (waitedMs: number): number => Math.min(250, Math.max(25, waitedMs / 40))

type Looked<T> = Look<T> | { readonly ok: false; readonly saw: undefined }

/**
 * One look with a limit of its own; `saw` is undefined when the limit cut it off.
 * @throws what the look throws, where a later look could not differ
 */
async function lookWithin<T>(
  look: (signal: AbortSignal) => Promise<Look<T>> | Look<T>,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<Looked<T>> {
  const limit = AbortSignal.timeout(Math.max(1, Math.ceil(limitMs)))
  const lookSignal = signal === undefined ? limit : AbortSignal.any([signal, limit])
  try {
    return await unlessAborted(look(lookSignal), lookSignal)
  } catch (thrown) {
    signal?.throwIfAborted()
    if (!isWorthAnotherLook(thrown)) throw thrown
    return { ok: false, saw: limit.aborted ? undefined : describeThrown(thrown) }
  }
}

/**
 * Holds that something stays so for the whole of `forMs`. It takes one look at least, and an answer that cannot be
 * had breaks the hold: silence is not absence.
 * @throws SignalproofError HOLD_BROKEN at the first look that differs; INTERNAL for a time that is no number
 */
export async function holds(
  condition: string,
  look: (signal: AbortSignal) => Promise<Look<unknown>> | Look<unknown>,
  options: HoldOptions,
): Promise<{ heldMs: number; looks: number }> {
  requireDuration(options.forMs, condition)
  const tellOver = beginWait({ condition, withinMs: options.forMs, kind: 'hold' })
  try {
    return await lookThroughout(condition, look, options)
  } finally {
    tellOver()
  }
}

interface HoldOptions {
  readonly forMs: number
  readonly everyMs?: number
  readonly remedy: string
  readonly signal?: AbortSignal | undefined
  readonly onLook?: (() => void) | undefined
}

async function lookThroughout(
  condition: string,
  look: (signal: AbortSignal) => Promise<Look<unknown>> | Look<unknown>,
  { forMs, everyMs = 50, remedy, signal, onLook }: HoldOptions,
): Promise<{ heldMs: number; looks: number }> {
  const startedAt = performance.now()
  let looks = 0
  for (;;) {
    signal?.throwIfAborted()
    looks += 1
    onLook?.()
    const seen = await lookOnce(look, signal)
    if (!seen.ok) {
      throw new SignalproofError('HOLD_BROKEN', {
        expected: `${condition} for ${formatMs(forMs)}`,
        seen: `${seen.saw} (after ${formatMs(performance.now() - startedAt)})`,
        remedy,
      })
    }
    const leftMs = forMs - (performance.now() - startedAt)
    if (leftMs <= 0) return { heldMs: performance.now() - startedAt, looks }
    await pause(Math.min(everyMs, leftMs), signal)
  }
}

async function lookOnce(
  look: (signal: AbortSignal) => Promise<Look<unknown>> | Look<unknown>,
  signal: AbortSignal | undefined,
): Promise<Look<unknown>> {
  try {
    return await unlessAborted(look(signal ?? neverAborted), signal ?? neverAborted)
  } catch (thrown) {
    signal?.throwIfAborted()
    return notYet(`no answer: ${describeThrown(thrown)}`)
  }
}

const neverAborted = new AbortController().signal

/** The outcome of a look, or the signal's reason where that comes first. */
async function unlessAborted<T>(looking: Promise<T> | T, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([looking, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** A time that was computed from a setting that is not there would be waited for without end. */
function requireDuration(ms: number, condition: string): void {
  if (Number.isFinite(ms)) return
  throw new SignalproofError('INTERNAL', {
    expected: `a computed time to wait for: ${condition}`,
    seen: String(ms),
    remedy: 'look at the setting that the time is computed from',
  })
}

const mayDifferLater = new Set(['BACKEND_UNREACHABLE', 'KUBE_UNREACHABLE', 'WAIT_TIMEOUT'])

/** A look that failed because nobody answered may succeed later; a wrong answer or a defect of ours will not. */
function isWorthAnotherLook(thrown: unknown): boolean {
  if (thrown instanceof SignalproofError) return mayDifferLater.has(thrown.code)
  return (
    thrown instanceof Error &&
    (thrown.name === 'AbortError' || thrown.name === 'TimeoutError' || thrown.name === 'CanceledError')
  )
}

/** Resolves after `ms`, or rejects with the signal's reason. The only timer in the harness that waits. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason)
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** Milliseconds for people: `87 ms`, `1.9 s`, `5 m 30 s`. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return 'for ever'
  if (Math.abs(ms) < 1000) return `${Math.round(ms)} ms`
  if (Math.abs(ms) < 120_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const
  return parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount} ${unit}`])).join(' ')
}
