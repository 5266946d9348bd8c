import { formatMs } from '../../core/eventually.ts'
import { wrap } from '../../core/wrap.ts'
import type { Trend, TrendFigures, TrendRun } from './read-trend.ts'

/** The trend for a terminal: for each kind of run how many there are, and the newest against the median of those before it. */
export function writeTrend({ runs, leftOut }: Trend, columns: number): string {
  const kinds = [...Map.groupBy(runs, ({ kind }) => kind)].map(([kind, of]) => writeKind(kind, of))
  const left = leftOut.map(({ folder, why }) => `left out ${folder}: ${why.split('\n', 1)[0]}`)
  return `${[...kinds, ...left].map((text) => wrap(text, columns, 0)).join('\n')}\n`
}

function writeKind(kind: string, runs: readonly TrendRun[]): string {
  const verdicts = [...Map.groupBy(runs, ({ verdict }) => verdict)].map(
    ([verdict, of]) => `${of.length} ${verdict}`,
  )
  // A run that stopped early was quick for another reason.
  const proven = runs.filter(({ verdict }) => verdict === 'proven')
  const newest = proven.at(-1)
  const head = `${kind}: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, ${verdicts.join(', ')}`
  if (newest === undefined) return `${head}\n  none is proven: there is nothing to compare`
  const before = proven.slice(0, -1).filter(({ claims }) => claims === newest.claims)
  const row = (name: string, key: keyof TrendFigures) =>
    `  ${name.padEnd(12)} ${show(newest[key]).padStart(12)}${compared(newest[key], before, key)}`
  return [
    head,
    `  newest proven ${newest.runId}, ${newest.claims} claims`,
    row('ready', 'readyMs'),
    row('detection', 'detectionMs'),
    row('wall', 'wallMs'),
  ].join('\n')
}

function compared(value: number | null, before: readonly TrendRun[], key: keyof TrendFigures): string {
  const known = before.flatMap((run) => run[key] ?? []).toSorted((a, b) => a - b)
  const median = known[Math.floor(known.length / 2)]
  if (value === null || median === undefined || median === 0) return '  nothing to compare with'
  return `  ${(value / median).toFixed(2)} × the median of ${known.length} before it (${formatMs(median)})`
}

const show = (ms: number | null): string => (ms === null ? 'not measured' : formatMs(ms))
