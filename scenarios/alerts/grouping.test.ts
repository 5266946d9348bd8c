import { claim, expect } from '../../harness/test.ts'
import { returningErrors } from '../stories/returning-errors.ts'
import { twelveRoutes } from '../stories/twelve-routes.ts'

/** (c) Twelve routes of one app fail at once: one incident, one notification. */

claim('alerts.one-incident-one-notification', async ({ run, looked, note }) => {
  const { app, routes, notifications, ungrouped } = await twelveRoutes(run)
  const [sent, naive] = await Promise.all([notifications(), ungrouped()])
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
  expect(naive.length, 'notifications of the same alerts without grouping').toBe(routes.length)
  note(
    `${routes.length} alerts: 1 notification and 1 resolve here, ${naive.length} notifications without grouping`,
  )
})

/** (d) The same errors come back after they were over: a second incident, told like the first. */

claim('alerts.refires', async ({ run, looked }) => {
  const { app, notifications } = await returningErrors(run)
  const sent = await notifications()
  looked()
  expect(
    sent.map(({ body }) => body.status),
    `notifications about ${app}, which failed twice`,
  ).toEqual(['firing', 'resolved', 'firing', 'resolved'])
  const starts = sent.map(({ body }) => body.alerts[0]?.startsAt)
  expect(starts[0], 'the first incident, from its ticket to its resolve').toBe(starts[1])
  expect(starts[2], 'the begin of the second incident').not.toBe(starts[0])
})
