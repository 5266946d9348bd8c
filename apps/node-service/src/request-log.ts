import type { AnsweredRequest } from './answered-request.ts'
import type { RequestContext } from './request-context.ts'
import { utcText } from './utc-time.ts'

/** Takes one whole line without its end. */
export type WriteLine = (line: string) => void

/** Standard output; Node writes to files and pipes at once, without a buffer of its own. */
export const writeToStdout: WriteLine = (line) => {
  process.stdout.write(`${line}\n`)
}

/** The one line of a request. Its fields and their order are what the collector and the alert rules are written for. */
export function requestLine(atMs: number, request: AnsweredRequest, context: RequestContext): string {
  const status = context.loggedStatus ?? request.status
  return JSON.stringify({
    time: utcText(atMs),
    level: levelOf(status),
    msg: 'request',
    method: request.method,
    route: request.route,
    ...targetParts(request.target),
    status,
    duration_seconds: request.durationSeconds,
    request_id: context.requestId,
    trace_id: context.trace.traceId,
    span_id: context.trace.spanId,
  })
}

/** What stands before and after the question mark of a request's target. */
export function targetParts(target: string): { path: string; query: string } {
  const queryAt = target.indexOf('?')
  if (queryAt === -1) return { path: target, query: '' }
  return { path: target.slice(0, queryAt), query: target.slice(queryAt + 1) }
}

function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status < 400) return 'info'
  return status < 500 ? 'warn' : 'error'
}
