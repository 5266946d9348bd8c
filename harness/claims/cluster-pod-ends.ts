import { type CountKey, countKey, type SentRequest } from '../traffic/request-ledger.ts'

/**
 * What is left of an app's telemetry when one of its pods ends under traffic: the requests that clients got answers to,
 * against the lines that Loki has and the counts that Prometheus has.
 */

export interface StoredSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly samples: readonly { readonly atMs: number; readonly value: number }[]
}

/**
 * What counters grew by since a moment, by method, route and status, over all pods. A counter that was not there before
 * began at 0; one that fell was started again.
 */
export function countedSince(series: readonly StoredSeries[], sinceMs: number): Map<CountKey, number> {
  const counts = new Map<CountKey, number>()
  for (const { labels, samples } of series) {
    const key = countKey(labels.method ?? '', labels.route ?? '', Number(labels.status))
    let last = samples.findLast(({ atMs }) => atMs <= sinceMs)?.value ?? 0
    let more = 0
    for (const { value } of samples.filter(({ atMs }) => atMs > sinceMs)) {
      more += value >= last ? value - last : value
      last = value
    }
    if (more > 0) counts.set(key, (counts.get(key) ?? 0) + more)
  }
  return counts
}

/** When an app was scraped last before a moment; null where it never was. */
export function lastScrapeBefore(series: readonly StoredSeries[], momentMs: number): number | null {
  const times = series.flatMap(({ samples }) =>
    samples.flatMap(({ atMs }) => (atMs <= momentMs ? [atMs] : [])),
  )
  return times.length === 0 ? null : Math.max(...times)
}

export interface EndedPod {
  /** Every request that was sent to the app in the time that is looked at. */
  readonly sent: readonly SentRequest[]
  /** The answers that the app gives to them; others are the ingress' own, which had no pod to ask. */
  readonly answers: ReadonlySet<CountKey>
  readonly counted: ReadonlyMap<CountKey, number>
  /** Of the lines that Loki has of the app. */
  readonly storedIds: readonly string[]
}

export interface PodAccounts {
  readonly answered: number
  /** Requests that the ingress answered itself, or nobody. */
  readonly refused: number
  /** Request ids of answers without a line, and of those with more than one. */
  readonly withoutLine: readonly string[]
  readonly withMoreLines: readonly string[]
  /** Answers that are not counted; negative where more was counted than clients got answers to. */
  readonly uncounted: number
}

export function accountsOf({ sent, answers, counted, storedIds }: EndedPod): PodAccounts {
  const isAnswered = ({ method, route, status }: SentRequest) =>
    status !== null && answers.has(countKey(method, route, status))
  const answered = sent.filter(isAnswered)
  const lines = Map.groupBy(storedIds, (id) => id)
  const known = [...counted].reduce((sum, [key, count]) => (answers.has(key) ? sum + count : sum), 0)
  return {
    answered: answered.length,
    refused: sent.length - answered.length,
    withoutLine: answered.flatMap(({ requestId }) => (lines.has(requestId) ? [] : [requestId])),
    withMoreLines: answered.flatMap(({ requestId }) =>
      (lines.get(requestId)?.length ?? 0) > 1 ? [requestId] : [],
    ),
    uncounted: answered.length - known,
  }
}

/** How many answers clients had got since the last scrape before the end: what its counters may be short of. */
export const answeredBetween = (
  { sent, answers }: Pick<EndedPod, 'sent' | 'answers'>,
  fromMs: number,
  toMs: number,
): number =>
  sent.filter(
    ({ method, route, status, doneAt }) =>
      status !== null && answers.has(countKey(method, route, status)) && doneAt >= fromMs && doneAt <= toMs,
  ).length

/** What is wrong with the accounts of a pod that ended, in words. `mayMiss`: how many counts it may be short of. */
export function brokenAccounts(accounts: PodAccounts, mayMiss: number): string[] {
  const { answered, refused, withoutLine, withMoreLines, uncounted } = accounts
  return [
    ...(answered === 0 ? ['no request was answered, so that nothing could be lost'] : []),
    ...(withoutLine.length > 0
      ? [`${withoutLine.length} of ${answered} answered requests have no line in Loki: ${some(withoutLine)}`]
      : []),
    ...(withMoreLines.length > 0
      ? [`${withMoreLines.length} requests have more than one line: ${some(withMoreLines)}`]
      : []),
    ...(uncounted > mayMiss
      ? [
          `${uncounted} of ${answered} answered requests are not counted${mayMiss === 0 ? '' : `, ${mayMiss} were answered since the last scrape`}`,
        ]
      : []),
    // A request that was served and whose answer was cut off is counted all the same.
    ...(-uncounted > refused
      ? [`${-uncounted} more requests are counted than ${answered} that were answered`]
      : []),
  ]
}

const some = (ids: readonly string[]): string => `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''}`
