import type { ObjectiveVerdict } from '../slo/verdict.ts'
import type { ClosedAccounts } from './accounts/close-accounts.ts'
import type { LatencyFigures } from './load-figures.ts'

/** An objective as far as the generator can speak about it. */
export type JudgedObjective = Pick<ObjectiveVerdict, 'name' | 'service' | 'kind' | 'total' | 'bad'> & {
  readonly thresholdSeconds?: number | undefined
}

/**
 * Where the queries of the objectives and the generator differ, in words; empty where they agree. Requests and failures are
 * the same number, those that other apps caused included. Slow requests are no more than the generator's latencies leave
 * room for: what a client had within the threshold its app had answered within it, too.
 */
export function figuresDisagreement(
  objectives: readonly JudgedObjective[],
  { accounts, balance }: Pick<ClosedAccounts, 'accounts' | 'balance'>,
  latencyByRoute: Readonly<Record<string, LatencyFigures>>,
): string[] {
  return objectives.flatMap(({ name, service, kind, total, bad, thresholdSeconds }) => {
    const rows = balance.rows.filter(({ app, status }) => app === service && status !== 0)
    const requests = rows.reduce((sum, row) => sum + row.client + row.caused, 0)
    const words =
      total === requests ? [] : [`${name}: ${total} requests by its query, ${requests} by the generator`]
    if (kind === 'availability') {
      const failed = rows.reduce((sum, row) => (row.status >= 500 ? sum + row.client + row.caused : sum), 0)
      if (bad !== failed) words.push(`${name}: ${bad} failures by its query, ${failed} by the generator`)
      return words
    }
    const thresholdMs = (thresholdSeconds ?? Number.NaN) * 1000
    const quick = accounts.client
      .filter(({ app, status }) => app === service && status !== 0)
      .reduce(
        (sum, { route, count }) => sum + Math.floor(count * quickShare(latencyByRoute[route], thresholdMs)),
        0,
      )
    if (bad > requests - quick) {
      words.push(
        `${name}: ${bad} slow requests by its query, at most ${requests - quick} by the latencies of the generator`,
      )
    }
    return words
  })
}

/** The share of requests that took no longer, as far as the known quantiles say. */
function quickShare(figures: LatencyFigures | undefined, thresholdMs: number): number {
  const known = [
    [1, figures?.max],
    [0.99, figures?.p99],
    [0.95, figures?.p95],
    [0.5, figures?.p50],
  ] as const
  return known.find(([, ms]) => ms !== undefined && ms <= thresholdMs)?.[0] ?? 0
}
