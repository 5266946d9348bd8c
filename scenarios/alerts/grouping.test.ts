import { claim, expect } from '../../harness/test.ts'
import { twelveRoutes } from '../stories/twelve-routes.ts'

/** (c) Twelve routes of one app fail at once: one incident, one notification. */

claim('alerts.one-incident-one-notification', async ({ run, looked, note }) => {
  const { app, routes, naive, notifications } = await twelveRoutes(run)
  const sent = await notifications()
  looked()
  expect(
    sent.map(({ body }) => body.status),
    `notifications about ${app}`,
  ).toEqual(['firing', 'resolved'])
  const [first] = sent
  expect(
    first?.body.alerts.map(({ labels }) => labels.route).sort(),
    'routes that the one notification names',
  ).toEqual([...routes].sort())
  expect(naive.notifications, 'notifications of the same alerts without grouping').toBe(routes.length)
  note(
    `${naive.alerts} alerts: 1 notification and 1 resolve here, ${naive.notifications} notifications without grouping`,
  )
})
