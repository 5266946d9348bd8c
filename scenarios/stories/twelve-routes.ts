import {
  deadlineMs,
  epochMs,
  eventually,
  found,
  type Notification,
  naiveReceiver,
  notificationArrival,
  notYet,
  type Run,
  resolvedArrival,
  story,
  writeAppLines,
} from '../../harness/test.ts'
import { afterBaseline } from './baseline.ts'
import { standInApps, standIns } from './stand-ins.ts'

/** A stand-in app, known by its lines only, whose 12 routes fail at the same moment. */
export const twelveRoutes = story('twelve routes', async (run: Run) => {
  await Promise.all([afterBaseline(run), standInApps(run)])
  const app = standIns.manyRoutes
  const alert = run.config.alerts.logBurst
  const routes = Array.from({ length: 12 }, (_, index) => `/stand-in/route-${index + 1}`)
  const before = { sequence: await run.alertReceiver.newest() }
  const at = epochMs()
  await writeAppLines(run, app, at, [
    ...routes.flatMap((route) => Array.from({ length: 6 }, () => ({ method: 'GET', route, status: 500 }))),
    { method: 'GET', route: '/stand-in', status: 'ok' },
  ])

  const remedy = 'look at group_by and group_wait of the ticket route'
  const isAboutIt = ({ body }: Notification) => body.alerts.some(({ labels }) => labels.app === app)
  const ticketsOf = async (signal: AbortSignal) =>
    (await run.alertReceiver.notificationsAfter(before.sequence, signal)).filter(isAboutIt)
  await eventually(`a ticket for ${app}`, async (signal) => firstOf(await ticketsOf(signal), 'firing'), {
    withinMs: deadlineMs(await notificationArrival(run, alert)),
    remedy,
    signal: run.signal,
  })
  await eventually(
    `the resolved ticket of ${app}`,
    async (signal) => firstOf(await ticketsOf(signal), 'resolved'),
    {
      withinMs: deadlineMs(await resolvedArrival(run, alert)),
      remedy,
      signal: run.signal,
    },
  )
  return {
    app,
    routes,
    lastErrorAt: at,
    notifications: () => ticketsOf(run.signal),
    /** The same alerts where nothing is grouped. */
    ungrouped: async () =>
      (await run.alertReceiver.bothStreamsAfter(before.sequence, run.signal)).filter(
        (one) => isAboutIt(one) && one.receiver === naiveReceiver && one.body.status === 'firing',
      ),
  }
})

function firstOf(notifications: readonly Notification[], status: 'firing' | 'resolved') {
  const first = notifications.find(({ body }) => body.status === status)
  return first === undefined
    ? notYet(`${notifications.length} notifications, none of them ${status}`)
    : found(first)
}
