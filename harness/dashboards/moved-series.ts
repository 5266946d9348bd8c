import type { ExpectedMove } from './panel-faults.ts'
import type { FaultWindow, PanelSeries } from './panel-record.ts'

/** Whether a series moved while something was broken: it is read before, during and after. */

export interface Readings {
  readonly before?: number
  readonly during?: number
  readonly after?: number
}

/**
 * The extreme value of each part of the time, in the direction of the move.
 * @param settleMs how long after a fault it is still seen: the longest window of the query, and a step
 * @param sinceMs where the part before the fault begins: after the faults before it
 */
export function readingsOf(
  { points }: Pick<PanelSeries, 'points'>,
  { fromMs, toMs }: FaultWindow,
  { direction, settleMs, sinceMs }: Pick<ExpectedMove, 'direction'> & { settleMs: number; sinceMs: number },
): Readings {
  const extreme = (isIn: (atMs: number) => boolean): number | undefined => {
    const values = points.flatMap(([atMs, value]) => (value !== null && isIn(atMs) ? [value] : []))
    if (values.length === 0) return undefined
    return direction === 'up' ? Math.max(...values) : Math.min(...values)
  }
  const before = extreme((atMs) => atMs >= sinceMs && atMs < fromMs)
  const during = extreme((atMs) => atMs >= fromMs && atMs <= toMs + settleMs)
  const after = extreme((atMs) => atMs > toMs + settleMs)
  return given({ before, during, after })
}

const given = (readings: { [Part in keyof Readings]: number | undefined }): Readings =>
  Object.fromEntries(Object.entries(readings).filter(([, value]) => value !== undefined))

/** Log lines or traces a minute, of each part of the time: parts of other lengths are compared. */
export function rowReadings(
  rows: readonly { readonly atMs: number }[],
  { fromMs, toMs }: FaultWindow,
  { settleMs, sinceMs, untilMs }: { settleMs: number; sinceMs: number; untilMs: number },
): Readings {
  const perMinute = (beginMs: number, endMs: number): number | undefined => {
    if (endMs <= beginMs) return undefined
    const count = rows.filter(({ atMs }) => atMs >= beginMs && atMs < endMs).length
    return (count * 60_000) / (endMs - beginMs)
  }
  return given({
    before: perMinute(sinceMs, fromMs),
    during: perMinute(fromMs, toMs + settleMs),
    after: perMinute(toMs + settleMs, untilMs),
  })
}

/** A series that is there only since the fault moved from 0. */
export function hasMoved(
  { before = 0, during }: Readings,
  { direction, atLeast = 0 }: Pick<ExpectedMove, 'direction' | 'atLeast'>,
): boolean {
  if (during === undefined) return false
  const difference = direction === 'up' ? during - before : before - during
  return difference > 0 && difference >= atLeast
}

export const readingsText = ({ before, during, after }: Readings): string =>
  `${valueText(before)} before, ${valueText(during)} during and ${valueText(after)} after it`

const valueText = (value: number | undefined): string =>
  value === undefined ? 'nothing' : String(Number(value.toPrecision(4)))

export const fitsLabels = (
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>> = {},
): boolean => Object.entries(wanted).every(([label, value]) => labels[label] === value)
