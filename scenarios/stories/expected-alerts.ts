import type { AlertSeen, Run } from '../../harness/test.ts'
import { allOutages } from './outages.ts'
import { returningErrors } from './returning-errors.ts'
import { sixErrors } from './six-errors.ts'
import { sustainedErrors } from './sustained-errors.ts'
import { twelveRoutes } from './twelve-routes.ts'

/** The whole alert set is the expectation: every story says which alerts it raises, pending ones included. */

const firing = (alertname: string, app = '', route = ''): AlertSeen => ({
  alertname,
  app,
  route,
  state: 'firing',
})

/** What the failing apps raise, beside what always fires. */
export async function expectedOfFaults(run: Run): Promise<AlertSeen[]> {
  const [six, sustained, twelve, returning] = await Promise.all([
    sixErrors(run),
    sustainedErrors(run),
    twelveRoutes(run),
    returningErrors(run),
  ])
  const { watchdogs, logBurst, page } = run.config.alerts
  return [
    ...Object.values(watchdogs).map((alertname) => firing(alertname)),
    firing(logBurst, six.app.name, six.app.faultRoute),
    firing(logBurst, sustained.app.name, sustained.app.faultRoute),
    firing(page, sustained.app.name),
    ...twelve.routes.map((route) => firing(logBurst, twelve.app, route)),
    firing(logBurst, returning.app, returning.route),
  ]
}

/** Epoch ms of the last error that any of these stories made: whatever it set off can be told by when it would be there. */
export async function lastErrorAt(run: Run): Promise<number> {
  const [six, sustained, twelve, returning] = await Promise.all([
    sixErrors(run),
    sustainedErrors(run),
    twelveRoutes(run),
    returningErrors(run),
  ])
  return Math.max(six.lastErrorAt, await sustained.lastServedAt, twelve.lastErrorAt, returning.lastErrorAt)
}

/** What the broken stack raises. The silence that a cut-off collector causes is the alert that held logs raise anyway. */
export async function expectedOfOutages(run: Run): Promise<AlertSeen[]> {
  return (await allOutages(run)).flatMap((outage) => outage.expected)
}
