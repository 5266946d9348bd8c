import {
  deadlineMs,
  epochMs,
  eventually,
  found,
  type Notification,
  notificationArrival,
  notYet,
  type Run,
  resolvedArrival,
  story,
  writeAppLines,
} from '../../harness/test.ts'
import { afterBaseline } from './baseline.ts'

/** A stand-in app, known by its lines only, whose 12 routes fail at the same moment. */
export const twelveRoutes = story('twelve routes', async (run: Run) => {
  await afterBaseline(run)
  const app = 'stand-in'
  const alert = run.config.alerts.logBurst
  const routes = Array.from({ length: 12 }, (_, index) => `/stand-in/route-${index + 1}`)
  const before = { sequence: await run.alertReceiver.newest() }
  const at = epochMs()
  writeAppLines(run, app, at, [
    ...routes.flatMap((route) => Array.from({ length: 6 }, () => ({ method: 'GET', route, status: 500 }))),
    { method: 'GET', route: '/stand-in', status: 'ok' },
  ])

  const remedy = 'look at group_by and group_wait of the ticket route'
  const ticketsOf = async (signal: AbortSignal) =>
    (await run.alertReceiver.notificationsAfter(before.sequence, signal)).filter(
      ({ receiver, body }) => receiver !== 'naive' && body.alerts.some(({ labels }) => labels.app === app),
    )
  await eventually(`a ticket for ${app}`, async (signal) => firstOf(await ticketsOf(signal), 'firing'), {
    withinMs: deadlineMs(await notificationArrival(run, alert)),
    remedy,
    signal: run.signal,
  })
  const naive = await throughNaiveGrouping(run, alert, app, before.sequence)
  await eventually(
    `the resolved ticket of ${app}`,
    async (signal) => firstOf(await ticketsOf(signal), 'resolved'),
    {
      withinMs: deadlineMs(await resolvedArrival(run, alert)),
      remedy,
      signal: run.signal,
    },
  )
  return { app, routes, naive, notifications: () => ticketsOf(run.signal) }
})

function firstOf(notifications: readonly Notification[], status: 'firing' | 'resolved') {
  const first = notifications.find(({ body }) => body.status === status)
  return first === undefined
    ? notYet(`${notifications.length} notifications, none of them ${status}`)
    : found(first)
}

/** The same alerts through an Alertmanager that groups nothing: how many notifications the incident would have been. */
async function throughNaiveGrouping(
  run: Run,
  alert: string,
  app: string,
  afterSequence: number,
): Promise<{ alerts: number; notifications: number }> {
  const alerts = await run.alertmanager.alerts([`alertname="${alert}"`, `app="${app}"`])
  await run.alertmanagerNaive.post(
    alerts.map(({ labels, annotations, startsAt, endsAt }) => ({ labels, annotations, startsAt, endsAt })),
  )
  const { value } = await eventually(
    `a notification of each of ${alerts.length} ungrouped alerts`,
    async (signal) => {
      const sent = (await run.alertReceiver.notificationsAfter(afterSequence, signal)).filter(
        ({ receiver }) => receiver === 'naive',
      )
      return sent.length >= alerts.length && alerts.length > 0
        ? found(sent.length)
        : notYet(`${sent.length} of ${alerts.length}`)
    },
    {
      withinMs: deadlineMs(await notificationArrival(run, alert)),
      remedy: 'look at the log of alertmanager-naive',
      signal: run.signal,
    },
  )
  return { alerts: alerts.length, notifications: value }
}
