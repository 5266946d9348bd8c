import {
  claim,
  deadlineMs,
  expect,
  found,
  notYet,
  type Run,
  releaseArrival,
  resolvedArrival,
} from '../../harness/test.ts'
import { sustainedErrors } from '../stories/sustained-errors.ts'

/** (b) Sustained errors: the page is delivered; the same app's ticket fires, is inhibited and never goes out. */

claim('alerts.page-delivered', async ({ run, hop }) => {
  const { app, followed } = await sustainedErrors(run)
  await hop(followed.counted())
  await hop(followed.evaluated())
  await hop(followed.received())
  const { value: notification } = await hop(followed.delivered())
  expect(
    notification.body.alerts.map(({ labels }) => labels),
    'what the page is about',
  ).toMatchObject([{ alertname: run.config.alerts.page, app: app.name, severity: 'page' }])
  const pages = await notificationsOf(run, app.name, followed.fault.afterSequence)
  expect(
    pages.filter(({ body }) => body.status === 'firing').map(({ receiver }) => receiver),
    'receivers of firing notifications',
  ).toEqual([run.config.alerts.receivers.page])
})

claim('alerts.ticket-inhibited', async ({ run, holds, within, looked, keep }) => {
  const { app, before, followed, inhibited, ended } = await sustainedErrors(run)
  const { muted: ticket, causes } = await inhibited
  looked()
  keep('inhibited-ticket.json', JSON.stringify(ticket, null, 2))
  expect(causes.length, `alerts ${run.config.alerts.page} of ${app.name}`).toBe(1)
  expect(ticket.status.inhibitedBy, 'alerts that inhibit the ticket').toEqual(causes)
  await ended
  const { logBurst } = run.config.alerts
  await within(
    `${logBurst} of ${app.name} over`,
    async (signal) => {
      const there = (await run.loki.alerts(signal)).find(
        ({ labels }) => labels.alertname === logBurst && labels.app === app.name,
      )
      return there === undefined ? found(true) : notYet(`it is still ${there.state}`)
    },
    await resolvedArrival(run, logBurst),
  )
  const delivered = async () =>
    (await notificationsOf(run, app.name, before.sequence)).filter(
      ({ receiver }) => receiver === run.config.alerts.receivers.ticket,
    )
  // It is over, so whatever let it go did so before: it would be sent within the time that its group is held.
  await holds(
    `no ticket of ${app.name}`,
    async () => {
      const tickets = await delivered()
      return tickets.length === 0
        ? found(0)
        : notYet(`${tickets.length} delivered to ${run.config.alerts.receivers.ticket}`)
    },
    deadlineMs(await releaseArrival(run, logBurst)),
  )
  expect(
    (await notificationsOf(run, app.name, before.sequence)).length,
    'notifications of the incident so far, the page among them',
  ).toBeGreaterThan(0)
  expect(followed.fault.app.name).toBe(app.name)
})

claim('alerts.page-resolved', async ({ run, hop }) => {
  const { app, followed, lastServedAt } = await sustainedErrors(run)
  await hop(followed.resolved(lastServedAt))
  const pages = await notificationsOf(run, app.name, followed.fault.afterSequence)
  expect(
    pages.map(({ receiver, body }) => `${receiver} ${body.status}`),
    'notifications of the incident',
  ).toEqual([`${run.config.alerts.receivers.page} firing`, `${run.config.alerts.receivers.page} resolved`])
})

async function notificationsOf(run: Run, app: string, afterSequence: number) {
  return (await run.alertReceiver.notificationsAfter(afterSequence)).filter(({ body }) =>
    body.alerts.some(({ labels }) => labels.app === app),
  )
}
