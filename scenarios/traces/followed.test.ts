import {
  answerMs,
  claim,
  epochMs,
  expect,
  followTrace,
  found,
  lineArrival,
  notYet,
  searchQuery,
  traceArrival,
} from '../../harness/test.ts'
import { followedRequests } from '../stories/followed-requests.ts'

claim('traces.followed', async (work) => {
  const requests = await followedRequests(work.run)
  work.disturbsNothingMore()
  const continuing = new Set<string>()
  for (const request of requests) {
    const { app, sent, expected } = request
    expect(sent.status, `the answer of ${app} to the request that is followed`).toBe(
      expected.attributes['http.response.status_code'],
    )
    const { pairs } = await followTrace(work, request, continuing)
    continuing.add(app)
    work.note(`${expected.name} of ${app}: ${pairs.length} ${pairs.length === 1 ? 'span' : 'spans'}`)
  }
  expect(
    requests.some(({ expected }) => expected.children.length > 0),
    'a request that makes its app ask another one',
  ).toBe(true)
})

claim('traces.searchable', async (work) => {
  const { run, within, looked } = work
  for (const request of await followedRequests(run)) {
    const { sent, expected } = request
    const { pairs } = await followTrace(work, request)
    const [first] = pairs
    // So narrow that few other requests are found beside it.
    const range = { fromMs: sent.sentAt, toMs: sent.doneAt, limit: 1_000 }
    const query = searchQuery(expected, run.config.traces.serviceAttribute)
    const hit = await within(
      `trace ${sent.traceId} found by ${query}`,
      async (signal) => {
        const traces = await run.tempo.search(query, { ...range, signal })
        const ours = traces.find(({ traceId }) => traceId === sent.traceId)
        return ours === undefined ? notYet(`${traces.length} traces, and not that one`) : found(ours)
      },
      { ...(await traceArrival(run, 'searchable')), lastLookMs: answerMs },
    )
    expect(hit.spanIds, `the spans that fit ${query}`).toEqual([first?.seen.id])

    // The same search finds it, so that whatever is not there would be found, too.
    for (const other of [
      { ...expected, app: `no-${expected.app}` },
      { ...expected, attributes: { ...expected.attributes, 'http.response.status_code': 599 } },
      { ...expected, attributes: { ...expected.attributes, 'http.route': '/not/there' } },
    ]) {
      looked()
      const nothing = searchQuery(other, run.config.traces.serviceAttribute)
      expect(await run.tempo.search(nothing, { ...range, signal: run.signal }), nothing).toEqual([])
    }
  }
})

claim('traces.logs-linked', async (work) => {
  const { run, within } = work
  const { namespace } = run.config.logs
  const { traceId, spanId } = run.config.traces.logFields
  for (const request of await followedRequests(run)) {
    const { pairs } = await followTrace(work, request)
    const hops = pairs
      .filter(({ expected }) => expected.kind === 'SERVER')
      .map(({ expected, seen }) => ({ app: expected.app, span: seen.id }))
    const query = `{namespace="${namespace}"} | json trace="${traceId}", span="${spanId}" | trace="${request.sent.traceId}"`
    const lines = await within(
      `the lines of trace ${request.sent.traceId} in Loki`,
      async (signal) => {
        const seen = await run.loki.lines(query, {
          fromMs: request.sent.sentAt - 1_000,
          toMs: epochMs() + 1_000,
          signal,
        })
        return seen.length >= hops.length ? found(seen) : notYet(`${seen.length} of ${hops.length} lines`)
      },
      { ...(await lineArrival(run)), lastLookMs: answerMs },
    )
    const inOrder = <Hop extends { app: string; span: string }>(list: readonly Hop[]) =>
      list.map(({ app, span }) => `${app} ${span}`).sort()
    expect(
      inOrder(lines.map(({ labels }) => ({ app: labels.app ?? '', span: labels.span ?? '' }))),
      'app and span that the lines of the trace name, against its SERVER spans',
    ).toEqual(inOrder(hops))
  }
})
