import { goals, judge } from './goals.ts'
import type { ReportMeasurement } from './report-page.ts'
import { spreadOf } from './statistics.ts'
import { textTable } from './text-table.ts'

/** What report.html costs, beside its goals. */
export function writeReportCost(measured: ReportMeasurement): string {
  const { writtenMs, writtenPanels, openedMs, openedPanels, openedBytes } = measured
  const row = (what: string, values: readonly number[], goal: number) => {
    const { p50, max } = values.length === 0 ? { p50: Number.NaN, max: Number.NaN } : spreadOf(values)
    return [what, ms(p50), ms(max), `<= ${ms(goal)}`, judge(values, goal)]
  }
  const table = textTable([
    ['report.html', 'p50', 'max', 'goal', ''],
    row(`written, ${writtenPanels} panels`, writtenMs, goals.reportWrittenMs),
    row(`opened, ${openedPanels} panels`, openedMs, goals.reportOpenedMs),
  ])
  const size = `${(openedBytes / 1e6).toFixed(2)} MB with ${openedPanels} panels; goal <= ${goals.reportBytes / 1e6} MB: ${judge([openedBytes], goals.reportBytes)}`
  return `${table}\n  ${size}\n`
}

const ms = (value: number): string => (Number.isNaN(value) ? '–' : `${Math.round(value)} ms`)
