import { answerMs, claim, epochMs, expect, found, lineArrival, notYet } from '../../harness/test.ts'
import { census, expectSameCounts } from '../stories/census.ts'

claim('logs.stored', async ({ run, within, looked }) => {
  await run.started()
  const app = run.appUnderTest('ticket')
  const address = run.app(app.name)
  const [exercise = app.good[0]] = app.otherAnswers
  if (exercise === undefined)
    throw new Error('expected an example request in signalproof.config.ts, seen: none')
  const sentAt = epochMs()
  const { requestId } = await run.traffic.request(app.name, exercise)
  const { namespace, streamLabels } = run.config.logs
  const range = { fromMs: sentAt - 60_000, toMs: sentAt + 60_000 }
  const lines = await within(
    `the line of request ${requestId} in Loki`,
    async (signal) => {
      const seen = await run.loki.lines(`{namespace=~".+"} |= \`"${requestId}"\``, { ...range, signal })
      return seen.length > 0
        ? found(seen)
        : notYet(
            `no line of ${requestId}; streams there: ${JSON.stringify(await run.loki.series('{namespace=~".+"}', { ...range, signal }))}`,
          )
    },
    { ...(await lineArrival(run)), lastLookMs: answerMs },
  )
  expect(lines.length, `lines of request ${requestId}`).toBe(1)
  looked()
  // From that line on: the pods of a deploy a moment before had streams, too.
  const since = { ...range, fromMs: lines[0]?.atMs ?? sentAt }
  const series = await run.loki.series(`{namespace="${namespace}", app="${app.name}"}`, since)
  expect(series, `the streams of ${app.name}`).toEqual([
    { namespace, app: app.name, pod: address.pod, container: address.container },
  ])
  expect(Object.keys(series[0] ?? {}).sort(), 'stream labels').toEqual([...streamLabels].sort())
})

claim('logs.counted-once', async ({ run, note, looked }) => {
  const { loki, ...counts } = await census(run)
  if (loki.status === 'rejected') throw loki.reason
  looked()
  const lines = expectSameCounts(counts, loki.value, 'Loki')
  note(`${lines} lines in Loki, one for every request`)
})
