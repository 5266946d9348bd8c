/**
 * The windows of burn-rate alerts: multi-window, multi-burn-rate as in "The Site Reliability Workbook", chapter 5, with the
 * row of three days and the one of one day. An alert fires while the error ratio over the long and over the short window is
 * above factor × (1 − target): the long window decides when it begins, the short one, a twelfth of it, when it ends.
 */

export interface BurnRatePair {
  readonly severity: 'page' | 'ticket'
  /** Share of the period's budget that is spent when the alert begins. */
  readonly budgetShare: number
  /** How many times faster than the period allows the budget is spent: budgetShare × period / long window. */
  readonly factor: number
  /** The names of the windows; they stay in the labels where the ranges are compressed. */
  readonly longWindow: string
  readonly shortWindow: string
  /** The ranges that the rules really use. */
  readonly longMs: number
  readonly shortMs: number
}

const hourMs = 3_600_000

const rows = [
  { severity: 'page', budgetShare: 0.02, longWindow: '1h', shortWindow: '5m', longMs: hourMs },
  { severity: 'page', budgetShare: 0.05, longWindow: '6h', shortWindow: '30m', longMs: 6 * hourMs },
  { severity: 'ticket', budgetShare: 0.1, longWindow: '1d', shortWindow: '2h', longMs: 24 * hourMs },
  { severity: 'ticket', budgetShare: 0.1, longWindow: '3d', shortWindow: '6h', longMs: 72 * hourMs },
] as const

/** The four pairs of an objective over `periodMs`, the fastest first. */
export function burnRatePairs(periodMs: number): BurnRatePair[] {
  return rows.map((row) => ({
    ...row,
    shortMs: row.longMs / 12,
    factor: rounded((row.budgetShare * periodMs) / row.longMs),
  }))
}

/** The same pair to be watched live: long 60 s, short 5 s, for a scrape every second. Factor, threshold and names stay. */
export function compressed(pair: BurnRatePair): BurnRatePair {
  return { ...pair, longMs: 60_000, shortMs: 5_000 }
}

/** The error ratio above which a pair fires. @param target share of good events that the objective asks for, 0 to 1 */
export function thresholdOf({ factor }: Pick<BurnRatePair, 'factor'>, target: number): number {
  return rounded(factor * (1 - target))
}

/** Without what binary fractions add: 1 − 0.99 is 0.01. */
export const rounded = (value: number): number => Number(value.toPrecision(12))
