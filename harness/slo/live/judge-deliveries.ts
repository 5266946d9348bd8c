import type { CaseResult } from './judge-burn.ts'
import type { Delivery } from './notification-sink.ts'

/**
 * Pages that fired are delivered and taken back, to the receiver of pages; tickets of services that never page reach the
 * receiver of tickets; and nobody hears of an alert that never fired. A ticket beside a page may be inhibited.
 * @returns each thing that is not so, as a sentence
 */
export function judgeDeliveries(results: readonly CaseResult[], deliveries: readonly Delivery[]): string[] {
  const delivered = new Set(
    deliveries.map(({ receiver, status, labels }) => keyOf(receiver, status, labels.service, pairIn(labels))),
  )
  const fired = new Set(
    results.flatMap(({ service, pairs }) =>
      pairs.filter((pair) => pair.fired).map(({ severity, pair }) => keyOf(severity, '', service, pair)),
    ),
  )
  const missing = results.flatMap(({ service, hasExactTimes, pairs }) => {
    // One that came and went within a group's wait is no notification.
    if (!hasExactTimes) return []
    const pages = pairs.some(({ fired: isFiring, severity }) => isFiring && severity === 'page')
    return pairs
      .filter((pair) => pair.fired && (pair.severity === 'page' || !pages))
      .flatMap(({ severity, pair }) =>
        (['firing', 'resolved'] as const)
          .filter((status) => !delivered.has(keyOf(severity, status, service, pair)))
          .map(
            (status) => `${service} ${pair}: fired; no ${status} notification reached receiver ${severity}`,
          ),
      )
  })
  const strange = deliveries
    .filter(({ receiver, labels }) => !fired.has(keyOf(receiver, '', labels.service, pairIn(labels))))
    .map(
      ({ receiver, labels }) =>
        `receiver ${receiver} was told of ${labels.severity} ${labels.service} ${pairIn(labels)}, which did not fire as one of its own`,
    )
  return [...missing, ...new Set(strange)]
}

const keyOf = (...parts: (string | undefined)[]): string => parts.join(' ')

const pairIn = (labels: Readonly<Record<string, string>>): string =>
  `${labels.long_window}/${labels.short_window}`
