import { deadlineMs, eventually, found, notYet, type Run } from '../../harness/test.ts'

/** An alert that has reached Alertmanager and is muted there by another one. */
export async function seenInhibited(
  run: Run,
  alert: string,
  { arrival, matchers = [] }: { arrival: Parameters<typeof deadlineMs>[0]; matchers?: readonly string[] },
) {
  const all = [`alertname="${alert}"`, ...matchers]
  const { value } = await eventually(
    `${all.join(', ')} at Alertmanager, inhibited`,
    async (signal) => {
      const [ticket] = await run.alertmanager.alerts(all, signal)
      if (ticket === undefined) return notYet(`Alertmanager has no alert with ${all.join(', ')}`)
      return ticket.status.inhibitedBy.length > 0
        ? found(ticket)
        : notYet(`${alert} is ${ticket.status.state}, inhibited by nothing`)
    },
    { withinMs: deadlineMs(arrival), remedy: 'look at inhibit_rules', signal: run.signal },
  )
  return value
}
