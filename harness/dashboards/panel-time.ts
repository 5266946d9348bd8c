import type { DashboardPanel } from './dashboard-model.ts'
import { parseIntervalMs } from './grafana-interval.ts'

export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * The time range of a panel that has one of its own (`timeFrom`) or looks back (`timeShift`). Undefined for a notation
 * that is more than one number and one unit, as Grafana's `1d/d`.
 */
export function panelTime(
  { timeFrom, timeShift }: Pick<DashboardPanel, 'timeFrom' | 'timeShift'>,
  range: TimeRange,
): TimeRange | undefined {
  const ownMs = timeFrom === undefined ? range.toMs - range.fromMs : spanMs(timeFrom)
  const shiftMs = timeShift === undefined ? 0 : spanMs(timeShift)
  if (ownMs === null || shiftMs === null) return undefined
  return { fromMs: range.toMs - ownMs - shiftMs, toMs: range.toMs - shiftMs }
}

const spanMs = (text: string): number | null => parseIntervalMs(text.replace(/^now-/, ''))
