import { formatDuration } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { type BurnRatePair, rounded } from './burn-rate-windows.ts'
import { type Objective, pairsOf } from './objective.ts'

/** What a run spent of an objective, from what the counters grew by: plain data, since it is kept in the run's folder. */
export interface ObjectiveVerdict {
  readonly name: string
  readonly service: string
  readonly kind: Objective['kind']
  readonly target: number
  readonly total: number
  readonly bad: number
  /** 1 is all that the objective allows for as many requests as there were. */
  readonly budgetSpent: number
  readonly held: boolean
  readonly burnByWindow: readonly WindowBurn[]
  /** How long a period's whole budget lasts at this rate; null where none was spent. */
  readonly timeToExhaustionMs: number | null
  readonly words: string
}

export interface WindowBurn {
  readonly severity: BurnRatePair['severity']
  readonly long: string
  readonly short: string
  readonly factor: number
  /** Over the long window, had there been as much traffic and no bad request before the run. */
  readonly burn: number
  /** How long requests have to go on as bad as in the run until the pair alerts; null where it never would. */
  readonly alertsAfterMs: number | null
}

export interface EventCounts {
  readonly total: number
  readonly bad: number
}

/**
 * Burn rate = error ratio ÷ (1 − target), budget = (1 − target) × requests (SRE workbook, chapters 2 and 5). A pair alerts
 * after factor × long window ÷ burn rate.
 * @param countsOf exact counts, by the name of the objective
 * @param runMs how long there was traffic
 * @throws SignalproofError LOAD_INVALID for an objective without requests, or with more bad ones than there were
 */
export function judgeObjectives(
  objectives: readonly Objective[],
  countsOf: ReadonlyMap<string, EventCounts>,
  runMs: number,
): ObjectiveVerdict[] {
  return objectives.map((objective) => {
    const counts = countsOf.get(objective.name) ?? { total: 0, bad: 0 }
    requireJudgeable(objective, counts)
    return judgeObjective(objective, counts, runMs)
  })
}

function requireJudgeable({ name, total: selector, service }: Objective, { total, bad }: EventCounts): void {
  if (total > 0 && bad >= 0 && bad <= total) return
  throw new SignalproofError('LOAD_INVALID', {
    expected: `requests of ${service} by which ${name} can be judged`,
    seen: total > 0 ? `${bad} bad ones among ${total}` : `none: ${selector} did not grow during the load`,
    where: name,
    remedy:
      total > 0
        ? 'compare the selectors of the objective: one has to be a part of the other'
        : `send load to ${service}, or leave this objective out`,
  })
}

function judgeObjective(objective: Objective, { total, bad }: EventCounts, runMs: number): ObjectiveVerdict {
  const { name, service, kind, target, periodMs } = objective
  const allowed = rounded((1 - target) * total)
  const budgetSpent = rounded(bad / allowed)
  // The same number: the part of the run's budget that is spent is how much faster than allowed it is spent.
  const burn = budgetSpent
  const timeToExhaustionMs = bad === 0 ? null : Math.round(periodMs / burn)
  const figures = { name, service, kind, target, total, bad, budgetSpent, held: bad <= allowed }
  return {
    ...figures,
    burnByWindow: pairsOf(objective).map((pair) => windowBurn(pair, burn, runMs)),
    timeToExhaustionMs,
    words: inWords(figures, timeToExhaustionMs, periodMs),
  }
}

function windowBurn(
  { severity, factor, longMs, longWindow, shortWindow }: BurnRatePair,
  burn: number,
  runMs: number,
): WindowBurn {
  return {
    severity,
    long: longWindow,
    short: shortWindow,
    factor,
    burn: rounded(burn * Math.min(1, runMs / longMs)),
    alertsAfterMs: burn > factor ? Math.round((factor * longMs) / burn) : null,
  }
}

function inWords(
  {
    name,
    kind,
    total,
    bad,
    budgetSpent,
    held,
    target,
  }: Omit<ObjectiveVerdict, 'burnByWindow' | 'words' | 'timeToExhaustionMs'>,
  timeToExhaustionMs: number | null,
  periodMs: number,
): string {
  const what = kind === 'latency' ? 'slow' : 'failed'
  const spent = `${bad} of ${total} requests ${what} (${percent(bad / total)}), which is ${percent(budgetSpent)} of what ${percent(target)} allows`
  const lasts =
    timeToExhaustionMs === null
      ? ''
      : `; at this rate a budget of ${formatDuration(periodMs)} lasts ${formatDuration(roundedToUnit(timeToExhaustionMs))}`
  return `${name} ${held ? 'held' : 'missed'}: ${spent}${lasts}`
}

/** Two units at most: nobody plans by the seconds of a budget that lasts for days. */
function roundedToUnit(ms: number): number {
  const unitMs = [86_400_000, 3_600_000, 60_000].find((each) => ms >= 2 * each)
  const step = unitMs === undefined ? 1000 : unitMs / (unitMs === 86_400_000 ? 24 : 60)
  return Math.max(step, Math.round(ms / step) * step)
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(4))} %`
