import type { Need } from './claim-row.ts'

/** Needs that several rows of the table share, each with its reason. */

export const need = (id: string, because: string): Need => ({ id, because })

export const ready = need('platform.components-ready', 'nothing can be asked of a stack that does not run')
/** What a cluster's components run on; elsewhere these rows do not exist, and neither do the needs. */
export const rolledOut = need('platform.workloads', 'what is not rolled out is judged by its rollout')
export const led = need(
  'platform.services-lead-somewhere',
  'a Service that leads to nobody answers no request',
)

export const reached = need('platform.ingress-routes', 'no request reaches the apps otherwise')
export const stored = need('logs.stored', 'nothing about log lines can be judged when none arrives')
export const deliverable = need(
  'alerts.deliverable',
  'an alert that its own configuration never delivers would be waited for in vain',
)
export const faultAgrees = need(
  'logs.fault-agrees',
  'telemetry is compared with the fault, so the fault itself has to be certain',
)

export const scraped = need('metrics.targets-up', 'what is not scraped cannot be missed')
export const counted = need('metrics.counted-once', 'the alert is judged on counters')
export const rulesOnTime = need('metrics.rules-on-time', 'the rule has to be loaded and evaluated')
export const watchdogs = need('alerts.baseline-quiet', 'only a watchdog that was heard can fall silent')
export const ticketArrives = need(
  'alerts.delivered',
  'a ticket that no receiver gets looks like one that was never sent',
)
