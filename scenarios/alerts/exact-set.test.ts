import {
  claim,
  deadlineMs,
  epochMs,
  expect,
  found,
  keyOf,
  notificationArrival,
  notYet,
} from '../../harness/test.ts'
import { expectedOfFaults, expectedOfOutages, lastErrorAt } from '../stories/expected-alerts.ts'

/** The whole alert set is the expectation: whatever else fired or was pending, at any time of the run, breaks it. */

claim('alerts.exact-set', async ({ run, holds, looked, keep }) => {
  const expected = await expectedOfFaults(run)
  const expectedKeys = expected.map(keyOf).sort()
  // An alert that the last error set off would be here within the time of one notification.
  const completeAt =
    (await lastErrorAt(run)) + deadlineMs(await notificationArrival(run, run.config.alerts.logBurst))
  await holds(
    'no alert but the expected ones',
    async () => {
      const unexpected = (await run.alertWatch.alerts())
        .map(keyOf)
        .filter((key) => !expectedKeys.includes(key))
      return unexpected.length === 0 ? found(0) : notYet(unexpected.join(', '))
    },
    Math.max(0, completeAt - epochMs()),
  )
  const alerts = await run.alertWatch.alerts()
  looked()
  keep('alerts-seen.json', JSON.stringify(alerts, null, 2))
  run.record.write({ kind: 'alerts', expected, seen: alerts })
  expect(alerts.map(keyOf), 'alerts that were there from the baseline to the end').toEqual(expectedKeys)
})

claim('alerts.exact-set-of-outages', async ({ run, looked, keep }) => {
  const expected = [...(await expectedOfFaults(run)), ...(await expectedOfOutages(run))]
  const alerts = await run.alertWatch.alerts()
  looked()
  keep('alerts-seen.json', JSON.stringify(alerts, null, 2))
  run.record.write({ kind: 'alerts', expected, seen: alerts })
  expect(alerts.map(keyOf), 'alerts that were there from the baseline to the end of the last outage').toEqual(
    expected.map(keyOf).sort(),
  )
})
