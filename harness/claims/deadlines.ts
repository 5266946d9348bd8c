import { SignalproofError } from '../core/signalproof-error.ts'
import type { RouteTimings } from '../timeline/alert-routing.ts'
import { type HopName, pathOf, worstCaseOf } from '../timeline/hops.ts'
import { outageWorstCase } from '../timeline/outage-hops.ts'
import { type RuleTimings, ruleOf } from '../timeline/pipeline-timings.ts'
import type { LookOptions, Run } from './run.ts'

/** Deadlines of waits, computed from the configuration in force. */

export interface AlertTimings {
  readonly rule: RuleTimings
  readonly route: RouteTimings
}

/** An alert's rule and the route its notifications take to a receiver. */
export async function timingsOf(run: Run, alert: string, receiver?: string): Promise<AlertTimings> {
  const timings = await run.timings()
  const rule = ruleOf(timings, alert)
  const routes = timings.routing.routesFor(rule.labels)
  const route = routes.find((candidate) => receiver === undefined || candidate.receiver === receiver)
  if (route !== undefined) return { rule, route }
  throw new SignalproofError('CLAIM_BROKEN', {
    expected: `a route that takes ${alert} to the receiver ${receiver}`,
    seen: `only ${routes.map((other) => other.receiver).join(', ')}`,
    remedy: 'look at the routes of alerts/alertmanager.yaml',
  })
}

/** From the answer of a request to its line in Loki. */
export const lineArrival = (run: Run, alert = run.config.alerts.logBurst): Promise<LookOptions> =>
  lookOptions(run, alert, ['logged', 'collected', 'stored'])

/** From the answer of a request to the evaluation that sees it: from then on the alert is there, pending or firing. */
export const evaluationArrival = (run: Run, alert: string): Promise<LookOptions> =>
  lookOptions(run, alert, ['logged', 'collected', 'stored', 'evaluated'])

/** From the answer of a request to the delivered notification of a new group, whichever signal raises the alert. */
export const notificationArrival = (run: Run, alert: string): Promise<LookOptions> =>
  lookOptions(run, alert, [...new Set([...pathOf.metrics, ...pathOf.logs])])

/** The same where Alertmanager may hold the group of an earlier incident: it may wait for its interval. */
export async function notificationArrivalAgain(run: Run, alert: string): Promise<LookOptions> {
  const anew = await notificationArrival(run, alert)
  const { route } = await timingsOf(run, alert)
  const longerMs = Math.max(0, route.groupIntervalMs - route.groupWaitMs)
  return { ...anew, worstCaseMs: anew.worstCaseMs + longerMs }
}

/** From the moment at which Alertmanager may send an alert, also into a group that it holds, to its notification. */
export async function releaseArrival(run: Run, alert: string): Promise<LookOptions> {
  const anew = await lookOptions(run, alert, ['received', 'delivered'])
  const { route } = await timingsOf(run, alert)
  const longerMs = Math.max(0, route.groupIntervalMs - route.groupWaitMs)
  return { ...anew, worstCaseMs: anew.worstCaseMs + longerMs }
}

/** From the last failing answer to the resolved notification. */
export const resolvedArrival = (run: Run, alert: string): Promise<LookOptions> =>
  lookOptions(run, alert, ['logged', 'collected', 'stored', 'resolved'])

/** From the begin of an outage to the moment at which its alert is delivered, or would be were it not muted. */
export async function outageArrival(run: Run, alert: string): Promise<LookOptions> {
  const { rule, route } = await timingsOf(run, alert)
  const inputs = { timings: await run.timings(), rule, route }
  const hops = (['noticed', 'firing', 'delivered'] as const).map((name) => outageWorstCase(name, inputs))
  const worstCaseMs = hops.reduce((sum, hop) => sum + hop.worstCaseMs, 0)
  return { worstCaseMs, allowanceMs: hops.reduce((sum, hop) => sum + hop.deadlineMs, 0) - worstCaseMs }
}

async function lookOptions(run: Run, alert: string, names: readonly HopName[]): Promise<LookOptions> {
  const { rule, route } = await timingsOf(run, alert)
  const { worstCaseMs, deadlineMs } = worstCaseOf(names, {
    timings: await run.timings(),
    rule,
    route,
    groupExists: false,
  })
  return { worstCaseMs, allowanceMs: deadlineMs - worstCaseMs }
}

export const deadlineMs = ({ worstCaseMs, allowanceMs }: LookOptions): number => worstCaseMs + allowanceMs
