import { claim, found, notificationArrival, notYet, resendDelaysMs } from '../../harness/test.ts'
import { baseline } from '../stories/baseline.ts'

claim('alerts.baseline-quiet', async ({ run, within, note }) => {
  const { watchdogs, receivers } = run.config.alerts
  const resend = await resendDelaysMs(run)
  // The positive control first: a stack that cannot deliver any alert is quiet, too.
  const controls = [
    { watchdog: watchdogs.metrics, resendMs: resend.prometheus },
    { watchdog: watchdogs.logs, resendMs: resend.loki },
  ]
  for (const { watchdog, resendMs } of controls) {
    const arrival = await notificationArrival(run, watchdog)
    await within(
      `${watchdog} delivered to ${receivers.deadman}`,
      async (signal) => {
        const arrived = (await run.alertReceiver.notificationsAfter(0, signal)).filter(
          ({ receiver, body }) =>
            receiver === receivers.deadman && body.alerts.some(({ labels }) => labels.alertname === watchdog),
        )
        return arrived.length > 0 ? found(arrived) : notYet('no notification of it yet')
      },
      // It fires from the first evaluation on; were Alertmanager not found by then, it is sent again after the delay.
      { ...arrival, worstCaseMs: arrival.worstCaseMs + resendMs },
    )
  }
  const { heldMs } = await baseline(run)
  note(`quiet for ${heldMs} ms, with both watchdogs delivered`)
})
