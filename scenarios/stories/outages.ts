import {
  answerMs,
  beginFault,
  beginOutage,
  deadlineMs,
  epochMs,
  eventually,
  found,
  lineArrival,
  maxQuerySeries,
  notYet,
  type Outage,
  outageArrival,
  type Run,
  resendDelaysMs,
  ruleOf,
  story,
  thresholdIn,
  writeAppLines,
} from '../../harness/test.ts'
import { afterBaseline } from './baseline.ts'
import { deadmanHears } from './deadman.ts'
import { seenInhibited } from './inhibited.ts'
import { standInApps, standIns } from './stand-ins.ts'

/** The stack itself is broken, one thing at a time: each alert about it has to say so, and to stop when it is whole again. */

const tickets = (run: Run) => run.config.alerts.receivers.ticket

/** One route answers, but late: nothing fails, people wait. */
export const slowRoute = story('a slow route', async (run: Run) => {
  await afterBaseline(run)
  const app = run.appUnderTest('ticket')
  const alert = run.config.alerts.stack.slowRoute
  const slowAboveSeconds = thresholdIn(ruleOf(await run.timings(), alert), /le="([0-9.]+)"/)
  return beginOutage(run, {
    id: `${app.name} answers slowly`,
    fault: () => beginFault(run, app, { latencyMs: Math.ceil(1.3 * slowAboveSeconds * 1000) }),
    alert,
    labels: { namespace: app.namespace, app: app.name, route: app.faultRoute },
    receiver: tickets(run),
  })
})

/** An app hangs: its port is open and nothing answers. */
export const hungApp = story('a hung app', async (run: Run) => {
  await afterBaseline(run)
  const app = run.appWithoutTraffic()
  return beginOutage(run, {
    id: `${app.name} hangs`,
    fault: { kind: 'pause-component', component: app.name },
    alert: run.config.alerts.stack.targetDown,
    labels: { app: app.name, job: 'apps' },
    receiver: tickets(run),
  })
})

/** Discovery sends its news once in this time; no setting changes it (Prometheus discovery/manager.go). */
const discoveryPauseMs = 5_000

/** Discovery loses an app: there is no target left that could be down. */
export const lostTarget = story('a lost target', async (run: Run) => {
  await afterBaseline(run)
  const app = run.appUnderTest('page')
  const pause = { setting: 'discovery pause', ms: discoveryPauseMs }
  return beginOutage(run, {
    id: `discovery loses ${app.name}`,
    fault: { kind: 'hide-target', app: app.name },
    alert: run.config.alerts.stack.targetMissing,
    labels: { app: app.name },
    receiver: tickets(run),
    noticedLater: [pause],
    clearedLater: [pause],
  })
})

/** An app logs raw paths as its route: more series than Loki lets a rule make, so the rule fails for every app. */
export const blindedRule = story('a blinded rule', async (run: Run) => {
  await Promise.all([afterBaseline(run), standInApps(run)])
  const { logBurst, receivers } = run.config.alerts
  const rule = ruleOf(await run.timings(), logBurst)
  const routes = (await maxQuerySeries(run)) + 1
  const errors = thresholdIn(rule, />\s*(\d+)[\s)]*$/) + 1
  // In the near future, so that all lines are stored before the first of them counts: none of these routes is an
  // incident of its own. They are thousands, which a busy machine takes its time for.
  const leadMs = 2 * deadlineMs(await lineArrival(run)) + answerMs
  const round = Array.from({ length: routes }, (_, index) => ({
    method: 'GET',
    route: `/stand-in/orders/${index}`,
    status: 500,
  }))
  return beginOutage(run, {
    id: 'an app logs raw paths as its route',
    fault: async () => {
      const app = standIns.manyRoutes
      const lines = Array(errors).fill(round).flat()
      const atMs = epochMs() + leadMs
      await writeAppLines(run, app, atMs, lines)
      await storedBefore(run, app, { lines: lines.length, atMs })
      return { end: async () => {} }
    },
    alert: run.config.alerts.stack.ruleFailing,
    labels: { job: 'loki', group: rule.group },
    receiver: receivers.ticket,
    noticedLater: [{ setting: 'lead of the lines', ms: leadMs }],
    clearedLater: [{ setting: `range window of ${logBurst}`, ms: leadMs + (rule.windowMs ?? 0) }],
  })
})

