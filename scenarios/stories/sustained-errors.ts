import {
  beginFault,
  crossingOf,
  deadlineMs,
  epochMs,
  eventually,
  followAlert,
  found,
  groupExists,
  lastFailureOf,
  notificationArrival,
  notYet,
  type Run,
  ratioThreshold,
  story,
  timingsOf,
} from '../../harness/test.ts'
import { afterBaseline } from './baseline.ts'

/**
 * One app fails every request of its route until its page was delivered and its ticket was seen as inhibited; then the
 * fault ends and both alerts run out.
 */
export const sustainedErrors = story('sustained errors', async (run: Run) => {
  await afterBaseline(run)
  const app = run.appUnderTest('page')
  const { page, logBurst, receivers } = run.config.alerts
  const { rule } = await timingsOf(run, page)
  const failedBefore = (await run.countedBy(app.name)).get(`GET ${app.faultRoute} 500`) ?? 0
  const before = {
    sequence: await run.alertReceiver.newest(),
    groupExists: await groupExists(run, page, app.name),
    at: epochMs(),
  }
  const fault = await beginFault(run, app, { status: 500 })

  const crossing = await crossingOf(run, app, {
    windowMs: rule.windowMs ?? 0,
    threshold: ratioThreshold(rule.expr) ?? Number.NaN,
    since: before.at,
  })
  const followed = await followAlert(run, {
    id: `sustained errors of ${app.name}`,
    app: run.app(app.name),
    alert: page,
    route: undefined,
    receiver: receivers.page,
    crossing: crossing.request,
    afterSequence: before.sequence,
    groupExists: before.groupExists,
    counter: { route: app.faultRoute, status: 500, atLeast: failedBefore + crossing.failedSoFar },
  })
  const inhibited = seenInhibited(run, logBurst, app.name)
  inhibited.catch(() => {})
  const ended = Promise.allSettled([followed.delivered(), inhibited]).then(() => fault.end())
  const lastServedAt = ended.then(() => lastFailureOf(run, app))
  lastServedAt.catch(() => {})
  return { app, before, followed, inhibited, ended, lastServedAt }
})

/** The ticket at Alertmanager, muted by another alert. */
async function seenInhibited(run: Run, alert: string, app: string) {
  const { value } = await eventually(
    `${alert} of ${app} at Alertmanager, inhibited`,
    async (signal) => {
      const [ticket] = await run.alertmanager.alerts([`alertname="${alert}"`, `app="${app}"`], signal)
      if (ticket === undefined) return notYet(`Alertmanager has no ${alert} of ${app}`)
      return ticket.status.inhibitedBy.length > 0
        ? found(ticket)
        : notYet(`${alert} of ${app} is ${ticket.status.state}, inhibited by nothing`)
    },
    {
      withinMs: deadlineMs(await notificationArrival(run, alert)),
      remedy: 'look at inhibit_rules',
      signal: run.signal,
    },
  )
  return value
}
