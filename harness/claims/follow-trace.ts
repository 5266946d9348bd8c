import type { Exercise, WatchedApp } from '../config/config-schema.ts'
import { eventually, found, notYet } from '../core/eventually.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { type ComparedTrace, compareTrace, type SeenTrace, type TraceFault } from '../traces/compare-trace.ts'
import { describeFault, type Surroundings } from '../traces/describe-fault.ts'
import { type ExpectedSpan, expectedSpans } from '../traces/expected-spans.ts'
import { describeCounts, type SpanCounts, spansStopAt } from '../traces/span-accounts.ts'
import { newTraceparent } from '../traffic/good-traffic.ts'
import type { SentRequest } from '../traffic/request-ledger.ts'
import type { ClaimWork } from './claim-work.ts'
import { deadlineMs, lineArrival } from './deadlines.ts'
import { traceArrival } from './live-trace-timings.ts'
import type { Run } from './run.ts'
import { readSpanCounts } from './span-counts.ts'

/** Follows a request by the trace that it was sent in: its spans are known before it is sent, and its id is, too. */

export interface FollowedRequest {
  readonly app: string
  readonly sent: SentRequest
  /** The span that the client named as its own: the parent of the app's. */
  readonly senderId: string
  readonly expected: ExpectedSpan
}

/** Sends a request of the table in a trace of its own. */
export async function sendInTrace(
  run: Run,
  { name }: Pick<WatchedApp, 'name'>,
  exercise: Exercise,
): Promise<FollowedRequest> {
  const traceparent = newTraceparent()
  const [, , senderId = ''] = traceparent.split('-')
  const { sent } = await run.traffic.request(name, exercise, { traceparent })
  return { app: name, sent, senderId, expected: expectedSpans(name, exercise) }
}

/** A trace of which every expected span is there, and no other. */
export type WholeTrace = ComparedTrace & { readonly traceId: string }

/**
 * Waits until the trace of a request has exactly its spans.
 * @param continuing the apps that were seen to continue a trace which a client sent
 * @throws SignalproofError CLAIM_BROKEN that names the first hop which is missing or wrong
 */
export async function followTrace(
  { run, within }: ClaimWork,
  request: FollowedRequest,
  continuing: ReadonlySet<string> = new Set(),
): Promise<WholeTrace> {
  const { traceId } = request.sent
  let last: { trace: SeenTrace; compared: ComparedTrace } | undefined
  try {
    return await within(
      `the spans of request ${request.sent.requestId} in Tempo`,
      async (signal) => {
        const trace = {
          spans: await run.tempo.trace(traceId, signal),
          senderId: request.senderId,
          serviceAttribute: run.config.traces.serviceAttribute,
        }
        const compared = compareTrace(request.expected, trace)
        last = { trace, compared }
        if (compared.fault === null) return found({ ...compared, traceId })
        return notYet(
          describeFault({ ...compared, fault: compared.fault }, request.expected, trace, null).seen,
        )
      },
      await traceArrival(run, 'known'),
    )
  } catch (thrown) {
    run.signal.throwIfAborted()
    if (last === undefined || last.compared.fault === null) throw thrown
    throw await brokenTrace(run, request, continuing, { ...last, fault: last.compared.fault })
  }
}

async function brokenTrace(
  run: Run,
  request: FollowedRequest,
  continuing: ReadonlySet<string>,
  { trace, compared, fault }: { trace: SeenTrace; compared: ComparedTrace; fault: TraceFault },
): Promise<SignalproofError> {
  const around = fault.kind === 'missing' ? await surroundingsOf(run, request, fault, continuing) : null
  return new SignalproofError('CLAIM_BROKEN', {
    ...describeFault({ pairs: compared.pairs, fault }, request.expected, trace, around),
    remedy:
      "look at OTEL_PROPAGATORS and OTEL_EXPORTER_OTLP_ENDPOINT of the app that is named, and at the collector's pipeline `traces`",
  })
}

async function surroundingsOf(
  run: Run,
  { sent }: FollowedRequest,
  { expected, parent }: Extract<TraceFault, { kind: 'missing' }>,
  continuing: ReadonlySet<string>,
): Promise<Surroundings> {
  const { requestId, traceId } = sent
  const line = await lineOf(run, expected.app, sent).catch((thrown: unknown) =>
    thrown instanceof SignalproofError && thrown.code === 'WAIT_TIMEOUT' ? null : undefined,
  )
  const isElsewhere = line !== null && line !== undefined && line.traceId !== traceId
  const stray = isElsewhere
    ? ((await run.tempo.trace(line.traceId).catch(() => [])).find(({ id }) => id === line.spanId) ?? null)
    : null
  return {
    requestId,
    traceId,
    line,
    stray,
    continuesTraces: parent === null || !continuing.has(expected.app) ? null : true,
    lostAt: await readSpanCounts(run).then(whereSpansAre, () => null),
  }
}

const whereSpansAre = (counts: SpanCounts): string =>
  [spansStopAt(counts), describeCounts(counts)].filter((words) => words !== null).join('. ')

/** What an app's line of a request says of its trace, once it has arrived. @throws SignalproofError WAIT_TIMEOUT where none does */
async function lineOf(
  run: Run,
  app: string,
  { requestId, sentAt, doneAt }: SentRequest,
): Promise<{ traceId: string; spanId: string }> {
  const { namespace, fields } = run.config.logs
  const { traceId, spanId } = run.config.traces.logFields
  const arrival = await lineArrival(run)
  const query = `{namespace="${namespace}", app="${app}"} | json id="${fields.requestId}", trace="${traceId}", span="${spanId}" | id="${requestId}"`
  const { value } = await eventually(
    `the line of request ${requestId}`,
    async (signal) => {
      const [line] = await run.loki.lines(query, { fromMs: sentAt - 1000, toMs: doneAt + 60_000, signal })
      return line === undefined ? notYet('no line') : found(line)
    },
    { withinMs: deadlineMs(arrival), remedy: 'look at the log of the collector', signal: run.signal },
  )
  return { traceId: value.labels.trace ?? 'none', spanId: value.labels.span ?? 'none' }
}
