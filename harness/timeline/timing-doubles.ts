import { AlertRouting, type RouteTimings } from './alert-routing.ts'
import { allowanceMs } from './allowances.ts'
import type { PipelineTimings, RuleTimings } from './pipeline-timings.ts'

/** Timings by hand, so that a test shows every number that its sums are made of. */

export const ruleDouble = (changes: Partial<RuleTimings> = {}): RuleTimings => ({
  alert: 'LogsErrorBurst',
  signal: 'logs',
  group: 'log-errors',
  expr: 'count_over_time({app="a"}[5m]) > 5',
  labels: { alertname: 'LogsErrorBurst', severity: 'ticket' },
  evaluationIntervalMs: 10_000,
  forMs: 0,
  keepFiringForMs: 0,
  windowMs: 300_000,
  ...changes,
})

export const routeDouble = (changes: Partial<RouteTimings> = {}): RouteTimings => ({
  receiver: 'ticket',
  groupBy: ['alertname', 'app'],
  groupWaitMs: 30_000,
  groupIntervalMs: 60_000,
  repeatIntervalMs: 14_400_000,
  ...changes,
})

/** Rules that all take one route, in a pipeline with production's intervals. */
export const timingsDouble = (
  rules: readonly RuleTimings[],
  { route = routeDouble(), ...changes }: Partial<PipelineTimings> & { readonly route?: RouteTimings } = {},
): PipelineTimings => ({
  allowanceMs,
  scrapeIntervalMs: 10_000,
  scrapeTimeoutMs: 5_000,
  longestScrapeIntervalMs: 30_000,
  longestScrapeTimeoutMs: 10_000,
  rulerIntervalMs: 10_000,
  rulerPollMs: 10_000,
  collectorPollMs: 200,
  collectorFlushMs: 200,
  collectorRetryMs: 5_000,
  rules,
  routing: new AlertRouting({
    route: {
      receiver: route.receiver,
      group_by: route.groupBy,
      group_wait: `${route.groupWaitMs}ms`,
      group_interval: `${route.groupIntervalMs}ms`,
      repeat_interval: `${route.repeatIntervalMs}ms`,
    },
  }),
  ...changes,
})
