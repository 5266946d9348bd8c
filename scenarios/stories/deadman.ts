import {
  beginStackFaultIn,
  epochMs,
  eventually,
  found,
  notYet,
  type Run,
  resendDelaysMs,
  story,
  timingsOf,
} from '../../harness/test.ts'
import { afterBaseline } from './baseline.ts'

/** What listens at the end of the watchdogs' route, and what it hears when a ruler is cut off. */

/**
 * How long the deadman may have to wait for a word about a watchdog. An alert that is not sent again is over four
 * resends, or evaluations if those are longer, after it was last sent (Prometheus rules/alerting.go, ValidUntil); its
 * group says so at its next interval.
 */
async function deadmanWorstCaseMs(run: Run, watchdog: string): Promise<number> {
  const { rule, route } = await timingsOf(run, watchdog, run.config.alerts.receivers.deadman)
  const resend = await resendDelaysMs(run)
  const resendMs = rule.signal === 'logs' ? resend.loki : resend.prometheus
  return (
    4 * Math.max(resendMs, rule.evaluationIntervalMs) +
    rule.evaluationIntervalMs +
    Math.max(route.groupIntervalMs, route.groupWaitMs)
  )
}

/** Waits until the deadman hears that a watchdog has ended, or fires again. */
export async function deadmanHears(
  run: Run,
  watchdog: string,
  status: 'firing' | 'resolved',
  afterSequence: number,
) {
  const worstCaseMs = await deadmanWorstCaseMs(run, watchdog)
  const { value } = await eventually(
    `the deadman to hear that ${watchdog} is ${status}`,
    async (signal) => {
      const heard = (await run.alertReceiver.notificationsAfter(afterSequence, signal)).filter(
        ({ receiver, body }) =>
          receiver === run.config.alerts.receivers.deadman &&
          body.alerts.some(({ labels }) => labels.alertname === watchdog),
      )
      const word = heard.find(({ body }) => body.status === status)
      return word === undefined
        ? notYet(`${heard.length} notifications of it since, none of them ${status}`)
        : found(word)
    },
    {
      withinMs: worstCaseMs + 2 * (await run.timings()).allowanceMs,
      remedy: 'look at the route of the watchdogs: receiver, group_interval and send_resolved',
      signal: run.signal,
    },
  )
  return { notification: value, worstCaseMs }
}

/** Prometheus cannot reach Alertmanager: none of its alerts can say so, and the Watchdog's end is all that is heard. */
export const prometheusCutOff = story('Prometheus is cut off', async (run: Run) => {
  await afterBaseline(run)
  const watchdog = run.config.alerts.watchdogs.metrics
  const before = await run.alertReceiver.newest()
  const worstCaseMs = await deadmanWorstCaseMs(run, watchdog)
  const cut = await beginStackFaultIn(
    run,
    { kind: 'cut-link', link: 'prometheus-to-alertmanager' },
    2 * worstCaseMs,
  )
  const cutAt = epochMs()
  const ended = await deadmanHears(run, watchdog, 'resolved', before).finally(() => cut.end())
  const back = await deadmanHears(run, watchdog, 'firing', ended.notification.sequence)
  return { watchdog, cutAt, ended: ended.notification, back: back.notification, worstCaseMs }
})
