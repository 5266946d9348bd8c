import {
  claim,
  expect,
  type Incident,
  measureNoise,
  type NotifiedAlert,
  type Outage,
  type Run,
  writeNoise,
} from '../../harness/test.ts'
import { allOutages, collectorCutOff } from '../stories/outages.ts'
import { returningErrors } from '../stories/returning-errors.ts'
import { sixErrors } from '../stories/six-errors.ts'
import { sustainedErrors } from '../stories/sustained-errors.ts'
import { twelveRoutes } from '../stories/twelve-routes.ts'

/** What people were told in the whole run: every alert once, and nothing twice. */

claim('alerts.every-alert', async ({ run, hop, looked, keep }) => {
  for (const outage of await allOutages(run)) await hop(outage.cleared())
  const notifications = await run.alertWatch.notifications()
  looked()
  const alerts = [...run.seed.alertsInGit.logs, ...run.seed.alertsInGit.metrics].map((alert) => {
    const sent = notifications.filter(({ body }) =>
      body.alerts.some(({ labels }) => labels.alertname === alert),
    )
    const first = sent.find(({ body }) => body.status === 'firing')
    const over = sent.find(
      ({ sequence, body }) => body.status === 'resolved' && sequence > (first?.sequence ?? 0),
    )
    const startsAt = first?.body.alerts.find(({ labels }) => labels.alertname === alert)?.startsAt
    return {
      alert,
      receiver: first?.receiver ?? null,
      firedAt: startsAt === undefined ? null : Date.parse(startsAt),
      deliveredAt: first === undefined ? null : Math.round(first.arrivedAt),
      resolvedAt: over === undefined ? null : Math.round(over.arrivedAt),
    }
  })
  keep('notifications.json', JSON.stringify(notifications, null, 2))
  run.record.write({ kind: 'alert-table', alerts })
  run.record.write({
    kind: 'notifications',
    notifications: notifications.map(({ receiver, arrivedAt, body }) => ({
      receiver,
      status: body.status,
      labels: body.groupLabels,
      alerts: body.alerts.length,
      at: arrivedAt,
    })),
  })
  expect(alerts.length, 'alerts that git has rules for').toBeGreaterThan(0)
  expect(
    alerts
      .filter(({ deliveredAt, resolvedAt }) => deliveredAt === null || resolvedAt === null)
      .map(
        ({ alert, deliveredAt }) => `${alert} was never ${deliveredAt === null ? 'delivered' : 'resolved'}`,
      ),
    'alerts that this run has not seen from begin to end',
  ).toEqual([])
})

claim('alerts.noise', async ({ run, looked, keep, note }) => {
  const incidents = await incidentsOf(run)
  const notifications = await run.alertWatch.bothStreams()
  const measured = measureNoise(notifications, incidents)
  looked()
  keep('both-streams.json', JSON.stringify(notifications, null, 2))
  run.record.write({ kind: 'noise', incidents: measured })
  keep('noise.txt', `${writeNoise(measured).join('\n')}\n`)
  expect(
    measured.filter(({ alerts }) => alerts === 0).map(({ incident }) => incident),
    'incidents nobody was told of, which leave nothing to count',
  ).toEqual([])
  const once = ({ faults }: { faults: number }) => ({
    notifications: faults,
    resolves: faults,
    duplicates: 0,
    flaps: 0,
  })
  expect(
    measured.map(({ incident, ours }) => ({ incident, ...ours })),
    'what people were told of each incident: once that it is there, once that it is over',
  ).toEqual(measured.map(({ incident, faults }) => ({ incident, ...once({ faults }) })))
  const sent = (side: 'ours' | 'naive') =>
    measured.reduce((sum, { [side]: { notifications } }) => sum + notifications, 0)
  expect(sent('naive'), 'notifications of the same alerts without grouping and inhibition').toBeGreaterThan(
    sent('ours'),
  )
  note(
    `${measured.length} incidents: ${sent('ours')} notifications here, ${sent('naive')} without grouping and inhibition`,
  )
})

async function incidentsOf(run: Run): Promise<Incident[]> {
  const [six, sustained, twelve, returning, outages, collector] = await Promise.all([
    sixErrors(run),
    sustainedErrors(run),
    twelveRoutes(run),
    returningErrors(run),
    allOutages(run),
    collectorCutOff(run),
  ])
  const { logBurst, page, stack } = run.config.alerts
  const errorsOf = (app: string, alerts = [logBurst]) => ({
    concerns: ({ labels }: NotifiedAlert) => labels.app === app && alerts.includes(labels.alertname ?? ''),
  })
  // Two outages raise the same silence, which the first one mutes: each has what began before the other was made.
  const silences = outages.filter(({ request }) => request.alert === stack.logsSilent)
  const raisedBy = (outage: Outage, alerts: readonly string[]) => {
    const next = Math.min(
      ...silences.flatMap(({ askedAt }) => (askedAt > outage.askedAt ? [askedAt] : [])),
      Number.POSITIVE_INFINITY,
    )
    return {
      concerns: ({ labels, startsAt }: NotifiedAlert) =>
        alerts.includes(labels.alertname ?? '') &&
        // Two targets are down at different times, for different reasons.
        Object.entries(outage.request.labels).every(
          ([name, value]) => labels[name] === value || labels.alertname !== outage.request.alert,
        ) &&
        Date.parse(startsAt) >= outage.askedAt &&
        (outage !== collector.outage || Date.parse(startsAt) < next),
    }
  }
  return [
    { id: 'six errors of one route', faults: 1, ...errorsOf(six.app.name) },
    { id: 'sustained errors of one app', faults: 1, ...errorsOf(sustained.app.name, [logBurst, page]) },
    { id: '12 routes of one app fail', faults: 1, ...errorsOf(twelve.app) },
    { id: 'errors that come back', faults: 2, ...errorsOf(returning.app) },
    ...outages.map((outage) => ({
      id: outage.request.id,
      faults: 1,
      ...raisedBy(
        outage,
        outage === collector.outage ? [outage.request.alert, stack.logsSilent] : [outage.request.alert],
      ),
    })),
  ]
}
