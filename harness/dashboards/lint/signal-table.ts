import { readFileSync } from 'node:fs'

/** The table of the stack's own metrics, as tools/dashboards/refresh-signals.ts reads them from their pages. */

export const signalTypes = ['counter', 'gauge', 'histogram', 'summary', 'untyped'] as const
export type SignalType = (typeof signalTypes)[number]

export interface SignalRow {
  /** The job that Prometheus scrapes it by. */
  readonly job: string
  readonly metric: string
  readonly type: SignalType
  readonly labels: readonly string[]
  /** Written by hand: on no page until it first happens. */
  readonly declared: boolean
}

/** @throws for a line that is no row */
export function parseSignalRows(text: string): SignalRow[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return []
    const [job = '', metric = '', typeName = '', labels = '', mark, ...rest] = line.split(' ')
    const type = signalTypes.find((name) => name === typeName)
    if (type === undefined || labels === '' || rest.length > 0 || ![undefined, 'declared'].includes(mark))
      throw new Error(`line ${index + 1}: expected job, metric, type and labels; seen ${line}`)
    return [
      { job, metric, type, labels: labels === '-' ? [] : labels.split(','), declared: mark !== undefined },
    ]
  })
}

export const stackSignals = (): SignalRow[] =>
  parseSignalRows(readFileSync(new URL('./stack-signals.txt', import.meta.url), 'utf8'))
