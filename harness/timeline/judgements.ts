import type { DeliveryPromise, ProfileName } from '../config/config-schema.ts'
import { formatMs } from '../core/eventually.ts'
import { formatDuration } from '../core/prometheus-duration.ts'
import type { RouteTimings } from './alert-routing.ts'
import { deliveryWorstCase } from './hops.ts'
import { type PipelineTimings, type RuleTimings, ruleOf } from './pipeline-timings.ts'

/** What can be judged about alerts from the configuration alone, before anything is broken and without waiting. */

export interface PromiseJudgement {
  readonly id: string
  readonly alert: string
  readonly profile: ProfileName
  readonly worstCaseMs: number
  readonly promisedMs: number
  readonly kept: boolean
  /** The setting with the largest share, in words. */
  readonly dominatedBy: string
}

/** Whether each promise holds in a profile even in the worst case, for a new group. */
export function judgePromises(
  promises: readonly DeliveryPromise[],
  profile: ProfileName,
  timings: PipelineTimings,
): PromiseJudgement[] {
  return promises.flatMap(({ id, alert, deliveredWithinMs }) => {
    const promisedMs = deliveredWithinMs[profile]
    if (promisedMs === undefined) return []
    const rule = ruleOf(timings, alert)
    return timings.routing.routesFor(rule.labels).map((route) => {
      const { worstCaseMs, dominatedBy } = deliveryWorstCase({ timings, rule, route, groupExists: false })
      return {
        id,
        alert,
        profile,
        worstCaseMs,
        promisedMs,
        kept: worstCaseMs <= promisedMs,
        dominatedBy: `${dominatedBy.setting} (${formatMs(dominatedBy.ms)})`,
      }
    })
  })
}

/**
 * Alerts that a burst could never deliver, in words; empty when all can be delivered. An alert on a window is true for
 * one window after a burst. It has to outlast `for` and still be firing when its group goes out:
 * window − ceil(for / E) · E > group_wait + E, to which keep_firing_for adds where the alert fires at all.
 */
export function undeliverableAlerts(timings: PipelineTimings): string[] {
  return timings.rules.flatMap((rule) =>
    rule.windowMs === null || holdsOnNothing(rule)
      ? []
      : timings.routing
          .routesFor(rule.labels)
          .flatMap((route) => undeliverable(rule, rule.windowMs ?? 0, route)),
  )
}

/** `max_over_time(up[1m]) == 0` holds as long as its cause lasts; no burst has to be told before it leaves the window. */
const holdsOnNothing = ({ expr }: RuleTimings): boolean =>
  /^\s*\w+_over_time\s*\([^()]*\)\s*==\s*0\s*$/.test(expr)

function undeliverable(rule: RuleTimings, windowMs: number, route: RouteTimings): string[] {
  const intervalMs = rule.evaluationIntervalMs
  const forMs = Math.ceil(rule.forMs / intervalMs) * intervalMs
  const firesMs = windowMs - forMs
  const leftMs = firesMs > intervalMs ? firesMs + rule.keepFiringForMs : firesMs
  const neededMs = route.groupWaitMs + intervalMs
  if (leftMs > neededMs) return []
  const [blame] = [
    { setting: 'for', ms: rule.forMs },
    { setting: 'group_wait', ms: route.groupWaitMs },
    { setting: 'evaluation interval', ms: forMs - rule.forMs + intervalMs },
  ].sort((a, b) => b.ms - a.ms)
  return [
    `${rule.alert} → ${route.receiver}: a burst keeps it true for its window of ${formatMs(windowMs)}, of which ` +
      `${formatMs(Math.max(0, leftMs))} are left to fire; group_wait + evaluation interval need more than ${formatMs(neededMs)}. ` +
      `The dominating setting is \`${blame?.setting}: ${formatDuration(blame?.ms ?? 0)}\``,
  ]
}

/**
 * Where the ticket of an incident could slip past its page, in words. The page has to be at Alertmanager before the
 * ticket's group goes out (ratio crossed + scrape + evaluation + `for` ≤ group_wait of the ticket), and has to stay
 * until the ticket is over (keep_firing_for ≥ window + evaluation of the ticket). The ratio is judged for an app whose
 * requests all fail: it is crossed after threshold × window.
 */
export function leakyInhibitions(timings: PipelineTimings, page: string, ticket: string): string[] {
  const [pageRule, ticketRule] = [ruleOf(timings, page), ruleOf(timings, ticket)]
  const pageIntervalMs = pageRule.evaluationIntervalMs
  const pageArrivesMs =
    (ratioThreshold(pageRule.expr) ?? 0) * (pageRule.windowMs ?? 0) +
    timings.scrapeIntervalMs +
    pageIntervalMs +
    Math.ceil(pageRule.forMs / pageIntervalMs) * pageIntervalMs
  const ticketLastsMs =
    (ticketRule.windowMs ?? 0) + ticketRule.keepFiringForMs + ticketRule.evaluationIntervalMs
  return timings.routing
    .routesFor(ticketRule.labels)
    .flatMap(({ groupWaitMs }) => [
      ...(pageArrivesMs <= groupWaitMs
        ? []
        : [
            `${page} needs up to ${formatMs(pageArrivesMs)} to arrive (ratio crossed, scrape, evaluation, for), but ${ticket} waits only ${formatMs(groupWaitMs)} (group_wait)`,
          ]),
      ...(pageRule.keepFiringForMs >= ticketLastsMs
        ? []
        : [
            `${page} may clear ${formatMs(pageRule.keepFiringForMs)} after the last error (keep_firing_for), but ${ticket} lasts up to ${formatMs(ticketLastsMs)} (window, evaluation)`,
          ]),
    ])
}

/** The ratio between 0 and 1 that an expression is compared with, or null where it compares with none. */
export function ratioThreshold(expr: string): number | null {
  const ratio = [...expr.matchAll(/>=?\s*([0-9.]+)/g)]
    .map(([, value]) => Number(value))
    .find((value) => value > 0 && value < 1)
  return ratio ?? null
}
