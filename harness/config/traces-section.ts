import { z } from 'zod'

/** Where the telemetry says what leads from one signal to another, and how spans are counted on their way. */
export const tracesSection = z
  .strictObject({
    /** The attribute of a resource that names the app: `name` of the table of apps. */
    serviceAttribute: z.string().min(1).default('service.name'),
    /** The fields of a log line with the ids of its request's span. */
    logFields: z
      .strictObject({ traceId: z.string().min(1), spanId: z.string().min(1) })
      .default({ traceId: 'trace_id', spanId: 'span_id' }),
    /** The label of an exemplar with the id of its trace. */
    exemplarLabel: z.string().min(1).default('trace_id'),
    /** Counters of an app's metrics page: spans that ended, and what became of them. */
    counters: z
      .strictObject({
        ended: z.string().min(1),
        exported: z.string().min(1),
        dropped: z.string().min(1),
      })
      .default({
        ended: 'otel_spans_ended_total',
        exported: 'otel_spans_exported_total',
        dropped: 'otel_spans_dropped_total',
      }),
    /** The exporter of the collector that sends spans to the trace store. */
    collectorExporter: z.string().min(1).default('otlp_http/tempo'),
  })
  .prefault({})
