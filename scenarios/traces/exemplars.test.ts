import { answerMs, claim, exemplarFault, expect, found, notYet, traceArrival } from '../../harness/test.ts'
import { followedRequests } from '../stories/followed-requests.ts'

claim('traces.exemplar-leads-to-trace', async ({ run, within, note }) => {
  const { readyAt } = await run.started()
  await followedRequests(run)
  const { metrics, logs, traces } = run.config
  const { scrapeIntervalMs, scrapeTimeoutMs, allowanceMs } = await run.timings()
  for (const { name: app } of run.config.apps) {
    const ofApp = () => new Map(run.traffic.ledger.of(app).map((sent) => [sent.traceId, sent]))
    const query = `${metrics.durationHistogram}_bucket{namespace="${logs.namespace}", app="${app}"}`
    const { exemplar, sent } = await within(
      `an exemplar of ${query} of a request that we sent`,
      async (signal) => {
        const exemplars = await run.prometheus.exemplars(query, {
          fromMs: readyAt - 60_000,
          toMs: readyAt + 3_600_000,
          signal,
        })
        const requests = ofApp()
        const ours = exemplars.flatMap((one) => {
          const request = requests.get(one.labels[traces.exemplarLabel] ?? '')
          return request === undefined ? [] : [{ exemplar: one, sent: request }]
        })
        const newest = ours.toSorted((a, b) => a.exemplar.atMs - b.exemplar.atMs).at(-1)
        return newest === undefined
          ? notYet(`${exemplars.length} exemplars, none of one of ${requests.size} requests that we sent`)
          : found(newest)
      },
      { worstCaseMs: scrapeIntervalMs + scrapeTimeoutMs, allowanceMs: allowanceMs + answerMs },
    )
    const judge = (spans: Awaited<ReturnType<typeof run.tempo.trace>>) =>
      exemplarFault({
        exemplar,
        app,
        answeredInMs: sent.doneAt - sent.sentAt,
        edgesSeconds: metrics.durationEdgesSeconds ?? [],
        spans,
        serviceAttribute: traces.serviceAttribute,
      })
    await within(
      `the exemplar ${JSON.stringify(exemplar)} of ${app} to lead to its span`,
      async (signal) => {
        const fault = judge(await run.tempo.trace(sent.traceId, signal))
        return fault === null ? found(exemplar) : notYet(fault)
      },
      await traceArrival(run, 'known'),
    )
    note(`${app}: ${exemplar.value} s leads to trace ${sent.traceId}`)
  }
  expect(run.config.apps.length, 'apps with a histogram').toBeGreaterThan(0)
})
