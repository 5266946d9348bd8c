import { deadlineMs, eventually, found, notYet, outageArrival, type Run } from '../../harness/test.ts'

/** An alert that has reached Alertmanager and is muted there by another one. */
export async function seenInhibited(run: Run, alert: string, matchers: readonly string[] = []) {
  const { value } = await eventually(
    `${alert} at Alertmanager, inhibited`,
    async (signal) => {
      const [ticket] = await run.alertmanager.alerts([`alertname="${alert}"`, ...matchers], signal)
      if (ticket === undefined) return notYet(`Alertmanager has no ${[alert, ...matchers].join(' ')}`)
      return ticket.status.inhibitedBy.length > 0
        ? found(ticket)
        : notYet(`${alert} is ${ticket.status.state}, inhibited by nothing`)
    },
    {
      withinMs: deadlineMs(await outageArrival(run, alert)),
      remedy: 'look at inhibit_rules',
      signal: run.signal,
    },
  )
  return value
}
