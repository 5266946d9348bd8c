import type { Tracing } from './spans.ts'
import { continueTrace, writeTraceparent } from './trace-context.ts'
import type { TracingSettings } from './tracing-settings.ts'

/**
 * Traces as they are where nobody collects them: requests have ids, and calls carry the request's own, because no span
 * of a call would ever be found.
 */
export function traceWithoutRecording(propagates = true): Tracing {
  return {
    openRequest: (traceparent) => {
      const trace = continueTrace(propagates ? traceparent : undefined)
      const headers = propagates ? { traceparent: writeTraceparent(trace) } : {}
      return { trace, isExported: false, openCall: () => ({ headers, end: () => {} }), end: () => {} }
    },
    counters: [],
    flush: async () => {},
    close: async () => {},
  }
}

/** Traces as the settings want them. The SDK is only loaded where there is something for it to do. */
export async function startTracing(settings: TracingSettings): Promise<Tracing> {
  if (settings.endpoint === undefined && settings.sampler.isDefault) {
    return traceWithoutRecording(settings.propagates)
  }
  const { traceWithRecording } = await import('./recorded-tracing.ts')
  return traceWithRecording(settings)
}
