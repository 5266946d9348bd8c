import { type Attributes, createNoopMeter, type MeterProvider, TraceFlags } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions'
import { Counter } from 'prom-client'

/** How the batch processor counts the spans that it is done with; those with an `error.type` did not arrive. */
const processedSpans = 'otel.sdk.processor.span.processed'

/** What became of the sampled spans: those that ended and are neither exported nor dropped are still to be sent. */
export class SpanCounts {
  readonly #ended = counter('ended', 'Sampled spans that ended.')
  readonly #exported = counter('exported', 'Spans that the collector has taken.')
  readonly #dropped = counter(
    'dropped',
    'Spans given up: the queue was full or the collector did not take them.',
  )
  readonly counters: readonly Counter[] = [this.#ended, this.#exported, this.#dropped]

  get dropped(): Promise<number> {
    return this.#dropped.get().then(({ values }) => values[0]?.value ?? 0)
  }

  /** Stands before the batch processor. */
  readonly processor: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.#ended.inc()
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  }

  /** Takes what the batch processor tells of itself. */
  readonly meterProvider: MeterProvider = {
    getMeter: () => {
      const meter = createNoopMeter()
      const createCounter = meter.createCounter.bind(meter)
      meter.createCounter = (name, options) =>
        name === processedSpans ? { add: this.#done } : createCounter(name, options)
      return meter
    },
  }

  readonly #done = (spans: number, attributes?: Attributes): void => {
    if (attributes?.[ATTR_ERROR_TYPE] === undefined) this.#exported.inc(spans)
    else this.#dropped.inc(spans)
  }
}

function counter(what: string, help: string): Counter {
  return new Counter({ name: `otel_spans_${what}_total`, help, registers: [] })
}
