import { parser } from '@prometheus-io/lezer-promql'
import type { SignalproofConfig } from '../../config/config-schema.ts'
import { getAtPath, isMap } from '../../config/document-path.ts'
import { parseDurationMs } from '../../core/prometheus-duration.ts'
import { labelsOfResult } from './promql-labels.ts'
import type { SignalRow } from './signal-table.ts'

/** Every series that a query can ask for: from the apps, from the stack's components, from rules, from Prometheus itself. */

export interface Signal {
  readonly metric: string
  readonly kind: 'counter' | 'gauge'
  readonly labels: ReadonlySet<string>
  /** How often a new sample comes; undefined where rules make it. */
  readonly everyMs?: number
}

export type KnownSignals = ReadonlyMap<string, Signal>

export interface SignalSources {
  readonly config: Pick<SignalproofConfig, 'metrics'>
  /** prometheus.yaml. */
  readonly prometheus: unknown
  /** Rule documents; their recorded series and the labels of their alerts. */
  readonly rules: readonly unknown[]
  readonly stack: readonly SignalRow[]
}

const targetLabels = ['job', 'instance']
/** What discovery says of an app's target. */
const appLabels = [...targetLabels, 'namespace', 'app', 'pod']
/** What every app has beside its requests: what became of its spans. */
const appCounters = ['otel_spans_ended_total', 'otel_spans_exported_total', 'otel_spans_dropped_total']

const scrapeSeries = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
]

export function knownSignals({ config, prometheus, rules, stack }: SignalSources): KnownSignals {
  const known = new Map<string, Signal>()
  const add = (signal: Signal) => {
    const before = known.get(signal.metric)
    known.set(signal.metric, { ...signal, labels: (before?.labels ?? new Set()).union(signal.labels) })
  }
  const every = intervalsByJob(prometheus)
  for (const { job, metric, type, labels } of stack) {
    const all = new Set([...labels, ...targetLabels])
    for (const signal of seriesOf(metric, type, all)) add({ ...signal, ...intervalOf(every, job) })
  }
  const { requestsCounter, durationHistogram } = config.metrics
  const ofApps = [
    ...seriesOf(requestsCounter, 'counter', new Set([...appLabels, 'method', 'route', 'status'])),
    ...seriesOf(durationHistogram, 'histogram', new Set([...appLabels, 'method', 'route', 'le'])),
    ...appCounters.flatMap((name) => seriesOf(name, 'counter', new Set(appLabels))),
  ]
  for (const signal of ofApps) add({ ...signal, ...intervalOf(every, 'apps') })
  // Of every job; the longest interval counts.
  const longestMs = Math.max(...every.values())
  for (const metric of scrapeSeries)
    add({ metric, kind: 'gauge', labels: new Set(appLabels), everyMs: longestMs })
  for (const signal of ruleSignals(rules)) add(signal)
  return known
}

function seriesOf(metric: string, type: SignalRow['type'], labels: ReadonlySet<string>): Signal[] {
  if (type === 'counter') return [{ metric, kind: 'counter', labels }]
  if (type === 'gauge' || type === 'untyped') return [{ metric, kind: 'gauge', labels }]
  const without = labels.difference(new Set(['le', 'quantile']))
  const parts: Signal[] = ['_sum', '_count'].map((suffix) => ({
    metric: `${metric}${suffix}`,
    kind: 'counter',
    labels: without,
  }))
  return type === 'histogram'
    ? [...parts, { metric: `${metric}_bucket`, kind: 'counter', labels }]
    : [...parts, { metric, kind: 'gauge', labels }]
}

/** The scrape interval of every job, as prometheus.yaml says it. */
export function intervalsByJob(prometheus: unknown): Map<string, number> {
  const ms = (value: unknown) => parseDurationMs(String(value)) ?? Number.NaN
  const ownOf = getAtPath(prometheus, 'global.scrape_interval')
  const jobs = getAtPath(prometheus, 'scrape_configs')
  return new Map(
    (Array.isArray(jobs) ? jobs : [])
      .filter(isMap)
      .map((job) => [String(job.job_name), ms(job.scrape_interval ?? ownOf)]),
  )
}

const intervalOf = (every: ReadonlyMap<string, number>, job: string): { everyMs?: number } => {
  const everyMs = every.get(job)
  return everyMs === undefined ? {} : { everyMs }
}

interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
}

function ruleSignals(documents: readonly unknown[]): Signal[] {
  const rules = documents.flatMap((document) => {
    const groups = getAtPath(document, 'groups')
    return (Array.isArray(groups) ? groups : []).flatMap(({ rules: own = [] }: { rules?: Rule[] }) => own)
  })
  const recorded = new Map<string, ReadonlySet<string>>()
  const labelsOf = ({ expr, labels = {} }: Rule): ReadonlySet<string> => {
    const ofSeries = ({ from, to }: { from: number; to: number }) =>
      recorded.get(expr.slice(from, to).replace(/\{.*$/s, '')) ?? new Set(appLabels)
    const ofResult = labelsOfResult(parser.parse(expr).topNode, expr, ofSeries)
    return new Set([...Object.keys(labels), ...(ofResult ?? [])])
  }
  for (const rule of rules) if (rule.record !== undefined) recorded.set(rule.record, labelsOf(rule))
  const alerts = rules.filter(({ alert }) => alert !== undefined)
  const ofAlerts = new Set(['alertname', 'alertstate', ...alerts.flatMap((rule) => [...labelsOf(rule)])])
  return [
    ...[...recorded].map(([metric, labels]): Signal => ({ metric, kind: 'gauge', labels })),
    { metric: 'ALERTS', kind: 'gauge', labels: ofAlerts },
    { metric: 'ALERTS_FOR_STATE', kind: 'gauge', labels: ofAlerts },
  ]
}
