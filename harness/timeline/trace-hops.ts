import type { TraceTimings } from './trace-timings.ts'

/**
 * The hops of one span, from the answered request to the search that finds it. Each hop's worst case is a formula over the
 * configuration, with the source it is taken from.
 */

export const traceHopNames = ['ended', 'exported', 'sent', 'known', 'searchable'] as const
export type TraceHopName = (typeof traceHopNames)[number]

export interface TraceHop {
  readonly name: TraceHopName
  readonly formula: string
  readonly source: string
  /** The part of the worst case that each setting is to blame for. */
  readonly terms: (timings: TraceTimings) => readonly { readonly setting: string; readonly ms: number }[]
}

export const traceHops: readonly TraceHop[] = [
  {
    name: 'ended',
    formula: '0: an app ends its span before the first byte of the answer',
    source: "the apps' contract",
    terms: () => [],
  },
  {
    name: 'exported',
    formula: 'OTEL_BSP_SCHEDULE_DELAY, of all apps the longest',
    source:
      'the batch span processor exports what has ended once a delay, or sooner where a batch is full (OpenTelemetry specification, trace SDK)',
    terms: ({ scheduleDelayMs }) => [{ setting: 'OTEL_BSP_SCHEDULE_DELAY', ms: scheduleDelayMs }],
  },
  {
    name: 'sent',
    formula: 'flush_timeout, and the timeout of every batch processor of the pipeline',
    source: 'OpenTelemetry Collector: exporterhelper, sending_queue.batch; batchprocessor',
    terms: ({ collectorFlushMs }) => [{ setting: 'flush_timeout', ms: collectorFlushMs }],
  },
  {
    name: 'known',
    formula: '0: Tempo answers by id from what it holds in memory',
    source: 'Tempo modules/ingester: a trace is looked for among the live ones first',
    terms: () => [],
  },
  {
    name: 'searchable',
    formula: 'trace_idle_period (max_trace_idle) + flush_check_period + query_end_cutoff',
    source:
      'a search reads what is written, not what is live: every check writes the traces that have been idle (Tempo modules/ingester; modules/livestore in version 3)',
    terms: ({ traceIdleMs, flushCheckMs, searchCutoffMs }) => [
      { setting: 'trace_idle_period', ms: traceIdleMs },
      { setting: 'flush_check_period', ms: flushCheckMs },
      { setting: 'query_end_cutoff', ms: searchCutoffMs },
    ],
  },
]

/** From the answer of a request to the end of a hop: what the configuration allows, and an allowance for each hop. */
export function traceArrivalBy(
  last: TraceHopName,
  timings: TraceTimings,
): { readonly worstCaseMs: number; readonly allowanceMs: number } {
  const passed = traceHops.slice(0, traceHopNames.indexOf(last) + 1)
  const terms = passed.flatMap((hop) => hop.terms(timings))
  return {
    worstCaseMs: terms.reduce((sum, { ms }) => sum + ms, 0),
    allowanceMs: timings.allowanceMs * passed.length,
  }
}
