import { type PageSample, parseMetric, readMetric } from '../backends/metrics-page.ts'
import type { SignalproofConfig } from '../config/config-schema.ts'
import { eventually, found, notYet } from '../core/eventually.ts'
import { send } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { AppAddress, RunningEnvironment } from '../environments/contract.ts'
import { answerMs } from '../timeline/allowances.ts'
import {
  type AppSpans,
  countsSince,
  describeCounts,
  type ExpectedCount,
  isAtRest,
  type SpanCounts,
  spansPartAt,
} from '../traces/span-accounts.ts'
import type { RequestLedger } from '../traffic/request-ledger.ts'
import type { RunOnCluster } from './cluster.ts'
import { type TracedRun, traceArrival } from './live-trace-timings.ts'
import type { PodCounters } from './pod-counters.ts'

/** Asks every place on the way of spans what it has counted. */

/** As much of a run as its spans are counted by. */
export interface CountedRun extends TracedRun, RunOnCluster {
  readonly config: SignalproofConfig
  readonly environment: RunningEnvironment
  readonly traffic: { readonly ledger: RequestLedger }
  readonly signal: AbortSignal
}

type SpanCounter = keyof AppSpans
const spanCounters = ['ended', 'exported', 'dropped'] as const satisfies readonly SpanCounter[]

/** What each place has counted since it was started. @throws SignalproofError BACKEND_UNREACHABLE, BACKEND_BAD_ANSWER where an app does not count its spans */
export async function readSpanCounts(run: CountedRun): Promise<SpanCounts> {
  const { addresses, apps } = run.environment
  const exporter = run.config.traces.collectorExporter
  const [byApp, collector, tempo] = await Promise.all([
    Promise.all(apps.map(async (app) => [app.name, await spansOf(run, app)] as const)),
    pageOf('the collector', addresses.collectorMetrics),
    pageOf('tempo', addresses.tempo),
  ])
  const ofExporter = ({ labels }: PageSample) => labels.exporter === exporter
  return {
    apps: new Map(byApp),
    collector: {
      accepted: collector('otelcol_receiver_accepted_spans'),
      refused: collector('otelcol_receiver_refused_spans'),
      sent: collector('otelcol_exporter_sent_spans', ofExporter),
      failed:
        collector('otelcol_exporter_send_failed_spans', ofExporter) +
        collector('otelcol_exporter_enqueue_failed_spans', ofExporter),
    },
    store: {
      received: tempo('tempo_distributor_spans_received'),
      discarded: tempo('tempo_discarded_spans'),
    },
  }
}

/**
 * The same once nothing of an earlier run is on its way, or the time for it is over; null where it cannot be read, which
 * the claim about it says with its reason.
 */
export async function restingSpanCounts(run: CountedRun): Promise<SpanCounts | null> {
  let last: SpanCounts | null = null
  try {
    const { worstCaseMs, allowanceMs } = await traceArrival(run, 'known')
    await eventually(
      'no span on its way',
      async () => {
        last = await readSpanCounts(run)
        return isAtRest(last) ? found(last) : notYet(describeCounts(last))
      },
      {
        withinMs: worstCaseMs + allowanceMs,
        remedy: 'look at the log of the collector',
        signal: run.signal,
      },
    )
  } catch {
    run.signal.throwIfAborted()
  }
  return last
}

/** What the requests in the ledger stand for, by app: a span of each answer, and of each call that was made to get it. */
export const expectedSpanCounts = (run: CountedRun): Map<string, ExpectedCount> =>
  new Map(
    run.config.apps.map(({ name }) => {
      const answered = run.traffic.ledger.of(name).filter(({ status }) => status !== null).length
      return [name, { answered, called: run.traffic.ledger.causedBy(name).length }]
    }),
  )

/**
 * What each place has counted since the run began, once all have the same or the time for it is over; with the first place
 * where they part. Only meaningful while nobody sends a request.
 */
