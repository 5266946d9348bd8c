import {
  type AlertSeen,
  claim,
  deadlineMs,
  expect,
  found,
  keyOf,
  notificationArrival,
  notYet,
} from '../../harness/test.ts'
import { sixErrors } from '../stories/six-errors.ts'
import { sustainedErrors } from '../stories/sustained-errors.ts'
import { twelveRoutes } from '../stories/twelve-routes.ts'

/** The whole alert set is the expectation: whatever else fired or was pending, at any time of the run, breaks it. */
claim('alerts.exact-set', async ({ run, holds, looked, keep }) => {
  const [six, sustained, twelve] = await Promise.all([
    sixErrors(run),
    sustainedErrors(run),
    twelveRoutes(run),
  ])
  const { alwaysFiring, logBurst, page } = run.config.alerts
  const firing = (alertname: string, app = '', route = ''): AlertSeen => ({
    alertname,
    app,
    route,
    state: 'firing',
  })
  const expected = [
    ...alwaysFiring.map((alertname) => firing(alertname)),
    firing(logBurst, six.app.name, six.app.faultRoute),
    firing(logBurst, sustained.app.name, sustained.app.faultRoute),
    firing(page, sustained.app.name),
    ...twelve.routes.map((route) => firing(logBurst, twelve.app, route)),
  ]
  const expectedKeys = expected.map(keyOf).sort()
  // An alert that something earlier set off would be here within the time of one notification.
  await holds(
    'no alert but the expected ones',
    async () => {
      const unexpected = (await run.alertWatch.alerts())
        .map(keyOf)
        .filter((key) => !expectedKeys.includes(key))
      return unexpected.length === 0 ? found(0) : notYet(unexpected.join(', '))
    },
    deadlineMs(await notificationArrival(run, logBurst)),
  )
  const alerts = await run.alertWatch.alerts()
  const notifications = (await run.alertWatch.notifications()).filter(({ receiver }) => receiver !== 'naive')
  looked()
  keep('alerts-seen.json', JSON.stringify(alerts, null, 2))
  run.record.write({ kind: 'alerts', expected, seen: alerts })
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
  expect(alerts.map(keyOf), 'alerts that were there from the baseline to the end').toEqual(expectedKeys)
})
