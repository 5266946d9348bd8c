import type { Exercise } from '../config/config-schema.ts'

/** Every request the harness sent, as its client saw it: the first of the counts that have to agree. */

export interface SentRequest {
  readonly app: string
  readonly method: string
  readonly route: string
  readonly requestId: string
  /** Of the trace that it was sent in; requests that it causes are in the same. */
  readonly traceId: string
  /** The app that sent it to answer another request; left out where the client sent it. */
  readonly causedBy?: string
  readonly sentAt: number
  readonly doneAt: number
  /** What came back; null when no answer came, which the traffic itself reports. */
  readonly status: number | null
}

export type CountKey = `${string} ${string} ${number}`

/** `GET /v1/x 200`: what is counted apart, within one app. */
export const countKey = (method: string, route: string, status: number): CountKey =>
  `${method} ${route} ${status}`

export class RequestLedger {
  private readonly requests: SentRequest[] = []

  add(request: SentRequest, exercise?: Pick<Exercise, 'causes'>): void {
    this.requests.push(request)
    for (const { app, method, route, status } of exercise?.causes ?? []) {
      this.requests.push({ ...request, app, method, route, status, causedBy: request.app })
    }
  }

  /** All requests to an app, in the order in which they were answered; `since` leaves out those sent before it. */
  of(app: string, since = 0): SentRequest[] {
    return this.requests.filter((request) => request.app === app && request.sentAt >= since)
  }

  /** The requests that an app sent to answer others. */
  causedBy(app: string): SentRequest[] {
    return this.requests.filter(({ causedBy }) => causedBy === app)
  }

  /** How many answers of each kind an app gave. */
  counts(app: string): Map<CountKey, number> {
    return countBy(
      this.of(app).flatMap(({ method, route, status }) =>
        status === null ? [] : [countKey(method, route, status)],
      ),
    )
  }

  /** Requests that got no answer at all: the harness or the machine is at fault then, not the stack. */
  unanswered(): SentRequest[] {
    return this.requests.filter(({ status }) => status === null)
  }
}

export function countBy<K>(keys: Iterable<K>): Map<K, number> {
  const counts = new Map<K, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Where two counts differ, in words; empty when they agree. */
export function differences(
  expected: ReadonlyMap<string, number>,
  seen: ReadonlyMap<string, number>,
): string[] {
  return [...new Set([...expected.keys(), ...seen.keys()])].sort().flatMap((key) => {
    const [want, got] = [expected.get(key) ?? 0, seen.get(key) ?? 0]
    return want === got ? [] : [`${key}: ${got} instead of ${want}`]
  })
}
