import type { Counter } from 'prom-client'
import type { AnsweredRequest } from './answered-request.ts'
import type { TraceContext } from './trace-context.ts'

/** What a service says of its requests and calls, whoever makes spans of it. */

/** A request that the service has answered, as its span tells it. */
export interface TracedRequest extends AnsweredRequest {
  readonly requestId: string
  /** The Host header. */
  readonly host: string | undefined
  /** Epoch milliseconds with a fraction, as all times of spans. */
  readonly endedAtMs: number
}

/** A GET that the service has made itself. */
export interface TracedCall {
  readonly url: URL
  /** Either the status of the answer, or in one word why there was none (`ECONNREFUSED`, `timeout`). */
  readonly outcome: { readonly status: number } | { readonly failure: string }
  readonly endedAtMs: number
}

/** The span of a request that came in. */
export interface RequestSpan {
  readonly trace: TraceContext
  /** Whether the collector gets it: only then is there a trace to point at. */
  readonly isExported: boolean
  /** Begins the span of a call that is made to answer this request. */
  readonly openCall: (startedAtMs: number) => CallSpan
  readonly end: (request: TracedRequest) => void
}

export interface CallSpan {
  /** What the call has to carry, so that the called one continues the trace. */
  readonly headers: Readonly<Record<string, string>>
  readonly end: (call: TracedCall) => void
}

export interface Tracing {
  /** `traceparent` is the caller's header, as it came. */
  readonly openRequest: (traceparent: string | undefined, startedAtMs: number) => RequestSpan
  /** What became of the spans, for the service's /metrics. */
  readonly counters: readonly Counter[]
  /** Sends what has ended so far. Never rejects. */
  readonly flush: () => Promise<void>
  /** Sends the rest if that can be done within 2 s, and nothing after it. Never rejects. */
  readonly close: () => Promise<void>
}
