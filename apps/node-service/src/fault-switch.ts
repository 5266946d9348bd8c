import { setTimeout as delay } from 'node:timers/promises'
import type { Express, RequestHandler } from 'express'
import { sendProblem } from './problem.ts'
import { contextOf } from './request-context.ts'
import { createSwitchAdmin } from './switch-admin.ts'
import { type Switch, SwitchBoard, type SwitchLimits } from './switch-board.ts'
import { always, type FieldRule, integerField } from './switch-fields.ts'
import { nowMs, utcText } from './utc-time.ts'

/** The statuses that a fault can make a route answer; they start at 0 in the route's metrics. */
export const injectableStatuses: readonly number[] = [500, 502, 503, 504]

interface Fault {
  readonly route: string
  readonly status: number | null
  readonly latencyMs: number | null
  readonly rate: number | null
  readonly loggedStatus: number | null
  matched: number
  lastInjectedAtMs: number | null
}

/**
 * Makes routes of a service fail on demand, as apps/contract/fault-switch.yaml says: `guard` stands before a route's
 * handler, `admin` is the app for the switch's own address.
 */
export class FaultSwitch {
  readonly #board = new SwitchBoard<Fault>()
  readonly #routes: readonly string[]

  constructor(routes: readonly string[]) {
    this.#routes = routes
  }

  guard(route: string): RequestHandler {
    return async (_request, response, next) => {
      const fault = this.#faultFor(route)
      if (fault === undefined) return next()
      if (fault.loggedStatus !== null) contextOf(response).loggedStatus = fault.loggedStatus
      if (fault.latencyMs !== null) await delay(fault.latencyMs)
      if (fault.status === null) return next()
      sendProblem(response, fault.status, 'injected by the fault switch')
    }
  }

  admin(token: string): Express {
    return createSwitchAdmin(token, this.#board, {
      noun: 'fault',
      fields: faultFields(this.#routes),
      build,
      report,
    })
  }

  /** Decides and counts in one turn, so that a count is exact whatever comes at the same time. */
  #faultFor(route: string): Fault | undefined {
    const found = this.#board.firstActive((fault) => fault.route === route)
    if (found === undefined) return undefined
    const fault = found.what
    fault.matched += 1
    if (fault.rate !== null && !isDue(fault.matched, fault.rate)) return undefined
    found.use()
    fault.lastInjectedAtMs = nowMs()
    return fault
  }
}

/** Spreads evenly: the n-th request is due when n × rate reaches a whole number; the margin absorbs binary fractions. */
function isDue(nth: number, rate: number): boolean {
  const margin = 1e-9
  return Math.floor(nth * rate + margin) > Math.floor((nth - 1) * rate + margin)
}

function faultFields(routes: readonly string[]): FieldRule[] {
  return [
    {
      field: 'route',
      required: always,
      code: 'not_served',
      detail: `must be one of the app's routes: ${routes.join(', ')}`,
      accepts: (value) => routes.includes(String(value)),
    },
    {
      field: 'status',
      required: (isGiven) => (isGiven('latency_ms') ? undefined : 'is required unless latency_ms is given'),
      code: 'not_allowed',
      detail: `must be one of ${injectableStatuses.join(', ')}`,
      accepts: (value, source) => /^\d+$/.test(source) && injectableStatuses.includes(Number(value)),
    },
    integerField('latency_ms', 1, 60_000),
    integerField('count', 1, 100_000),
    {
      field: 'rate',
      code: 'out_of_range',
      detail: 'must be a number above 0 and at most 1',
      accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
      conflictsWith: 'count',
    },
    { ...integerField('expires_in_ms', 1, 600_000), required: always },
    integerField('logged_status', 100, 599),
  ]
}

function build(given: Readonly<Record<string, unknown>>): { what: Fault; limits: SwitchLimits } {
  const numberOrNull = (field: string) => (given[field] === undefined ? null : Number(given[field]))
  const what = {
    route: String(given.route),
    status: numberOrNull('status'),
    latencyMs: numberOrNull('latency_ms'),
    rate: numberOrNull('rate'),
    loggedStatus: numberOrNull('logged_status'),
    matched: 0,
    lastInjectedAtMs: null,
  }
  return { what, limits: { count: numberOrNull('count'), expiresInMs: Number(given.expires_in_ms) } }
}

function report({ id, what, limits, state, used, createdAtMs, expiresAtMs }: Switch<Fault>): object {
  return {
    id,
    route: what.route,
    status: what.status,
    latency_ms: what.latencyMs,
    count: limits.count,
    rate: what.rate,
    logged_status: what.loggedStatus,
    state,
    matched: what.matched,
    injected: used,
    created_at: utcText(createdAtMs),
    expires_at: utcText(expiresAtMs),
    last_injected_at: what.lastInjectedAtMs === null ? null : utcText(what.lastInjectedAtMs),
  }
}
