import { Loki } from '../backends/loki.ts'
import { Prometheus } from '../backends/prometheus.ts'
import type { StoredSeries } from '../backends/query-answers.ts'
import type { AnswerRow } from './answer-row.ts'
import type { Datasource } from './datasources.ts'
import { searchTraces } from './search-traces.ts'

/** One query as it goes out; two that are equal in all of it are asked once. */
export interface DatasourceQuery {
  readonly datasource: Datasource
  readonly kind: 'range' | 'instant' | 'traces'
  readonly expr: string
  readonly fromMs: number
  readonly toMs: number
  readonly stepMs: number
  /** Of log lines and traces. */
  readonly limit: number
}

export interface QueryAnswer {
  readonly series: readonly StoredSeries[]
  /** Log lines or traces: what is counted instead of plotted. */
  readonly rows?: readonly AnswerRow[]
}

/** @throws SignalproofError BACKEND_BAD_ANSWER in the datasource's words where it refuses the query, BACKEND_UNREACHABLE */
export async function askDatasource(query: DatasourceQuery, signal?: AbortSignal): Promise<QueryAnswer> {
  const { datasource, kind, expr, fromMs, toMs, stepMs, limit } = query
  const cancel = signal === undefined ? {} : { signal }
  if (datasource.type === 'tempo') {
    return { series: [], rows: await searchTraces(datasource.url, expr, { fromMs, toMs, limit, ...cancel }) }
  }
  if (datasource.type === 'loki') {
    const loki = lokiOf(datasource)
    if (kind === 'instant') return { series: await loki.queryInstant(expr, { atMs: toMs, ...cancel }) }
    const answer = await loki.queryRange(expr, { fromMs, toMs, stepMs, limit, ...cancel })
    if ('series' in answer) return { series: answer.series }
    return { series: [], rows: answer.lines.map(({ atMs, labels }) => ({ atMs, labels })) }
  }
  const prometheus = new Prometheus(datasource.url)
  if (kind === 'instant') return { series: await prometheus.queryInstant(expr, { atMs: toMs, ...cancel }) }
  return { series: await prometheus.queryRange(expr, { fromMs, toMs, stepMs, ...cancel }) }
}

export const lokiOf = ({ url, tenant }: Datasource): Loki =>
  new Loki(url, tenant === undefined ? {} : { tenant })
