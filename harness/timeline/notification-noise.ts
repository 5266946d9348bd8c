import { type Notification, naiveReceiver } from '../backends/alert-receiver.ts'

/**
 * Noise, counted: what people got told about each incident, by our routing and by one that neither groups nor inhibits,
 * of the same alerts in the same run.
 */

export interface Incident {
  readonly id: string
  /** How often it began: one that comes back is two. */
  readonly faults: number
  /** Whether an alert belongs to it, by its labels and the moment at which it began to fire. */
  readonly concerns: (alert: NotifiedAlert) => boolean
}

export type NotifiedAlert = Notification['body']['alerts'][number]

export interface NoiseCounts {
  /** Deliveries that say that something fires. */
  readonly notifications: number
  /** Deliveries that say that all of it is over. */
  readonly resolves: number
  /** Firing deliveries that name nothing which the one before did not name. */
  readonly duplicates: number
  /** Firing deliveries of a group after its resolve, beyond those that a fault caused. */
  readonly flaps: number
}

export interface IncidentNoise {
  readonly incident: string
  readonly faults: number
  /** Different alerts that fired, by their labels. */
  readonly alerts: number
  readonly ours: NoiseCounts
  readonly naive: NoiseCounts
}

/** Counts every incident's deliveries. Both streams are taken from the receiver's own log, in order of arrival. */
export function measureNoise(
  notifications: readonly Notification[],
  incidents: readonly Incident[],
): IncidentNoise[] {
  return incidents.map(({ id, faults, concerns }) => {
    const about = notifications.filter(({ body }) => body.alerts.some(concerns))
    const [naive, ours] = [true, false].map((isNaive) =>
      about.filter(({ receiver }) => (receiver === naiveReceiver) === isNaive),
    ) as [Notification[], Notification[]]
    const fired = new Set(
      about.flatMap(({ body }) => body.alerts.filter(concerns).map(({ fingerprint }) => fingerprint)),
    )
    return {
      incident: id,
      faults,
      alerts: fired.size,
      ours: countDeliveries(ours, faults),
      naive: countDeliveries(naive, faults),
    }
  })
}

function countDeliveries(deliveries: readonly Notification[], faults: number): NoiseCounts {
  const groups = Map.groupBy(deliveries, ({ receiver, body }) => `${receiver} ${body.groupKey}`)
  const counts = [...groups.values()].map((group) => countGroup(group, faults))
  const sum = (key: keyof NoiseCounts) => counts.reduce((total, count) => total + count[key], 0)
  return {
    notifications: sum('notifications'),
    resolves: sum('resolves'),
    duplicates: sum('duplicates'),
    flaps: sum('flaps'),
  }
}

/**
 * What a group tells from its first firing delivery on. A resolve before it ends what was told before the run: where an
 * inhibited alert is over, Alertmanager keeps the end of its group to itself until the group is told of again.
 */
function countGroup(deliveries: readonly Notification[], faults: number): NoiseCounts {
  const isFiring = ({ body }: Notification) => body.status === 'firing'
  const begin = deliveries.findIndex(isFiring)
  const group = begin === -1 ? [] : deliveries.slice(begin)
  const returns = group.filter((delivery, index) => {
    const before = group[index - 1]
    return isFiring(delivery) && before !== undefined && !isFiring(before)
  }).length
  const duplicates = group.filter((delivery, index) => {
    const before = group[index - 1]
    return isFiring(delivery) && before !== undefined && isFiring(before) && namesNothingNew(delivery, before)
  }).length
  const notifications = group.filter(isFiring).length
  return {
    notifications,
    resolves: group.length - notifications,
    duplicates,
    flaps: Math.max(0, returns - (faults - 1)),
  }
}

/** A delivery that takes an alert off the list says something; one that repeats the list does not. */
function namesNothingNew(delivery: Notification, before: Notification): boolean {
  const listOf = ({ body }: Notification) =>
    body.alerts
      .map(({ fingerprint, status, startsAt }) => `${fingerprint} ${status} ${startsAt}`)
      .sort()
      .join()
  return listOf(delivery) === listOf(before)
}

/** The table as lines of equal columns, for people. */
export function writeNoise(incidents: readonly IncidentNoise[]): string[] {
  const total = (side: 'ours' | 'naive', key: keyof NoiseCounts) =>
    incidents.reduce((sum, incident) => sum + incident[side][key], 0)
  const row = (name: string, cells: readonly (string | number)[]) =>
    `${name.padEnd(nameWidth)}${cells.map((cell, index) => String(cell).padStart(index % 2 === 0 ? 8 : 6)).join('')}`
  const nameWidth = Math.max(...incidents.map(({ incident }) => incident.length), 5)
  const cellsOf = (get: (side: 'ours' | 'naive', key: keyof NoiseCounts) => number) =>
    (['notifications', 'duplicates', 'flaps'] as const).flatMap((key) => [
      get('naive', key),
      get('ours', key),
    ])
  return [
    row('', ['sent', '', 'again', '', 'flaps', '']),
    row('incident', ['naive', 'ours', 'naive', 'ours', 'naive', 'ours']),
    ...incidents.map((incident) =>
      row(
        incident.incident,
        cellsOf((side, key) => incident[side][key]),
      ),
    ),
    row('all', cellsOf(total)),
  ]
}
