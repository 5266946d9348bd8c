import type { HopFinding } from './hop-tightness.ts'
import { ratio, textTable } from './text-table.ts'

/** What the hops took against what the configuration allows them, in milliseconds. */
export function hopTable(findings: readonly HopFinding[]): string {
  const rows = findings.map(
    ({ name, ms, worstCaseMs, deadlineMs, worstCaseByLargest, judgement, aboveWorstCase, aboveDeadline }) => [
      name,
      ...[ms.min, ms.p50, ms.p95, ms.max, worstCaseMs, deadlineMs].map((value) => value.toFixed(0)),
      worstCaseByLargest === null ? '-' : ratio(worstCaseByLargest),
      String(aboveWorstCase),
      String(aboveDeadline),
      judgement === 'too few' ? '' : judgement,
    ],
  )
  const head = [
    'ms',
    'min',
    'p50',
    'p95',
    'max',
    'worst case',
    'deadline',
    'worst/max',
    '> worst',
    '> deadline',
    '',
  ]
  return textTable([head, ...rows])
}
