import { deadlineMs, eventually, found, notYet, type Run } from '../../harness/test.ts'

/**
 * An alert that has reached Alertmanager and is muted there by another one; with it the alerts of the cause, as they were
 * at that moment: later they may be over.
 */
export async function seenInhibited(
  run: Run,
  alert: string,
  {
    by,
    arrival,
    matchers = [],
  }: { by: string; arrival: Parameters<typeof deadlineMs>[0]; matchers?: readonly string[] },
) {
  const all = [`alertname="${alert}"`, ...matchers]
  const { value } = await eventually(
    `${all.join(', ')} at Alertmanager, inhibited`,
    async (signal) => {
      const [[ticket], causes] = await Promise.all([
        run.alertmanager.alerts(all, signal),
        run.alertmanager.alerts([`alertname="${by}"`, ...matchers], signal),
      ])
      if (ticket === undefined) return notYet(`Alertmanager has no alert with ${all.join(', ')}`)
      return ticket.status.inhibitedBy.length > 0
        ? found({ muted: ticket, causes: causes.map(({ fingerprint }) => fingerprint) })
        : notYet(`${alert} is ${ticket.status.state}, inhibited by nothing`)
    },
    { withinMs: deadlineMs(arrival), remedy: 'look at inhibit_rules', signal: run.signal },
  )
  return value
}
