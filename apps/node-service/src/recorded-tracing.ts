import { setTimeout as delay } from 'node:timers/promises'
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { ExportResultCode } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions'
import { callSpanEnd, requestSpanEnd, type SpanEnd } from './span-attributes.ts'
import { SpanCounts } from './span-counts.ts'
import type { RequestSpan, Tracing } from './spans.ts'
import { readTraceparent, type TraceContext, writeTraceparent } from './trace-context.ts'
import type { SamplerName, TracingSettings } from './tracing-settings.ts'

/** A part of the time that a service has to end in: a collector that cannot be reached would be tried for longer. */
const closeWithinMs = 2_000

const troubleIsSaidEveryMs = 60_000

const samplers: Readonly<Record<SamplerName, (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
}

/** Traces whose spans are recorded by OpenTelemetry's SDK and exported in batches, beside the requests. */
export function traceWithRecording(settings: TracingSettings): Tracing {
  const { serviceName, endpoint, propagates, sampler } = settings
  const counts = new SpanCounts()
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ ...settings.resourceAttributes, [ATTR_SERVICE_NAME]: serviceName }),
    ),
    sampler: samplers[sampler.name](sampler.ratio),
    spanProcessors:
      endpoint === undefined ? [] : [counts.processor, batchProcessor(settings, endpoint, counts)],
  })
  const tracer = provider.getTracer('signalproof/node-service')

  const openRequest = (traceparent: string | undefined, startedAtMs: number): RequestSpan => {
    const caller = propagates ? readTraceparent(traceparent) : undefined
    const around = caller === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote(caller))
    // Its name is known when it has been routed.
    const span = tracer.startSpan('HTTP', { kind: SpanKind.SERVER, startTime: startedAtMs }, around)
    const within = trace.setSpan(ROOT_CONTEXT, span)
    return {
      trace: contextOf(span),
      isExported: endpoint !== undefined && span.isRecording(),
      openCall: (callStartedAtMs) => {
        const call = tracer.startSpan('GET', { kind: SpanKind.CLIENT, startTime: callStartedAtMs }, within)
        return {
          headers: propagates ? { traceparent: writeTraceparent(contextOf(call)) } : {},
          end: (ended) => endSpan(call, callSpanEnd(ended), ended.endedAtMs),
        }
      },
      end: (request) => endSpan(span, requestSpanEnd(request), request.endedAtMs),
    }
  }

  return {
    openRequest,
    counters: endpoint === undefined ? [] : counts.counters,
    // What fails here has been said and counted where it failed.
    flush: () => provider.forceFlush().catch(() => {}),
    close: async () => {
      await Promise.race([
        provider.shutdown().catch(() => {}),
        delay(closeWithinMs, undefined, { ref: false }),
      ])
    },
  }
}

function batchProcessor({ serviceName, batch }: TracingSettings, endpoint: URL, counts: SpanCounts) {
  return new BatchSpanProcessor({
    exporter: sayTrouble(new OTLPTraceExporter({ url: endpoint.href }), serviceName, endpoint, counts),
    scheduledDelayMillis: batch.scheduleDelayMs,
    maxQueueSize: batch.maxQueueSize,
    maxExportBatchSize: batch.maxExportBatchSize,
    selfObsMeterProvider: counts.meterProvider,
  })
}

/** Says on standard error, now and then, that spans do not arrive: the requests themselves show nothing of it. */
function sayTrouble(
  exporter: SpanExporter,
  serviceName: string,
  { origin, pathname }: URL,
  counts: SpanCounts,
): SpanExporter {
  let saidAtMs = Number.NEGATIVE_INFINITY
  const say = async (why: string) => {
    if (performance.now() - saidAtMs < troubleIsSaidEveryMs) return
    saidAtMs = performance.now()
    const dropped = await counts.dropped
    process.stderr.write(
      `${serviceName}: ${origin}${pathname} did not take spans: ${why}; ${dropped} were given up since the start\n`,
    )
  }
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        done(result)
        if (result.code !== ExportResultCode.SUCCESS) void say(result.error?.message || 'no reason was given')
      }),
    forceFlush: async () => await exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}

function endSpan(span: Span, { name, attributes, isError }: SpanEnd, endedAtMs: number): void {
  span.updateName(name).setAttributes(attributes)
  if (isError) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(endedAtMs)
}

function contextOf(span: Span): TraceContext {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return { traceId, spanId, flags: traceFlags.toString(16).padStart(2, '0') }
}

function remote({ traceId, spanId, flags }: TraceContext) {
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}
