import { epochMs } from '../core/clock.ts'
import { eventually, found, notYet } from '../core/eventually.ts'
import type { FaultReport } from '../faults/fault-switch.ts'
import type { SentRequest } from '../traffic/request-ledger.ts'
import { deadlineMs, notificationArrival, outageArrival } from './deadlines.ts'
import type { BreakableApp, Run } from './run.ts'

/** Breaks good traffic on purpose and says exactly what was broken. */

/** A request that is not answered in this time counts as lost; the traffic's own limit. */
const answerWithinMs = 5_000

/** The contract of the fault switch allows no longer fault. */
const longestFaultMs = 600_000

/** A fault ends by itself when nobody is left to end it: after twice the time its slowest alert may take to be delivered. */
async function expiry(run: Run): Promise<number> {
  const { page, logBurst, stack } = run.config.alerts
  const arrivals = await Promise.all([
    notificationArrival(run, page),
    notificationArrival(run, logBurst),
    outageArrival(run, stack.slowRoute),
  ])
  return Math.min(longestFaultMs, Math.ceil(2 * Math.max(...arrivals.map(deadlineMs)) + answerWithinMs))
}

export interface BrokenRequests {
  readonly report: FaultReport
  /** The requests that the client saw fail, in the order of their answers. */
  readonly failed: readonly SentRequest[]
}

/** Makes exactly the next `count` requests of an app's route fail and waits until the client has seen them all. */
export async function breakRequests(
  run: Run,
  app: BreakableApp,
  { status, count }: { status: number; count: number },
): Promise<BrokenRequests> {
  const since = epochMs()
  const faultSwitch = run.faultSwitch(app.name)
  const { id } = await faultSwitch.inject({
    route: app.faultRoute,
    status,
    count,
    expiresInMs: await expiry(run),
  })
  const { value } = await eventually(
    `${count} requests of ${app.name} answered with ${status}`,
    async () => {
      const failed = run.traffic.ledger
        .of(app.name)
        .filter((request) => request.status === status && request.doneAt >= since)
      const report = await faultSwitch.report(id)
      return failed.length >= count && report.state !== 'active'
        ? found({ report, failed })
        : notYet(`${failed.length} failed; the switch is ${report.state} with ${report.injected} injected`)
    },
    {
      withinMs: (count / run.config.traffic.perAppPerSecond) * 1000 + answerWithinMs,
      remedy: `look at the log of ${app.name}; good traffic has to reach ${app.faultRoute}`,
      signal: run.signal,
    },
  )
  return value
}

/** Makes every request of an app's route fail, or late, until it is ended. */
export async function beginFault(
  run: Run,
  app: BreakableApp,
  fault: { status: number } | { latencyMs: number },
): Promise<{ end(): Promise<FaultReport> }> {
  const faultSwitch = run.faultSwitch(app.name)
  const { id } = await faultSwitch.inject({
    route: app.faultRoute,
    ...fault,
    expiresInMs: await expiry(run),
  })
  return { end: () => faultSwitch.end(id) }
}

/** When the last answer with a server error was given; only meaningful once the fault has ended and traffic flows again. */
export async function lastFailureOf(run: Run, app: BreakableApp): Promise<number> {
  const { value } = await eventually(
    `a good answer of ${app.name} after the fault`,
    () => {
      const requests = run.traffic.ledger.of(app.name)
      const lastFailed = requests.findLast(({ status }) => (status ?? 0) >= 500)
      const lastGood = requests.findLast(({ status }) => status === 200)
      return lastFailed !== undefined && lastGood !== undefined && lastGood.sentAt > lastFailed.doneAt
        ? found(lastFailed.doneAt)
        : notYet('only failing answers')
    },
    { withinMs: answerWithinMs, remedy: `look at the fault switch of ${app.name}`, signal: run.signal },
  )
  return value
}

/**
 * The answer with which an app's share of failed requests crosses a ratio rule's threshold, over the rule's own window,
 * as the client counts it; and how many had failed by then since `since`.
 */
export async function crossingOf(
  run: Run,
  app: BreakableApp,
  { windowMs, threshold, since }: { windowMs: number; threshold: number; since: number },
): Promise<{ request: SentRequest; failedSoFar: number }> {
  const { value } = await eventually(
    `more than ${threshold * 100} % of the requests of ${app.name} to fail over ${windowMs} ms`,
    () => {
      const requests = run.traffic.ledger.of(app.name)
      const failed = requests.filter(({ status, doneAt }) => (status ?? 0) >= 500 && doneAt >= since)
      const crossing = failed.findIndex(({ doneAt }, index) => {
        const inWindow = requests.filter(
          (request) => request.doneAt > doneAt - windowMs && request.doneAt <= doneAt,
        )
        return (index + 1) / inWindow.length > threshold
      })
      const request = failed[crossing]
      return request === undefined
        ? notYet(`${failed.length} failed`)
        : found({ request, failedSoFar: crossing + 1 })
    },
    {
      withinMs: windowMs + answerWithinMs,
      remedy: `look at the fault switch of ${app.name}`,
      signal: run.signal,
    },
  )
  return value
}
