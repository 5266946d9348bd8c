import { randomBytes } from 'node:crypto'
import type { Exercise, WatchedApp } from '../config/config-schema.ts'
import { epochMs } from '../core/clock.ts'
import { pause } from '../core/eventually.ts'
import { send } from '../core/http.ts'
import { RequestLedger, type SentRequest } from './request-ledger.ts'

/** What came back for one request. */
export interface Answered {
  readonly status: number | null
  readonly requestId: string
  readonly body: unknown
  /** As it stands in the ledger. */
  readonly sent: SentRequest
}

/**
 * Good requests to every app that can be broken, from ready to end, through the ingress, at an even rate that does not
 * depend on the answers. What it gets back is in the ledger; a fault shows there first.
 */
export class GoodTraffic {
  readonly ledger = new RequestLedger()
  private readonly ingress: { url: string; host: string }
  private readonly runId: string
  private readonly stopped = new AbortController()
  private readonly loops: Promise<void>[] = []
  private readonly inFlight = new Set<Promise<unknown>>()
  /** There while nobody may send; resolves when that is over. */
  private quiet: Promise<void> | undefined
  private sent = 0

  constructor(ingress: { url: string; host: string }, runId: string) {
    this.ingress = ingress
    this.runId = runId
  }

  start(apps: readonly WatchedApp[], perAppPerSecond: number): void {
    const broken = apps.filter(({ faultRoute }) => faultRoute !== undefined)
    for (const [index, app] of broken.entries()) {
      this.loops.push(
        this.keepSending(app, 1000 / perAppPerSecond, (index * 1000) / perAppPerSecond / broken.length),
      )
    }
  }

  /** One request of the table, sent as soon as nobody wants quiet; resolves with its answer's status. */
  async request(
    app: string,
    exercise: Exercise,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    while (this.quiet !== undefined) await this.quiet
    const sending = this.deliver(app, exercise, headers)
    this.inFlight.add(sending)
    return sending.finally(() => this.inFlight.delete(sending))
  }

  /**
   * Runs `look` while no request is on its way and none is started, so that every count it sees is of finished
   * requests. Traffic goes on afterwards.
   */
  async whileQuiet<T>(look: () => Promise<T>): Promise<T> {
    while (this.quiet !== undefined) await this.quiet
    const { promise, resolve } = Promise.withResolvers<void>()
    this.quiet = promise
    try {
      await Promise.allSettled(this.inFlight)
      return await look()
    } finally {
      this.quiet = undefined
      resolve()
    }
  }

  async stop(): Promise<void> {
    this.stopped.abort()
    await Promise.allSettled(this.loops)
    await Promise.allSettled(this.inFlight)
  }

  private async keepSending(app: WatchedApp, everyMs: number, offsetMs: number): Promise<void> {
    let startedAt = performance.now() + offsetMs
    const { signal } = this.stopped
    for (let tick = 0; !signal.aborted; tick += 1) {
      await pause(Math.max(0, startedAt + tick * everyMs - performance.now()), signal).catch(() => {})
      const cameAt = performance.now()
      while (this.quiet !== undefined) await this.quiet
      // What a quiet time left out is not made up for: thousands at once would be a load of their own.
      startedAt += performance.now() - cameAt
      const exercise = app.good[tick % app.good.length]
      if (!signal.aborted && exercise !== undefined) void this.request(app.name, exercise)
    }
  }

  private async deliver(
    app: string,
    exercise: Exercise,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answered> {
    this.sent += 1
    const requestId = `${this.runId}-${this.sent}`
    const { traceparent = newTraceparent() } = headers
    const sentAt = epochMs()
    const answer = await send({
      backend: app,
      url: `${this.ingress.url}${exercise.path}`,
      method: exercise.method,
      headers: {
        Host: this.ingress.host,
        'X-Request-Id': requestId,
        ...headers,
        traceparent,
      },
    }).catch(() => null)
    const status = answer?.status ?? null
    const sent = {
      app,
      method: exercise.method,
      route: exercise.route,
      requestId,
      traceId: traceIdIn(traceparent),
      sentAt,
      doneAt: epochMs(),
      status,
    }
    this.ledger.add(sent, exercise)
    return { status, requestId, body: answer?.data, sent }
  }
}

/** A caller that is not part of any trace, and asks for its request's spans to be kept. */
export const newTraceparent = (): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`

const traceIdIn = (traceparent: string): string => traceparent.split('-')[1] ?? ''
