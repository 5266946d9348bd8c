import {
  deadlineMs,
  epochMs,
  eventually,
  found,
  notificationArrivalAgain,
  notYet,
  type Run,
  resolvedArrival,
  story,
  writeAppLines,
} from '../../harness/test.ts'
import { afterBaseline } from './baseline.ts'
import { standInApps, standIns } from './stand-ins.ts'

/** A stand-in app fails, recovers and fails again: two incidents, and nobody may take the second for the first. */
export const returningErrors = story('returning errors', async (run: Run) => {
  await Promise.all([afterBaseline(run), standInApps(run)])
  const app = standIns.returning
  const route = '/stand-in/returning'
  const alert = run.config.alerts.logBurst
  const afterSequence = await run.alertReceiver.newest()
  const ticketsSoFar = async (signal: AbortSignal) =>
    (await run.alertReceiver.notificationsAfter(afterSequence, signal)).filter(({ body }) =>
      body.alerts.some(({ labels }) => labels.app === app),
    )
  const waitFor = async (count: number, status: 'firing' | 'resolved') => {
    const arrival = status === 'firing' ? notificationArrivalAgain : resolvedArrival
    await eventually(
      `the ${status} notification number ${count} of ${app}`,
      async (signal) => {
        const sent = await ticketsSoFar(signal)
        return sent.length >= count ? found(sent) : notYet(`${sent.length} notifications`)
      },
      {
        withinMs: deadlineMs(await arrival(run, alert)),
        remedy: 'look at group_interval and repeat_interval of the ticket route',
        signal: run.signal,
      },
    )
  }
  let lastErrorAt = Number.NaN
  for (const incident of [0, 1]) {
    lastErrorAt = epochMs()
    await writeAppLines(
      run,
      app,
      lastErrorAt,
      Array.from({ length: 6 }, () => ({ method: 'GET', route, status: 500 })),
    )
    await waitFor(2 * incident + 1, 'firing')
    await waitFor(2 * incident + 2, 'resolved')
  }
  return { app, route, lastErrorAt, notifications: () => ticketsSoFar(run.signal) }
})
