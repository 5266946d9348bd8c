import { Prometheus } from '../backends/prometheus.ts'
import { lokiOf } from './ask-datasource.ts'
import type { DashboardVariable, VariableOption } from './dashboard-model.ts'
import type { Datasource } from './datasources.ts'
import { type ChosenValues, interpolate } from './interpolate.ts'
import { lokiQueryOf, readLokiQuery, readPrometheusQuery } from './variable-query.ts'

/** What a query variable's datasource answers, as options; before the variable's regular expression and order. */

export interface ValueRange {
  readonly fromMs: number
  readonly toMs: number
  readonly signal?: AbortSignal
}

/** Undefined where the query asks for nothing that its datasource has. @throws SignalproofError as the datasource's client does */
export async function variableValues(
  variable: DashboardVariable,
  { datasource, values, range }: { datasource: Datasource; values: ChosenValues; range: ValueRange },
): Promise<VariableOption[] | undefined> {
  if (datasource.type === 'prometheus') {
    const text = interpolate(variable.query, values, 'promql')
    return text.trim() === '' ? undefined : (await prometheusValues(datasource, text, range)).map(plain)
  }
  if (datasource.type === 'loki') {
    const query =
      variable.lokiQuery === undefined
        ? readLokiQuery(interpolate(variable.query, values, 'logql'))
        : lokiQueryOf(variable.lokiQuery)
    if (query === undefined) return undefined
    const loki = lokiOf(datasource)
    if (query.asks === 'label names') return (await loki.labelNames(range)).map(plain)
    const label = interpolate(query.label, values, 'logql')
    const selector =
      query.stream === undefined ? {} : { selector: interpolate(query.stream, values, 'logql') }
    return (await loki.labelValues(label, { ...range, ...selector })).map(plain)
  }
  return undefined
}

async function prometheusValues(
  { url }: Datasource,
  text: string,
  { fromMs, toMs, signal }: ValueRange,
): Promise<string[]> {
  const prometheus = new Prometheus(url)
  const query = readPrometheusQuery(text)
  const range = { fromMs, toMs, signal }
  if (query.asks === 'label names') return prometheus.labelNames({ ...range, ...selectorOf(query) })
  if (query.asks === 'label values') {
    return prometheus.labelValues(query.label, { ...range, ...selectorOf(query) })
  }
  if (query.asks === 'metric names') {
    const pattern = new RegExp(query.pattern)
    return (await prometheus.labelValues('__name__', range)).filter((name) => pattern.test(name))
  }
  if (query.asks === 'series') return (await prometheus.series(query.selector, range)).map(writtenSeries)
  const answer = await prometheus.queryInstant(query.expr, {
    atMs: toMs,
    ...(signal === undefined ? {} : { signal }),
  })
  return answer.map(({ labels, points }) => {
    const [atMs = toMs, value = Number.NaN] = points.at(-1) ?? []
    return `${writtenSeries(labels)} ${value} ${atMs}`
  })
}

const selectorOf = ({ selector }: { readonly selector?: string }) =>
  selector === undefined ? {} : { selector }

/** A series as Grafana shows it to the regular expression of a variable. */
function writtenSeries({ __name__ = '', ...labels }: Readonly<Record<string, string>>): string {
  const inside = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return `${__name__}{${inside.join(',')}}`
}

const plain = (value: string): VariableOption => ({ text: value, value })
