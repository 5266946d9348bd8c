import { parse } from 'yaml'
import { getAtPath, isMap } from '../config/document-path.ts'
import { type QueryLanguage, windowsMs } from '../config/range-windows.ts'
import type { StackDocuments } from '../config/stack-documents.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { AlertRouting } from './alert-routing.ts'
import { allowanceMs } from './allowances.ts'
import { durationMs } from './configured-duration.ts'

/** Every interval, window and group timing between a request and its notification, read out of configurations. */

export interface RuleTimings {
  readonly alert: string
  readonly signal: 'logs' | 'metrics'
  readonly group: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly evaluationIntervalMs: number
  readonly forMs: number
  readonly keepFiringForMs: number
  /** The longest range window of its expression; null where it looks at the present moment only. */
  readonly windowMs: number | null
}

export interface PipelineTimings {
  /** What a hop may take on top of what the configuration allows: for the work itself, in this environment. */
  readonly allowanceMs: number
  readonly scrapeIntervalMs: number
  readonly scrapeTimeoutMs: number
  /** Of all jobs: after it, every target has been scraped once. */
  readonly longestScrapeIntervalMs: number
  readonly longestScrapeTimeoutMs: number
  readonly rulerIntervalMs: number
  /** How often the ruler reads its rules again. */
  readonly rulerPollMs: number
  readonly collectorPollMs: number
  readonly collectorFlushMs: number
  /** The longest pause between two tries to send; lines that wait for it come this much later. */
  readonly collectorRetryMs: number
  readonly rules: readonly RuleTimings[]
  readonly routing: AlertRouting
}

/** The parsed configurations that timings are read from, whoever answered with them. */
export interface TimingSources {
  readonly prometheus: unknown
  readonly loki: unknown
  readonly collector: unknown
  readonly alertmanager: unknown
  readonly logRules: unknown
  readonly metricRules: unknown
}

/** Reads all timings. @param perHopMs the allowance of each hop where they are read @throws SignalproofError CONFIG_INVALID naming the setting that is not there or is no duration */
export function readTimings(sources: TimingSources, perHopMs: number = allowanceMs): PipelineTimings {
  const global = (key: string, fallback: string) =>
    durationMs(sources.prometheus, `global.${key}`, 'prometheus', fallback)
  const globalScrapeMs = global('scrape_interval', '1m')
  const scrapeIntervalMs = durationMs(
    sources.prometheus,
    'scrape_configs.apps.scrape_interval',
    'prometheus',
    globalScrapeMs,
  )
  const evaluationIntervalMs = global('evaluation_interval', '1m')
  const rulerIntervalMs = durationMs(sources.loki, 'ruler.evaluation_interval', 'loki', '1m')
  return {
    allowanceMs: perHopMs,
    scrapeIntervalMs,
    scrapeTimeoutMs: durationMs(
      sources.prometheus,
      'scrape_configs.apps.scrape_timeout',
      'prometheus',
      Math.min(scrapeIntervalMs, global('scrape_timeout', '10s')),
    ),
    longestScrapeIntervalMs: Math.max(
      scrapeIntervalMs,
      ...jobsOf(sources.prometheus).map((job) =>
        durationMs(job, 'scrape_interval', 'prometheus', globalScrapeMs),
      ),
    ),
    longestScrapeTimeoutMs: Math.max(
      ...jobsOf(sources.prometheus).map((job) =>
        durationMs(job, 'scrape_timeout', 'prometheus', global('scrape_timeout', '10s')),
      ),
    ),
    rulerIntervalMs,
    rulerPollMs: durationMs(sources.loki, 'ruler.poll_interval', 'loki', '1m'),
    collectorPollMs: durationMs(sources.collector, 'receivers.file_log.poll_interval', 'collector', '200ms'),
    collectorFlushMs: durationMs(
      sources.collector,
      'exporters.otlp_http/loki.sending_queue.batch.flush_timeout',
      'collector',
      '200ms',
    ),
    collectorRetryMs: durationMs(
      sources.collector,
      'exporters.otlp_http/loki.retry_on_failure.max_interval',
      'collector',
      '30s',
    ),
    rules: [
      ...readRules(sources.logRules, 'logs', 'logql', rulerIntervalMs),
      ...readRules(sources.metricRules, 'metrics', 'promql', evaluationIntervalMs),
    ],
    routing: new AlertRouting(sources.alertmanager),
  }
}

const jobsOf = (prometheus: unknown): unknown[] =>
  (getAtPath(prometheus, 'scrape_configs') ?? []) as unknown[]

function readRules(
  document: unknown,
  signal: 'logs' | 'metrics',
  language: QueryLanguage,
  defaultIntervalMs: number,
): RuleTimings[] {
  const groups = (getAtPath(document, 'groups') ?? []) as unknown[]
  return groups.filter(isMap).flatMap((group) => {
    const what = `${signal} rule group ${String(group.name)}`
    const evaluationIntervalMs = durationMs(group, 'interval', what, defaultIntervalMs)
    return ((group.rules ?? []) as unknown[]).filter(isMap).flatMap((rule): RuleTimings[] => {
      if (typeof rule.alert !== 'string') return []
      const expr = String(rule.expr)
      const windows = windowsMs(language, expr)
      return [
        {
          alert: rule.alert,
          signal,
          group: String(group.name),
          expr,
          labels: { alertname: rule.alert, ...((rule.labels ?? {}) as Record<string, string>) },
          evaluationIntervalMs,
          forMs: durationMs(rule, 'for', `alert ${rule.alert}`, 0),
          keepFiringForMs: durationMs(rule, 'keep_firing_for', `alert ${rule.alert}`, 0),
          windowMs: windows.length === 0 ? null : Math.max(...windows),
        },
      ]
    })
  })
}

/** The timings of one alert's rule. @throws SignalproofError CONFIG_INVALID where no rule raises it */
export function ruleOf(timings: Pick<PipelineTimings, 'rules'>, alert: string): RuleTimings {
  const rule = timings.rules.find((candidate) => candidate.alert === alert)
  if (rule !== undefined) return rule
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `a rule that raises ${alert}`,
    seen: `rules for ${timings.rules.map((known) => known.alert).join(', ') || 'no alert at all'}`,
    remedy: 'correct the name in signalproof.config.ts, or deploy the rule',
  })
}

/** Timings of documents that no component has loaded: what git holds. */
export const readDocumentTimings = (documents: StackDocuments): PipelineTimings =>
  readTimings({ ...documents, logRules: documents['log-rules'], metricRules: documents['metric-rules'] })

/** A configuration as a component answers it. */
export const parseYamlAnswer = (yaml: string): unknown =>
  // Thousands of lines that a program wrote: looking for a key that stands twice takes as long as the rest.
  parse(yaml, { logLevel: 'silent', prettyErrors: false, uniqueKeys: false })
