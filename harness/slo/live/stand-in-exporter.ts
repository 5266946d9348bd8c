import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Counter, Registry } from 'prom-client'
import { epochMs } from '../../core/clock.ts'
import type { BurnCase } from './burn-cases.ts'
import { failuresAmong, requestsAfter } from './whole-requests.ts'

/** Many services behind one metrics page: their counters say at every scrape what the clock has made of their rates. */
export interface StandInExporter extends AsyncDisposable {
  readonly port: number
  /** From now on the cases' parts of all requests fail. @returns the moment, epoch ms */
  beginErrors(): number
  /** From now on nothing fails. @returns the moment, epoch ms */
  endErrors(): number
}

/**
 * A counter that began at 0 within the window would be extrapolated less than its total: `rate` never looks below 0.
 * These have counted before.
 */
const countedBefore = 10_000_000

/** Serves the counters of `cases` on 127.0.0.1, as apps of `namespace` would have them. */
export async function startStandInExporter(
  cases: readonly BurnCase[],
  namespace: string,
): Promise<StandInExporter> {
  const clock = { startedAt: epochMs(), errorsFrom: Infinity, errorsTo: Infinity }
  const registry = new Registry()
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered by stand-in services, as the clock has them.',
    labelNames: ['namespace', 'app', 'method', 'route', 'status'],
    registers: [registry],
    collect() {
      const now = epochMs()
      this.reset()
      for (const each of cases) {
        const labels = { namespace, app: each.service, method: 'GET', route: '/' }
        const { all, failed } = countAt(each, clock, now)
        this.inc({ ...labels, status: '200' }, countedBefore + all - failed)
        this.inc({ ...labels, status: '500' }, countedBefore + failed)
      }
    },
  })
  void requests
  const server = createServer((_, response) => {
    registry.metrics().then(
      (page) => response.setHeader('content-type', registry.contentType).end(page),
      (thrown: unknown) => response.writeHead(500).end(String(thrown)),
    )
  })
  const port = await listen(server)
  return {
    port,
    beginErrors: () => {
      clock.errorsFrom = epochMs()
      return clock.errorsFrom
    },
    endErrors: () => {
      clock.errorsTo = epochMs()
      return clock.errorsTo
    },
    [Symbol.asyncDispose]: () => close(server),
  }
}

interface ErrorClock {
  readonly startedAt: number
  readonly errorsFrom: number
  readonly errorsTo: number
}

/** All requests and the failed ones of a stand-in at a moment. */
export function countAt(
  { ratePerSecond, errorRatio }: Pick<BurnCase, 'ratePerSecond' | 'errorRatio'>,
  { startedAt, errorsFrom, errorsTo }: ErrorClock,
  atMs: number,
): { all: number; failed: number } {
  const requestsAt = (ms: number) => requestsAfter(ratePerSecond, (ms - startedAt) / 1000)
  const all = requestsAt(atMs)
  if (atMs <= errorsFrom) return { all, failed: 0 }
  const whileFailing = requestsAt(Math.min(atMs, errorsTo)) - requestsAt(errorsFrom)
  return { all, failed: failuresAmong(errorRatio, whileFailing) }
}

/** On a free port of 127.0.0.1. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** Ends the connections too: who scrapes keeps them open. */
export function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
