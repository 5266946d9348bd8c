import { claim, found, notificationArrival, notYet, parseDurationMs } from '../../harness/test.ts'
import { baseline } from '../stories/baseline.ts'

claim('alerts.baseline-quiet', async ({ run, within, note }) => {
  const [watchdog] = run.config.alerts.alwaysFiring
  if (watchdog === undefined)
    throw new Error(
      'expected an alert that always fires in signalproof.config.ts; without one, silence proves nothing',
    )
  const [arrival, flags] = await Promise.all([notificationArrival(run, watchdog), run.prometheus.flags()])
  // The positive control first: a stack that cannot deliver any alert is quiet, too.
  await within(
    `${watchdog} delivered`,
    async (signal) => {
      const arrived = (await run.alertReceiver.notificationsAfter(0, signal)).filter(({ body }) =>
        body.alerts.some(({ labels }) => labels.alertname === watchdog),
      )
      return arrived.length > 0 ? found(arrived) : notYet('no notification of it yet')
    },
    // It fires from the first evaluation on; were Alertmanager not found by then, it is sent again after the delay.
    {
      ...arrival,
      worstCaseMs:
        arrival.worstCaseMs + (parseDurationMs(flags['rules.alert.resend-delay'] ?? '') ?? Number.NaN),
    },
  )
  const { heldMs } = await baseline(run)
  note(`quiet for ${heldMs} ms, with ${watchdog} delivered`)
})