/** All lines of a moment to come are in Loki before it comes: a rule sees all of them or none. */
async function storedBefore(
  run: Run,
  app: string,
  { lines, atMs }: { readonly lines: number; readonly atMs: number },
): Promise<void> {
  const query = `sum(count_over_time({namespace="${run.config.logs.namespace}", app="${app}"}[1s]))`
  await eventually(
    `${lines} lines of ${app} in Loki`,
    async (signal) => {
      const [sample] = await run.loki.query(query, { atMs: atMs + 1, signal })
      const stored = sample?.value ?? 0
      return stored >= lines ? found(stored) : notYet(`${stored} lines`)
    },
    { withinMs: atMs - epochMs(), remedy: 'look at the log of the collector', signal: run.signal },
  )
}

/** Loki's ruler cannot reach Alertmanager; Prometheus can, and says so. The ruler's own watchdog ends at the deadman. */
export const rulerCutOff = story('the ruler is cut off', async (run: Run) => {
  await afterBaseline(run)
  let silence: Promise<unknown> | undefined
  const outage = await beginOutage(run, {
    id: "Loki's ruler is cut off from Alertmanager",
    fault: { kind: 'cut-link', link: 'ruler-to-alertmanager' },
    alert: run.config.alerts.stack.rulerCutOff,
    labels: { job: 'loki' },
    receiver: tickets(run),
    // The first alert that it cannot send is the next that it sends again.
    noticedLater: [{ setting: 'resend_delay', ms: (await resendDelaysMs(run)).loki }],
    until: (_, afterSequence) => {
      silence = deadmanHears(run, run.config.alerts.watchdogs.logs, 'resolved', afterSequence)
      return silence
    },
  })
  return { outage, silence: Promise.resolve(silence) }
})

/** The collector is rolled out anew: for a while there is none, and its successor goes on where it ended. */
export const collectorReplaced = story('a replaced collector', async (run: Run) => {
  await afterBaseline(run)
  return beginOutage(run, {
    id: 'there is no collector for a while',
    fault: { kind: 'stop-component', component: 'collector' },
    alert: run.config.alerts.stack.targetDown,
    labels: { job: 'collector' },
    receiver: tickets(run),
  })
})

/** The collector cannot reach Loki: it retries and loses nothing, but nothing arrives either. */
export const collectorCutOff = story('the collector is cut off', async (run: Run) => {
  await afterBaseline(run)
  const { logsSilent } = run.config.alerts.stack
  const arrival = await outageArrival(run, logsSilent)
  let inhibited: ReturnType<typeof seenInhibited> | undefined
  const outage = await beginOutage(run, {
    id: 'the collector is cut off from Loki',
    fault: { kind: 'cut-link', link: 'collector-to-loki' },
    alert: run.config.alerts.stack.collectorCutOff,
    labels: { job: 'collector' },
    receiver: tickets(run),
    // What waits is sent at the next try, which the back-off's randomization makes half as late again at worst.
    clearedLater: [{ setting: 'retry max_interval', ms: 1.5 * (await run.timings()).collectorRetryMs }],
    until: () => {
      inhibited = seenInhibited(run, logsSilent, { by: run.config.alerts.stack.collectorCutOff, arrival })
      return inhibited
    },
  })
  return { outage, inhibited: inhibited as ReturnType<typeof seenInhibited> }
})

/** The node's disk takes no more lines: nothing is wrong with the collector, and yet nothing arrives. */
export const heldLogs = story('held logs', async (run: Run) => {
  await afterBaseline(run)
  return beginOutage(run, {
    id: 'no line reaches the log files',
    fault: { kind: 'hold-logs' },
    alert: run.config.alerts.stack.logsSilent,
    labels: { namespace: run.config.logs.namespace },
    receiver: tickets(run),
  })
})

/** The outages of this run, in the order in which they are told. */
export async function allOutages(run: Run): Promise<Outage[]> {
  const [ruler, collector] = await Promise.all([rulerCutOff(run), collectorCutOff(run)])
  const others = await Promise.all([
    slowRoute(run),
    hungApp(run),
    lostTarget(run),
    blindedRule(run),
    collectorReplaced(run),
    heldLogs(run),
  ])
  return [...others.slice(0, 4), ruler.outage, ...others.slice(4, 5), collector.outage, ...others.slice(5)]
}
