import { claim, expect, found, notYet, type Outage, storedRequestIds } from '../../harness/test.ts'
import { prometheusCutOff } from '../stories/deadman.ts'
import {
  blindedRule,
  collectorCutOff,
  collectorReplaced,
  heldLogs,
  hungApp,
  lostTarget,
  rulerCutOff,
  slowRoute,
} from '../stories/outages.ts'

/** (e) The stack itself is broken. Each time exactly one ticket says which link it is, while the link is broken. */

type Work = Parameters<Parameters<typeof claim>[1]>[0]

/** The alert is seen in time, is delivered in time, and reaches its receiver once while the outage lasts. */
async function judgeTicket({ run, hop }: Work, outage: Outage): Promise<void> {
  await hop(outage.noticed())
  const { value: notification } = await hop(outage.delivered())
  await outage.endedAt
  const { alert, labels, receiver } = outage.request
  const sent = (await run.alertReceiver.notificationsAfter(outage.afterSequence)).filter(
    (other) =>
      other.body.status === 'firing' &&
      other.body.groupLabels.alertname === alert &&
      other.body.alerts.some((one) =>
        Object.entries(labels).every(([name, value]) => one.labels[name] === value),
      ),
  )
  expect(
    sent.map((other) => other.receiver),
    `firing notifications of ${alert} while ${outage.request.id}`,
  ).toEqual([receiver])
  expect(
    notification.body.alerts.map((one) => one.labels),
    `what the notification of ${alert} is about`,
  ).toMatchObject([{ alertname: alert, ...labels }])
}

/** Every line that was written while the outage lasted is stored once it is over, and none of them twice. */
async function judgeLines({ run, within, keep }: Work, outage: Outage): Promise<void> {
  const endedAt = await outage.endedAt
  const sent = run.breakableApps().flatMap(({ name }) =>
    run.traffic.ledger
      .of(name)
      // The lines just before it are those that could be read twice.
      .filter(({ doneAt }) => doneAt >= outage.begunAt - beforeMs && doneAt <= endedAt)
      .map(({ requestId }) => requestId),
  )
  expect(sent.length, 'requests that were answered around the outage').toBeGreaterThan(0)
  const cleared = await outage.cleared()
  const stored = await within(
    'every line of the outage in Loki',
    async (signal) => {
      const ids = await storedRequestIds(run, {
        fromMs: outage.begunAt - 2 * beforeMs,
        toMs: endedAt + cleared.deadlineMs,
        signal,
      })
      const there = new Set(ids)
      const missing = sent.filter((id) => !there.has(id))
      return missing.length === 0
        ? found(ids)
        : notYet(`${missing.length} of ${sent.length} lines are missing`)
    },
    { worstCaseMs: cleared.worstCaseMs, allowanceMs: cleared.deadlineMs - cleared.worstCaseMs },
  )
  const counts = Map.groupBy(stored, (id) => id)
  const twice = sent.filter((id) => (counts.get(id)?.length ?? 0) > 1)
  keep('requests-of-the-outage.txt', sent.join('\n'))
  expect(twice, 'lines that were stored more than once').toEqual([])
}

/** So much traffic before an outage is looked at with it. */
const beforeMs = 1_000

claim('alerts.slow-route', async (work) => judgeTicket(work, await slowRoute(work.run)))

claim('alerts.hung-app', async (work) => judgeTicket(work, await hungApp(work.run)))

claim('alerts.lost-target', async (work) => judgeTicket(work, await lostTarget(work.run)))

claim('alerts.blinded-rule', async (work) => {
  const outage = await blindedRule(work.run)
  // Its lines are stored: what it does from here is between Loki's ruler and Prometheus.
  work.disturbsNothingMore()
  await judgeTicket(work, outage)
})

claim('alerts.ruler-cut-off', async (work) => {
  const { outage, silence } = await rulerCutOff(work.run)
  await judgeTicket(work, outage)
  await silence
})

claim('alerts.replaced-collector', async (work) => {
  const outage = await collectorReplaced(work.run)
  await judgeTicket(work, outage)
  await judgeLines(work, outage)
})

claim('alerts.collector-cut-off', async (work) => judgeTicket(work, (await collectorCutOff(work.run)).outage))

claim('alerts.cause-mutes-silence', async ({ run, looked, keep }) => {
  const { outage, inhibited } = await collectorCutOff(run)
  const { muted: silent, causes } = await inhibited
  looked()
  keep('inhibited-ticket.json', JSON.stringify(silent, null, 2))
  expect(causes.length, `alerts ${outage.request.alert}`).toBe(1)
  expect(silent.status.inhibitedBy, 'alerts that mute the silence').toEqual(causes)
  await outage.endedAt
  await outage.cleared()
  const told = (await run.alertReceiver.notificationsAfter(outage.afterSequence)).filter(
    // Alertmanager may only now tell the end of a silence that the start of the cluster had caused.
    ({ body }) =>
      body.status === 'firing' && body.groupLabels.alertname === run.config.alerts.stack.logsSilent,
  )
  expect(told.length, 'notifications that the silence which the collector caused has begun').toBe(0)
})

claim('alerts.cut-off-loses-no-line', async (work) =>
  judgeLines(work, (await collectorCutOff(work.run)).outage),
)

claim('alerts.held-logs', async (work) => judgeTicket(work, await heldLogs(work.run)))

claim('alerts.deadman-hears', async ({ run, looked, note }) => {
  const { watchdog, cutAt, ended, back, worstCaseMs } = await prometheusCutOff(run)
  looked()
  expect(ended.body.alerts.map(({ labels }) => labels.alertname)).toEqual([watchdog])
  expect(back.sequence, 'the moment at which the watchdog is back').toBeGreaterThan(ended.sequence)
  note(`${Math.round(ended.arrivedAt - cutAt)} ms of ${worstCaseMs} ms until the deadman knew`)
})
