import {
  beginFault,
  crossingOf,
  epochMs,
  followAlert,
  groupExists,
  lastFailureOf,
  notificationArrival,
  type Run,
  ratioThreshold,
  story,
  timingsOf,
} from '../../harness/test.ts'
import { afterBaseline } from './baseline.ts'
import { seenInhibited } from './inhibited.ts'

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
  const inhibited = seenInhibited(run, logBurst, {
    by: page,
    arrival: await notificationArrival(run, logBurst),
    matchers: [`app="${app.name}"`],
  })
  inhibited.catch(() => {})
  const ended = Promise.allSettled([followed.delivered(), inhibited]).then(() => fault.end())
  const lastServedAt = ended.then(() => lastFailureOf(run, app))
  lastServedAt.catch(() => {})
  return { app, before, followed, inhibited, ended, lastServedAt }
})
