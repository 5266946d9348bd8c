import { namesOf } from './requests.ts'
import type { Settings } from './settings.ts'

/** The figures of a run as a file, beside k6's own summary: what is read back is only what is written here. */

/** Of what k6 hands to handleSummary, the part that is read. */
export interface SummaryData {
  readonly metrics: Readonly<Record<string, SummaryMetric>>
  readonly state: { readonly testRunDurationMs: number }
}

interface SummaryMetric {
  readonly values: Readonly<Record<string, number>>
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>
}

/** @param plannedIterations null where the workload says no number: it goes as fast as it is answered, or ends earlier */
export function writeFigures(
  { metrics, state }: SummaryData,
  { routes, summaryFile }: Settings,
  plannedIterations: number | null,
): Record<string, string> {
  const count = (metric: string) => metrics[metric]?.values.count ?? 0
  const figures = {
    plannedIterations,
    iterations: count('iterations'),
    dropped: count('dropped_iterations'),
    virtualUsersMax: metrics.vus_max?.values.max ?? 0,
    requests: count('http_reqs'),
    durationMs: state.testRunDurationMs,
    routes: namesOf(routes).map((name) => ({
      name,
      requests: count(`http_reqs{name:${name}}`),
      answers: answersOf(metrics, name),
      latencyMs: latencyOf(metrics[`http_req_duration{name:${name}}`]),
    })),
    thresholds: Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
      Object.entries(thresholds).map(([threshold, { ok }]) => ({ metric, threshold, held: ok })),
    ),
  }
  return { [summaryFile ?? 'stdout']: `${JSON.stringify(figures, null, 2)}\n` }
}

function answersOf(metrics: SummaryData['metrics'], name: string) {
  const prefixes = [`http_reqs{name:${name},status:`, `other_answers{name:${name},status:`]
  return Object.entries(metrics).flatMap(([metric, { values }]) => {
    const prefix = prefixes.find((text) => metric.startsWith(text))
    const count = values.count ?? 0
    if (prefix === undefined || count === 0) return []
    return [{ status: Number(metric.slice(prefix.length, -1)), count }]
  })
}

function latencyOf(metric: SummaryMetric | undefined) {
  const { med: p50, 'p(95)': p95, 'p(99)': p99, max, avg: mean } = metric?.values ?? {}
  return { p50, p95, p99, max, mean }
}
