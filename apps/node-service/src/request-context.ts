import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Response } from 'express'
import type { RequestSpan, Tracing } from './spans.ts'
import type { TraceContext } from './trace-context.ts'
import { nowMs } from './utc-time.ts'

/** What is known of a request from its head on. */
export interface RequestContext {
  /** Epoch milliseconds with a fraction. */
  readonly arrivedAtMs: number
  readonly requestId: string
  readonly span: RequestSpan
  /** The ids of the span. */
  readonly trace: TraceContext
  /** Set by a fault that lies: the status that the log line shall say. */
  loggedStatus?: number
}

const contexts = new WeakMap<object, RequestContext>()

/** To be called when the head has been read. */
export function openContext(request: IncomingMessage, response: Response, tracing: Tracing): RequestContext {
  const { 'x-request-id': sent, traceparent } = request.headers
  const arrivedAtMs = nowMs()
  const span = tracing.openRequest(typeof traceparent === 'string' ? traceparent : undefined, arrivedAtMs)
  const context: RequestContext = {
    arrivedAtMs,
    requestId: typeof sent === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(sent) ? sent : randomUUID(),
    span,
    trace: span.trace,
  }
  contexts.set(response, context)
  return context
}

/** The context of the request that this response answers. */
export function contextOf(response: Response): RequestContext {
  const context = contexts.get(response)
  if (context === undefined) throw new Error('the request was not opened by the service')
  return context
}
