import { askIngress, claim, expect, type Notification } from '../../harness/test.ts'
import { sixErrors } from '../stories/six-errors.ts'

/** (a) Exactly six errors amid enough good traffic: silent at five, one ticket at six, resolved. */

claim('alerts.silent-below', async ({ run, looked, note }) => {
  const { silence } = await sixErrors(run)
  if (silence === undefined || silence.status === 'rejected')
    throw silence?.reason ?? new Error('expected a hold of silence, seen: none')
  looked()
  expect(silence.value.looks, 'looks at the ruler while it had to be silent').toBeGreaterThan(1)
  note(`silent for ${Math.round(silence.value.heldMs)} ms at 5 errors, ${silence.value.looks} looks`)
})

claim('alerts.fires', async ({ run, hop }) => {
  const { app, followed } = await sixErrors(run)
  await hop(followed.evaluated())
  const { value: alert } = await hop(followed.firing())
  expect(alert.labels, 'labels of the ticket').toMatchObject({
    namespace: app.namespace,
    app: app.name,
    route: app.faultRoute,
    severity: 'ticket',
  })
})

claim('alerts.received', async ({ run, hop }) => {
  const { followed } = await sixErrors(run)
  const { value: alert } = await hop(followed.received())
  expect(
    alert.receivers.map(({ name }) => name),
    'receivers that Alertmanager chose',
  ).toEqual([run.config.alerts.receivers.ticket])
})

claim('alerts.delivered', async ({ run, hop }) => {
  const { followed } = await sixErrors(run)
  const { value: notification } = await hop(followed.delivered())
  const sent = await ticketsOf(
    run.alertReceiver.notificationsAfter(followed.fault.afterSequence),
    followed.fault.app.name,
  )
  expect(
    sent.filter(({ body }) => body.status === 'firing').map(({ receiver }) => receiver),
    'receivers of the firing notifications',
  ).toEqual([run.config.alerts.receivers.ticket])
  expect(notification.body.alerts.length, 'alerts in the one notification').toBe(1)
})

claim('alerts.leads-to-evidence', async ({ run, hop, looked, keep }) => {
  const { app, before, failed, followed } = await sixErrors(run)
  const { value: notification } = await hop(followed.delivered())
  const [alert] = notification.body.alerts
  const {
    log_query: logQuery = '',
    runbook_url: runbook = '',
    dashboard_url: dashboard = '',
  } = alert?.annotations ?? {}
  looked()
  expect(logQuery, "the ticket's log query").not.toBe('')
  const lines = await run.loki.lines(logQuery, { fromMs: before.at - 1000, toMs: before.at + 60_000 })
  keep('log-query.txt', `${logQuery}\n\n${lines.map(({ line }) => line).join('\n')}\n`)
  const ids = lines.map(
    ({ line }) => (JSON.parse(line) as Record<string, unknown>)[run.config.logs.fields.requestId],
  )
  expect(ids.sort(), "request ids that the ticket's log query returns").toEqual(
    failed.map(({ requestId }) => requestId).sort(),
  )
  expect(dashboard, 'the dashboard link').toContain(`var-app=${app.name}`)
  expect(dashboard, 'the dashboard link').toContain(`var-route=${app.faultRoute}`)
  const page = await askIngress(run, new URL(runbook).pathname, new URL(runbook).host)
  expect(page.status, `the runbook behind ${runbook}`).toBe(200)
})

claim('alerts.resolved', async ({ run, hop }) => {
  const { app, failed, followed } = await sixErrors(run)
  const lastServedAt = failed.at(-1)?.doneAt ?? Number.NaN
  await hop(followed.resolved(Promise.resolve(lastServedAt)))
  const sent = await ticketsOf(run.alertReceiver.notificationsAfter(followed.fault.afterSequence), app.name)
  expect(
    sent.map(({ body }) => body.status),
    'notifications of the incident',
  ).toEqual(['firing', 'resolved'])
})

async function ticketsOf(all: Promise<Notification[]>, app: string): Promise<Notification[]> {
  return (await all).filter(({ body }) => body.alerts.some(({ labels }) => labels.app === app))
}
