import {
  allowanceMs,
  type BreakableApp,
  breakRequests,
  deadlineMs,
  epochMs,
  evaluationArrival,
  eventually,
  followAlert,
  found,
  groupExists,
  holds,
  notYet,
  type Run,
  ratioThreshold,
  story,
  timingsOf,
} from '../../harness/test.ts'
import { afterBaseline } from './baseline.ts'

/**
 * Exactly six errors of one route, amid enough good traffic that no page is due: five first, a silence so long that the
 * alert would be there if it were due, then the sixth.
 */
export const sixErrors = story('six errors', async (run: Run) => {
  await afterBaseline(run)
  const app = run.appUnderTest('ticket')
  const { logBurst, receivers } = run.config.alerts
  await enoughGoodTraffic(run, app)
  const before = {
    counted: await run.countedSinceStart(app.name),
    sequence: await run.alertReceiver.newest(),
    groupExists: await groupExists(run, logBurst, app.name),
    at: epochMs(),
  }

  const five = await breakRequests(run, app, { status: 500, count: 5 })
  const [silence] = await Promise.allSettled([holdSilence(run, app, logBurst)])
  const sixth = await breakRequests(run, app, { status: 500, count: 1 })

  const followed = await followAlert(run, {
    id: `the sixth error of ${app.name}`,
    app: run.app(app.name),
    alert: logBurst,
    route: app.faultRoute,
    receiver: receivers.ticket,
    crossing: sixth.failed.at(-1),
    afterSequence: before.sequence,
    groupExists: before.groupExists,
    counter: {
      route: app.faultRoute,
      status: 500,
      atLeast: (await run.countedBy(app.name)).get(`GET ${app.faultRoute} 500`) ?? 6,
    },
  })
  return {
    app,
    before,
    reports: [five.report, sixth.report],
    failed: [...five.failed, ...sixth.failed],
    lastErrorAt: Math.max(...sixth.failed.map(({ doneAt }) => doneAt)),
    silence,
    followed,
  }
})

/** So many good answers within the page rule's window that six errors among them stay well below its ratio. */
async function enoughGoodTraffic(run: Run, app: BreakableApp): Promise<void> {
  const { expr, windowMs } = (await timingsOf(run, run.config.alerts.page)).rule
  const windowOfMs = windowMs ?? 0
  const wanted = Math.ceil((1.25 * 6) / (ratioThreshold(expr) ?? 1))
  await eventually(
    `${wanted} good answers of ${app.name} within the page rule's window`,
    () => {
      const since = epochMs() - windowOfMs
      const good = run.traffic.ledger
        .of(app.name)
        .filter(({ status, doneAt }) => status === 200 && doneAt >= since)
      return good.length >= wanted ? found(good) : notYet(`${good.length}`)
    },
    { withinMs: 2 * windowOfMs + allowanceMs, remedy: `look at the log of ${app.name}`, signal: run.signal },
  )
}

/** Holds that the alert stays away, pending too, for as long as an evaluation may take to see the five errors. */
async function holdSilence(
  run: Run,
  app: BreakableApp,
  alert: string,
): Promise<{ heldMs: number; looks: number }> {
  return holds(
    `no ${alert} of ${app.name} at 5 errors`,
    async (signal) => {
      const alerts = await run.loki.alerts(signal)
      const there = alerts.find(({ labels }) => labels.alertname === alert && labels.app === app.name)
      return there === undefined ? found(alerts) : notYet(`${alert} of ${app.name} is ${there.state}`)
    },
    {
      forMs: deadlineMs(await evaluationArrival(run, alert)),
      remedy: "look at the rule's threshold, and at lines that are counted twice",
      signal: run.signal,
    },
  )
}
