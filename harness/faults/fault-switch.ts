import { z } from 'zod'
import type { faultSwitchCalls } from '../backends/fault-switch-calls.ts'
import { ask } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/**
 * The apps' fault switch: asks for a known fault and gets told exactly what it did.
 * @throws SignalproofError FAULT_REFUSED, BACKEND_UNREACHABLE
 */

const report = z.object({
  id: z.string(),
  route: z.string(),
  status: z.int().nullable(),
  state: z.enum(['active', 'spent', 'expired', 'ended']),
  matched: z.int(),
  injected: z.int(),
})

export type FaultReport = z.output<typeof report>

export interface Fault {
  readonly route: string
  /** The answer that is given instead of the app's own; without it the app's own answer comes, later. */
  readonly status?: number
  readonly latencyMs?: number
  /** Exactly the next so many requests of the route; all of them until it ends, when left out. */
  readonly count?: number
  /** This share of the route's requests, evenly spread, above 0 and at most 1; not together with `count`. */
  readonly rate?: number
  /** It ends by itself after this time, also when nobody is left to end it. */
  readonly expiresInMs: number
}

export class FaultSwitch {
  private readonly app: string
  private readonly url: string
  private readonly headers: Record<string, string>
  private readonly defaults: Readonly<Record<string, unknown>>

  constructor(app: string, url: string, token: string, defaults: Readonly<Record<string, unknown>> = {}) {
    this.app = app
    this.url = url
    this.headers = { authorization: `Bearer ${token}` }
    this.defaults = Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== null))
  }

  inject({ expiresInMs, latencyMs, ...fault }: Fault): Promise<FaultReport> {
    return this.call('POST /faults', undefined, {
      ...fault,
      ...(latencyMs === undefined ? {} : { latency_ms: latencyMs }),
      expires_in_ms: expiresInMs,
      ...this.defaults,
    })
  }

  report(id: string): Promise<FaultReport> {
    return this.call('GET /faults/{id}', id)
  }

  end(id: string): Promise<FaultReport> {
    return this.call('DELETE /faults/{id}', id)
  }

  private async call(
    declared: (typeof faultSwitchCalls)[number],
    id?: string,
    data?: unknown,
  ): Promise<FaultReport> {
    const [method = '', path = ''] = declared.replace('{id}', id ?? '').split(' ')
    const backend = `fault switch of ${this.app}`
    const url = `${this.url}${path}`
    const { headers } = this
    try {
      return await ask({ backend, url, method, headers, ...(data === undefined ? {} : { data }) }, report)
    } catch (cause) {
      if (!(cause instanceof SignalproofError) || cause.code !== 'BACKEND_BAD_ANSWER') throw cause
      // The harness could not make its fault: that says nothing about the stack.
      const remedy = `compare the request with the contract of the switch; look at the log of ${this.app}`
      throw new SignalproofError('FAULT_REFUSED', { ...cause.account, remedy, cause })
    }
  }
}
