import {
  answerMs,
  claim,
  differences,
  expect,
  found,
  lineArrival,
  notYet,
  readAppLog,
} from '../../harness/test.ts'
import { sixErrors } from '../stories/six-errors.ts'

claim('logs.fault-agrees', async ({ run, within, looked, keep }) => {
  const { app, before, reports, failed } = await sixErrors(run)
  looked()
  expect(failed.length, 'errors that the client got').toBe(6)
  expect(
    reports.reduce((sum, { injected }) => sum + injected, 0),
    'errors that the fault switch says it made',
  ).toBe(6)

  const counted = await run.countedSinceStart(app.name)
  const key = `GET ${app.faultRoute} 500` as const
  expect((counted.get(key) ?? 0) - (before.counted.get(key) ?? 0), `errors that ${app.name} counted`).toBe(6)

  const lines = await within(
    `the line of each failed request in the log of ${app.name}`,
    async () => {
      const all = await readAppLog(run, app.name)
      const ids = new Set(all.map(({ requestId }) => requestId))
      const missing = failed.filter(({ requestId }) => !ids.has(requestId))
      return missing.length === 0
        ? found(all)
        : notYet(`no line of ${missing.map(({ requestId }) => requestId).join(', ')}`)
    },
    { worstCaseMs: 0, allowanceMs: answerMs },
  )
  keep(
    'app-lines.json',
    JSON.stringify(
      lines.filter(({ requestId }) => failed.some((request) => request.requestId === requestId)),
      null,
      2,
    ),
  )
  const logged = new Map(lines.map(({ requestId, status }) => [requestId, status]))
  const got = new Map(failed.map(({ requestId, status }) => [requestId, status ?? 0]))
  expect(
    differences(got, new Map([...got.keys()].map((id) => [id, logged.get(id) ?? 0]))),
    'status that the app logged, by request, against what the client got',
  ).toEqual([])
  expect(
    lines.filter(({ status, atMs }) => status >= 500 && atMs >= before.at).length,
    `lines with a server error that ${app.name} logged`,
  ).toBe(6)
})

claim('logs.fault-stored', async ({ run, hop, within }) => {
  const { app, before, failed, followed } = await sixErrors(run)
  await hop(followed.logged())
  await hop(followed.collected())
  await hop(followed.storedByEvaluation())
  const { namespace, fields } = run.config.logs
  const query = `{namespace="${namespace}", app="${app.name}"} | json status="${fields.status}", route="${fields.route}", request_id="${fields.requestId}" | status=~"5.."`
  const stored = await within(
    'all failing lines in Loki',
    async (signal) => {
      const lines = await run.loki.lines(query, {
        fromMs: before.at - 1000,
        toMs: before.at + 60_000,
        signal,
      })
      return lines.length >= failed.length
        ? found(lines)
        : notYet(`${lines.length} of ${failed.length} lines`)
    },
    await lineArrival(run),
  )
  expect(stored.map(({ labels }) => labels.request_id).sort(), 'request ids of the failing lines').toEqual(
    failed.map(({ requestId }) => requestId).sort(),
  )
  expect([...new Set(stored.map(({ labels }) => labels.route))], 'routes of the failing lines').toEqual([
    app.faultRoute,
  ])
})
