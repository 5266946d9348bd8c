import { formatMs } from '../../core/eventually.ts'
import { percent } from './burn-cases.ts'
import type { CaseResult, PairResult } from './judge-burn.ts'
import type { BurnRateReport } from './run-burn-rates.ts'

/** The report for a reader at a terminal: a line for each case and pair that fired, then what is wrong. */
export function writeBurn(report: BurnRateReport): string {
  const { cases, sweep, problems, objective, target, minimumFailures } = report
  const judged = sweep.flatMap(({ pairs }) => pairs).filter(({ expected }) => expected !== 'either')
  const lines = [
    `${objective}: ${percent(target)}, at least ${minimumFailures} failures; windows 60 s and 5 s`,
    ...cases.flatMap(linesOf),
    ...(sweep.length === 0
      ? []
      : [`sweep: ${sweep.length} services, ${judged.length} pairs judged, see boundary.svg`]),
    ...problems.map((problem) => `✗ ${problem}`),
    `burn rates ${report.verdict}`,
  ]
  return `${lines.join('\n')}\n`
}

function linesOf({ what, pairs, hasExactTimes }: CaseResult): string[] {
  const fired = pairs.filter((pair) => pair.fired)
  if (fired.length === 0) return [`${what}: silent`]
  return [`${what}:`, ...fired.map((pair) => `  ${lineOf(pair, hasExactTimes)}`)]
}

function lineOf(
  { severity, pair, onsetMs, computedOnsetMs, resetMs, computedResetMs }: PairResult,
  hasExactTimes: boolean,
): string {
  const times = (seen: number | null, computed: number | null) =>
    `${formatMs(seen ?? Number.NaN)}${hasExactTimes && computed !== null ? ` (computed ${formatMs(computed)})` : ''}`
  return `${severity} ${pair}: fires after ${times(onsetMs, computedOnsetMs)}, ends after ${times(resetMs, computedResetMs)}`
}
