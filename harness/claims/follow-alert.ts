import { SignalproofError } from '../core/signalproof-error.ts'
import type { AppAddress } from '../environments/contract.ts'
import { FollowedAlert } from '../timeline/followed-alert.ts'
import { deliveryWorstCase, type HopName, hops, pathOf } from '../timeline/hops.ts'
import type { SentRequest } from '../traffic/request-ledger.ts'
import { timingsOf } from './deadlines.ts'
import type { Run } from './run.ts'

export interface FollowRequest {
  readonly id: string
  readonly app: AppAddress
  readonly alert: string
  readonly route: string | undefined
  readonly receiver: string
  /** The answer that crosses the alert's threshold. */
  readonly crossing: SentRequest | undefined
  readonly afterSequence: number
  /** Whether Alertmanager held a group for this alert and app before the fault. */
  readonly groupExists: boolean
  readonly counter: { readonly route: string; readonly status: number; readonly atLeast: number }
}

/** Begins to follow a fault through every hop, with the deadlines of the configuration in force. */
export async function followAlert(run: Run, request: FollowRequest): Promise<FollowedAlert> {
  const { rule, route } = await timingsOf(run, request.alert)
  const { crossing, counter, app } = request
  if (crossing === undefined) {
    throw new SignalproofError('TRAFFIC_FAILED', {
      expected: `a failing answer of ${app.name} to follow`,
      seen: 'none',
      remedy: `look at the fault switch of ${app.name}`,
    })
  }
  const series = `${run.config.metrics.requestsCounter}{app="${app.name}", method="GET", route="${counter.route}", status="${counter.status}"}`
  const followed = new FollowedAlert(
    {
      ...request,
      servedAt: crossing.doneAt,
      requestId: crossing.requestId,
      counter: { selector: series, atLeast: counter.atLeast },
    },
    { timings: await run.timings(), rule, route, groupExists: request.groupExists },
    {
      prometheus: run.prometheus,
      loki: run.loki,
      alertmanager: run.alertmanager,
      alertReceiver: run.alertReceiver,
      signal: run.signal,
    },
  )
  run.followedAlerts.push(followed)
  return followed
}

/** A group that Alertmanager still holds of an earlier fault sends at its next interval, not after group_wait. */
export async function groupExists(run: Run, alert: string, app: string): Promise<boolean> {
  const held = await run.alertmanager.alerts([`alertname="${alert}"`, `app="${app}"`])
  return held.length > 0
}

/** Writes what was seen of every followed fault into the run's record, as far as each came. */
export async function recordTimelines(run: Run): Promise<void> {
  for (const followed of run.followedAlerts) await recordTimeline(run, followed)
}

async function recordTimeline(run: Run, followed: FollowedAlert): Promise<void> {
  const path = pathOf[followed.inputs.rule.signal]
  const names: HopName[] = ['served', 'counted', ...path.filter((name) => name !== 'counted'), 'resolved']
  const seen = await followed.timeline(names)
  const delivered = seen.find(({ name }) => name === 'delivered')
  const served = seen.find(({ name }) => name === 'served')
  run.record.write({
    kind: 'timeline',
    timeline: {
      id: followed.fault.id,
      kind: 'request',
      alert: followed.fault.alert,
      hops: seen.map(({ name, at, ms, worstCaseMs, deadlineMs }) => ({
        name,
        at,
        ms,
        worstCaseMs,
        deadlineMs,
        formula: hops.find((hop) => hop.name === name)?.formula ?? '',
      })),
      totalMs: delivered === undefined || served === undefined ? null : delivered.at - served.at,
      worstCaseMs: deliveryWorstCase(followed.inputs).worstCaseMs,
    },
  })
}
