import {
  claim,
  expect,
  expectedSpans,
  found,
  notYet,
  serverSpanFault,
  traceArrival,
} from '../../harness/test.ts'
import { sixErrors } from '../stories/six-errors.ts'

claim('traces.failure-marked', async ({ run, within }) => {
  const { app, failed } = await sixErrors(run)
  expect(failed.length, 'requests that failed').toBe(6)
  const good = run.traffic.ledger
    .of(app.name)
    .findLast(({ status, doneAt }) => status === 200 && doneAt <= (failed[0]?.doneAt ?? 0))
  if (good === undefined) throw new Error('expected a good request before the failed ones, seen: none')
  for (const sent of [...failed, good]) {
    const { method, route, status } = sent
    const expected = expectedSpans(app.name, { method, route, status: status ?? 0 })
    await within(
      `the span of request ${sent.requestId} (${status}) marked as it should be`,
      async (signal) => {
        const spans = await run.tempo.trace(sent.traceId, signal)
        const fault = serverSpanFault(expected, spans, run.config.traces.serviceAttribute)
        return fault === null ? found(spans) : notYet(fault)
      },
      await traceArrival(run, 'known'),
    )
  }
})