export async function settledSpanCounts(
  run: CountedRun & { started(): Promise<{ readonly spans: SpanCounts | null }> },
): Promise<{ counts: SpanCounts; partAt: string | null }> {
  const { spans: before } = await run.started()
  const look = async () => {
    const counts = countsSince(await readSpanCounts(run), before ?? nothingCounted)
    return { counts, partAt: spansPartAt(expectedSpanCounts(run), counts) }
  }
  const { worstCaseMs, allowanceMs } = await traceArrival(run, 'known')
  let last = await look()
  await eventually(
    'every place to have counted the same spans',
    async () => {
      last = await look()
      return last.partAt === null ? found(last) : notYet(last.partAt)
    },
    {
      withinMs: worstCaseMs + allowanceMs + answerMs,
      remedy: 'look at the log of the collector',
      signal: run.signal,
    },
    // Where they part is the claim's to judge.
  ).catch(() => run.signal.throwIfAborted())
  return last
}

const nothingCounted: SpanCounts = {
  apps: new Map(),
  collector: { accepted: 0, refused: 0, sent: 0, failed: 0 },
  store: { received: 0, discarded: 0 },
}

async function spansOf(run: CountedRun, { name, namespace, url, pods }: AppAddress): Promise<AppSpans> {
  const { counters } = run.config.traces
  if (pods !== undefined) {
    const counts = await (await spanCountersOf(run)).counts({ name, namespace, pods })
    return everyCounter(name, run, (counter) => counts.get(counter))
  }
  const samples = await Promise.all(
    spanCounters.map(async (counter) => [counter, await readMetric(name, url, counters[counter])] as const),
  )
  const counts = new Map(samples)
  return everyCounter(name, run, (counter) => sumOf(counts.get(counter) ?? []))
}

function everyCounter(
  app: string,
  { config: { traces } }: CountedRun,
  countOf: (counter: SpanCounter) => number | undefined,
): AppSpans {
  const read = (counter: SpanCounter): number => {
    const count = countOf(counter)
    if (count !== undefined) return count
    throw new SignalproofError('BACKEND_BAD_ANSWER', {
      expected: `${traces.counters[counter]} on the metrics page of ${app}`,
      seen: 'no such metric',
      remedy: `look at /metrics of ${app}, and at \`traces.counters\` in signalproof.config.ts`,
    })
  }
  return { ended: read('ended'), exported: read('exported'), dropped: read('dropped') }
}

/** Undefined where the page does not have the metric: a counter that is not there is no 0. */
const sumOf = (samples: readonly PageSample[]): number | undefined =>
  samples.length === 0 ? undefined : samples.reduce((sum, { value }) => sum + value, 0)

const spanCountersOf = (run: CountedRun): Promise<PodCounters<SpanCounter>> =>
  run.once('spans counted by pods', async () => {
    const [{ clusterOf }, { PodCounters: Counters }] = await Promise.all([
      import('./cluster.ts'),
      import('./pod-counters.ts'),
    ])
    const { api } = await clusterOf(run)
    return new Counters<SpanCounter>(api, (page) => spansOn(page, run.config.traces.counters))
  })

/** What one pod says of its spans; a counter that its page does not have is left out. */
export const spansOn = (
  page: string,
  names: Readonly<Record<SpanCounter, string>>,
): ReadonlyMap<SpanCounter, number> =>
  new Map(
    spanCounters.flatMap((counter) => {
      const sum = sumOf(parseMetric(page, names[counter]))
      return sum === undefined ? [] : [[counter, sum] as const]
    }),
  )

/** A page of the stack, read once: sums of its counters, which are 0 before they are first raised. */
async function pageOf(
  backend: string,
  url: string,
): Promise<(metric: string, isCounted?: (sample: PageSample) => boolean) => number> {
  const { status, data } = await send({
    backend,
    url: `${url}/metrics`,
    headers: { accept: 'text/plain' },
  })
  if (status !== 200 || typeof data !== 'string')
    throw new SignalproofError('BACKEND_BAD_ANSWER', {
      expected: `a metrics page of ${backend} at ${url}/metrics`,
      seen: `status ${status}`,
      remedy: `look at the log of ${backend}`,
    })
  return (metric, isCounted = () => true) =>
    // A counter's name ends in `_total` or not, as the configuration of its page says.
    [metric, `${metric}_total`]
      .flatMap((name) => parseMetric(data, name))
      .filter(isCounted)
      .reduce((sum, { value }) => sum + value, 0)
}
