/**
 * The search for the highest rate that keeps the objectives, with few runs: the rate is doubled until one does not keep
 * them, the gap is halved until it is as small as asked, and both of its ends are tried once more. Runs vary, so an end
 * that goes the other way the second time is no end: the gap is widened to the rates that agree with themselves.
 */

/**
 * What a run at one rate says. `invalid`: the generator, not the system, gave out, so nothing is known of the system at
 * that rate and above.
 */
export type Trial =
  | { readonly kind: 'kept' }
  | { readonly kind: 'missed'; readonly objectives: string }
  | { readonly kind: 'invalid'; readonly because: string }

export interface Attempt {
  readonly ratePerSecond: number
  readonly trial: Trial
}

export interface LimitRequest {
  readonly startRate: number
  /** Rates above are not tried. */
  readonly highestRate: number
  /** The gap between the two ends, as a part of the lower one. */
  readonly resolution: number
  /** How many runs may be made. */
  readonly mostRuns: number
  readonly attempt: (ratePerSecond: number) => Promise<Trial>
}

/**
 * - `found`: kept at `kept`, missed at `above`, each of them in two runs.
 * - `above`: kept at the highest rate that could be tried; `why` says what ended the search there.
 * - `below`: missed at the lowest rate.
 * - `unsure`: the runs were used up, or agree too little; the ends are as far as they are known.
 */
export interface Limit {
  readonly kind: 'found' | 'above' | 'below' | 'unsure'
  /** The highest rate that every run of it kept. */
  readonly kept: number | null
  /** The lowest rate above it that a run missed, or could not be made at. */
  readonly above: number | null
  /** The gap as a part of the lower end; null without two ends. */
  readonly gap: number | null
  readonly why: string
  readonly attempts: readonly Attempt[]
}

const lowestRate = 1

/** A generator that has no room at so many rates, each half of the one before, has none at lower ones. */
const invalidInARow = 3

/** @throws what an attempt throws */
export async function searchLimit(request: LimitRequest): Promise<Limit> {
  const attempts: Attempt[] = []
  for (;;) {
    const ends = endsOf(attempts)
    const rate = nextRate(ends, attempts, request)
    if (rate === null || attempts.length >= request.mostRuns) return conclude(ends, attempts, request, rate)
    attempts.push({ ratePerSecond: rate, trial: await request.attempt(rate) })
  }
}

interface Ends {
  readonly kept: number | null
  readonly above: number | null
  /** Why the upper end is one. */
  readonly aboveBecause: 'missed' | 'invalid' | null
}

/** The highest rate that was only ever kept, with no lower one that was not; and the lowest above it that was not. */
function endsOf(attempts: readonly Attempt[]): Ends {
  const notKept = attempts.filter(({ trial }) => trial.kind !== 'kept')
  const lowest = Math.min(...notKept.map(({ ratePerSecond }) => ratePerSecond))
  const kept = Math.max(
    ...attempts.flatMap(({ ratePerSecond }) => (ratePerSecond < lowest ? [ratePerSecond] : [])),
  )
  const atLowest = notKept.filter(({ ratePerSecond }) => ratePerSecond === lowest)
  return {
    kept: Number.isFinite(kept) ? kept : null,
    above: Number.isFinite(lowest) ? lowest : null,
    aboveBecause:
      atLowest.length === 0
        ? null
        : atLowest.some(({ trial }) => trial.kind === 'missed')
          ? 'missed'
          : 'invalid',
  }
}

/** The rate to try next; null when there is nothing left to learn. */
function nextRate(ends: Ends, attempts: readonly Attempt[], request: LimitRequest): number | null {
  const { kept, above } = ends
  if (kept !== null && above !== null) return between(kept, above, attempts, request)
  if (kept !== null) return upFrom(kept, attempts, request)
  if (above !== null) return downFrom(above, attempts)
  return Math.min(request.startRate, request.highestRate)
}

const triesOf = (attempts: readonly Attempt[], rate: number): number =>
  attempts.filter(({ ratePerSecond }) => ratePerSecond === rate).length

function upFrom(kept: number, attempts: readonly Attempt[], { highestRate }: LimitRequest): number | null {
  if (kept < highestRate) return Math.min(kept * 2, highestRate)
  return triesOf(attempts, kept) < 2 ? kept : null
}

function downFrom(above: number, attempts: readonly Attempt[]): number | null {
  const wasNeverValid = attempts.every(({ trial }) => trial.kind === 'invalid')
  if (wasNeverValid && attempts.length >= invalidInARow) return null
  if (above > lowestRate) return Math.max(lowestRate, Math.floor(above / 2))
  return triesOf(attempts, above) < 2 ? above : null
}

function between(
  kept: number,
  above: number,
  attempts: readonly Attempt[],
  { resolution }: LimitRequest,
): number | null {
  const middle = Math.round((kept + above) / 2)
  const canBeHalved = middle > kept && middle < above
  if (above - kept > resolution * kept && canBeHalved) return middle
  // The ends decide, so each is tried twice: the lower one first, since a rate is promised by it.
  return [kept, above].find((rate) => triesOf(attempts, rate) < 2) ?? null
}

function conclude(
  { kept, above, aboveBecause }: Ends,
  attempts: readonly Attempt[],
  { highestRate, mostRuns }: LimitRequest,
  next: number | null,
): Limit {
  const gap = kept === null || above === null ? null : (above - kept) / kept
  const common = { kept, above, gap, attempts }
  const wavering = [...new Set(attempts.map(({ ratePerSecond }) => ratePerSecond))].filter(
    (rate) =>
      new Set(attempts.flatMap(({ ratePerSecond, trial }) => (ratePerSecond === rate ? [trial.kind] : [])))
        .size > 1,
  )
  if (next !== null) return { ...common, kind: 'unsure', why: `all ${mostRuns} runs were used` }
  if (kept === null) {
    return aboveBecause === 'invalid'
      ? { ...common, kind: 'unsure', why: `no run was valid: ${becauseOf(attempts, above)}` }
      : { ...common, kind: 'below', why: `not kept at ${above}/s, the lowest rate that was tried` }
  }
  if (above === null)
    return { ...common, kind: 'above', why: `${highestRate}/s is the highest rate asked for` }
  if (aboveBecause === 'invalid')
    return {
      ...common,
      kind: 'above',
      why: `the generator gave out at ${above}/s: ${becauseOf(attempts, above)}`,
    }
  return {
    ...common,
    kind: 'found',
    why:
      wavering.length === 0
        ? 'both ends were tried twice'
        : `runs at ${wavering.join('/s, ')}/s went both ways, so the limit is not sharp`,
  }
}

function becauseOf(attempts: readonly Attempt[], rate: number | null): string {
  const reasons = attempts.flatMap(({ ratePerSecond, trial }) =>
    ratePerSecond === rate && trial.kind === 'invalid' ? [trial.because] : [],
  )
  return reasons[0] ?? 'no reason is known'
}
