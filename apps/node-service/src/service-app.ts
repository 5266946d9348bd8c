import express, { type Express, type RequestHandler } from 'express'
import type { Registry } from 'prom-client'
import { writeExposition } from './exposition.ts'
import { answerError, answerNotFound, answerOnly } from './problem.ts'
import { contextOf, openContext } from './request-context.ts'
import { requestLine, type WriteLine, writeToStdout } from './request-log.ts'
import { RequestMetrics, type ServedRoute, unmatchedRoute } from './request-metrics.ts'
import type { Tracing } from './spans.ts'
import { writeTraceparent } from './trace-context.ts'
import { traceWithoutRecording } from './tracing.ts'
import { nowMs } from './utc-time.ts'

/** An Express app with what every service has, and the means to end it in good order. */
export interface ServiceApp {
  readonly app: Express
  /** Turns /readyz to 503 and answers when no request is in flight any more and all spans have been sent. */
  readonly drain: () => Promise<void>
}

export interface ServiceParts {
  /** One entry a route. */
  readonly routes: readonly ServedRoute[]
  /** Adds the service's own routes. `stopping` is aborted at shutdown: whoever waits for something then gives up. */
  readonly addRoutes: (app: Express, parts: { registry: Registry; stopping: AbortSignal }) => void
  readonly writeLine?: WriteLine
  /** Without it, requests have ids and no spans. */
  readonly tracing?: Tracing
}

/**
 * Health, readiness and metrics (neither counted nor logged); for every other request one count, one log line and
 * one span, all done before the first byte of the response goes out.
 */
export function createServiceApp({
  routes,
  addRoutes,
  writeLine = writeToStdout,
  tracing = traceWithoutRecording(),
}: ServiceParts): ServiceApp {
  const metrics = new RequestMetrics([...routes, ...otherAnswers(routes)])
  for (const counter of tracing.counters) metrics.registry.registerMetric(counter)
  const stopping = new AbortController()
  const inFlight = new Set<object>()
  const idle = Promise.withResolvers<void>()
  const settle = () => {
    if (stopping.signal.aborted && inFlight.size === 0) idle.resolve()
  }

  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple')
  app.enable('strict routing').enable('case sensitive routing')
  // No answer here has a validator, so a 304 would be a status that no metric expects.
  Object.defineProperty(app.request, 'fresh', { value: false })
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', (_request, response) => {
    if (stopping.signal.aborted) response.status(503).json({ status: 'shutting down' })
    else response.json({ status: 'ready' })
  })
  app.get('/metrics', async (request, response) => {
    const { contentType, text } = await writeExposition(metrics.registry, request.headers.accept)
    response.vary('Accept').type(contentType).send(text)
  })

  app.use((_request, response, next) => {
    inFlight.add(response)
    response.once('close', () => {
      inFlight.delete(response)
      settle()
    })
    next()
  })
  app.use(recordRequests(metrics, writeLine, tracing))
  addRoutes(app, { registry: metrics.registry, stopping: stopping.signal })
  for (const { route, method } of routes)
    app.all(route, answerOnly(...(method === 'GET' ? ['GET', 'HEAD'] : [method])))
  app.use(answerNotFound)
  app.use(answerError)

  const drain = async () => {
    stopping.abort()
    settle()
    // A request that never ends shall not keep back the spans of those that have.
    void tracing.flush()
    await idle.promise
    await tracing.close()
  }
  return { app, drain }
}

/** What a GET is answered besides: 405 where a route has no GET, 400 and 404 where there is no route. */
function otherAnswers(routes: readonly ServedRoute[]): ServedRoute[] {
  const withoutGet = routes.filter(({ method }) => method !== 'GET')
  return [
    ...withoutGet.map(({ route }) => ({ method: 'GET', route, statuses: [405] })),
    { method: 'GET', route: unmatchedRoute, statuses: [400, 404] },
  ]
}

function recordRequests(metrics: RequestMetrics, writeLine: WriteLine, tracing: Tracing): RequestHandler {
  return (request, response, next) => {
    const { arrivedAtMs, requestId, span, trace } = openContext(request, response, tracing)
    response.setHeader('X-Request-Id', requestId)
    response.setHeader('traceparent', writeTraceparent(trace))

    const end = response.end
    let recorded = false
    const record = () => {
      if (recorded) return
      recorded = true
      const endedAtMs = nowMs()
      const answered = {
        method: request.method,
        route: String(request.route?.path ?? unmatchedRoute),
        target: request.originalUrl,
        status: response.statusCode,
        durationSeconds: (endedAtMs - arrivedAtMs) / 1000,
      }
      metrics.count(answered, span.isExported ? trace : undefined)
      writeLine(requestLine(endedAtMs, answered, contextOf(response)))
      span.end({ ...answered, requestId, host: request.headers.host, endedAtMs })
    }
    // 'finish' comes after the last byte: a client could then look for a line or a count that is not there yet.
    response.end = ((...rest: Parameters<typeof end>) => {
      record()
      return end.apply(response, rest)
    }) as typeof end
    response.once('close', record)
    next()
  }
}
