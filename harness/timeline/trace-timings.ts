import { getAtPath, isMap } from '../config/document-path.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { allowanceMs } from './allowances.ts'
import { durationMs } from './configured-duration.ts'

/** Every interval between the end of a span and the moment at which the trace store finds it, read out of configurations. */
export interface TraceTimings {
  /** What a hop may take on top of what the configuration allows: for the work itself, in this environment. */
  readonly allowanceMs: number
  /** How long an app keeps what has ended before it exports it; of all apps the longest. */
  readonly scheduleDelayMs: number
  /** How long the collector keeps what it took in before it sends it. */
  readonly collectorFlushMs: number
  /** How long a trace has to get no span before the store makes it searchable. */
  readonly traceIdleMs: number
  /** How often the store looks for such traces. */
  readonly flushCheckMs: number
  /** How long a search overlooks what is newer. */
  readonly searchCutoffMs: number
}

/** The parsed configurations that they are read from, whoever answered with them. */
export interface TraceTimingSources {
  /** The environment of each app, as far as it is known. */
  readonly apps: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly collector: unknown
  readonly tempo: unknown
  /** The exporter of the collector that sends spans. */
  readonly exporter: string
}

/** What the OpenTelemetry specification gives an app that is told nothing. */
const defaultScheduleDelayMs = 5_000

/** Reads all of them. @param perHopMs the allowance of each hop @throws SignalproofError CONFIG_INVALID naming the setting that is no duration */
export function readTraceTimings(
  { apps, collector, tempo, exporter }: TraceTimingSources,
  perHopMs: number = allowanceMs,
): TraceTimings {
  const isThird = isMap(getAtPath(tempo, 'live_store'))
  return {
    allowanceMs: perHopMs,
    scheduleDelayMs: Math.max(
      ...Object.entries(apps).map(([app, settings]) => scheduleDelayMs(app, settings)),
    ),
    collectorFlushMs:
      durationMs(collector, `exporters.${exporter}.sending_queue.batch.flush_timeout`, 'collector', '200ms') +
      batchProcessorsMs(collector),
    // Version 3 has a live store in the place of version 2's ingester.
    traceIdleMs: isThird
      ? durationMs(tempo, 'live_store.max_trace_idle', 'tempo', '5s')
      : durationMs(tempo, 'ingester.trace_idle_period', 'tempo', '10s'),
    flushCheckMs: durationMs(
      tempo,
      isThird ? 'live_store.flush_check_period' : 'ingester.flush_check_period',
      'tempo',
      isThird ? '5s' : '10s',
    ),
    searchCutoffMs: durationMs(tempo, 'query_frontend.query_end_cutoff', 'tempo', isThird ? '30s' : 0),
  }
}

function scheduleDelayMs(app: string, settings: Readonly<Record<string, unknown>>): number {
  const delay = settings.OTEL_BSP_SCHEDULE_DELAY
  if (delay === undefined || delay === '') return defaultScheduleDelayMs
  if (/^\d+$/.test(String(delay))) return Number(delay)
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'a whole number of milliseconds',
    seen: JSON.stringify(delay),
    where: `${app}: OTEL_BSP_SCHEDULE_DELAY`,
    remedy: 'write it without a unit, as the OpenTelemetry specification has it',
  })
}

/** Batch processors on the way of spans hold them, each for its own time. */
function batchProcessorsMs(collector: unknown): number {
  const pipelines = getAtPath(collector, 'service.pipelines')
  const ofTraces = isMap(pipelines)
    ? Object.entries(pipelines).filter(([name]) => /^traces(\/|$)/.test(name))
    : []
  const perPipeline = ofTraces.map(([, pipeline]) => {
    const processors = (getAtPath(pipeline, 'processors') ?? []) as unknown[]
    return processors
      .filter((name): name is string => typeof name === 'string' && /^batch(\/|$)/.test(name))
      .reduce(
        (sum, name) => sum + durationMs(collector, `processors.${name}.timeout`, 'collector', '200ms'),
        0,
      )
  })
  return Math.max(0, ...perPipeline)
}
