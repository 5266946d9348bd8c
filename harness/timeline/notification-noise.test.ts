import { expect, test } from 'vitest'
import type { Notification } from '../backends/alert-receiver.ts'
import { type Incident, measureNoise, writeNoise } from './notification-noise.ts'

let sequence = 0

/** A delivery of a group about the apps that are named; each app is one alert. */
function delivery(
  receiver: string,
  status: 'firing' | 'resolved',
  apps: readonly string[],
  { group = apps.join(), startsAt = '2026-01-01T00:00:00Z' } = {},
): Notification {
  sequence += 1
  return {
    sequence,
    receiver,
    arrivedAt: sequence,
    body: {
      status,
      groupKey: group,
      groupLabels: {},
      alerts: apps.map((app) => ({
        status,
        labels: { app },
        annotations: {},
        startsAt,
        endsAt: '',
        fingerprint: app,
      })),
    },
  }
}

const incident = (faults = 1, ...apps: readonly string[]): Incident => ({
  id: 'an incident',
  faults,
  concerns: ({ labels }) => apps.includes(labels.app ?? ''),
})
const quiet = { notifications: 0, resolves: 0, duplicates: 0, flaps: 0 }
const ours = (notifications: readonly Notification[], about = incident(1, 'a', 'b')) =>
  measureNoise(notifications, [about])[0]?.ours

test('twelve alerts of one incident: one delivery here, one an alert without grouping', () => {
  const apps = Array.from({ length: 12 }, (_, index) => `app-${index}`)
  const stream = [
    delivery('ticket', 'firing', apps),
    ...apps.map((app) => delivery('naive', 'firing', [app])),
    delivery('ticket', 'resolved', apps),
    ...apps.map((app) => delivery('naive', 'resolved', [app])),
  ]
  expect(measureNoise(stream, [incident(1, ...apps)])).toEqual([
    {
      incident: 'an incident',
      faults: 1,
      alerts: 12,
      ours: { ...quiet, notifications: 1, resolves: 1 },
      naive: { ...quiet, notifications: 12, resolves: 12 },
    },
  ])
})

test('a delivery that repeats the list is a duplicate, one that adds to it is not', () => {
  const first = delivery('ticket', 'firing', ['a'], { group: 'g' })
  expect(ours([first, delivery('ticket', 'firing', ['a', 'b'], { group: 'g' })])).toEqual({
    ...quiet,
    notifications: 2,
  })
  expect(ours([first, delivery('ticket', 'firing', ['a'], { group: 'g' })])).toEqual({
    ...quiet,
    notifications: 2,
    duplicates: 1,
  })
})

test('coming back without a new fault is a flap, coming back with one is an incident', () => {
  const stream = [
    delivery('ticket', 'firing', ['a']),
    delivery('ticket', 'resolved', ['a']),
    delivery('ticket', 'firing', ['a'], { startsAt: '2026-01-01T00:01:00Z' }),
  ]
  expect(ours(stream)).toMatchObject({ notifications: 2, resolves: 1, flaps: 1 })
  expect(ours(stream, incident(2, 'a'))).toMatchObject({ notifications: 2, resolves: 1, flaps: 0 })
})

test('the end of what was told before is nothing that is told of this incident', () => {
  const late = delivery('ticket', 'resolved', ['a'])
  expect(ours([late])).toEqual(quiet)
  expect(ours([late, delivery('ticket', 'firing', ['a']), delivery('ticket', 'resolved', ['a'])])).toEqual({
    ...quiet,
    notifications: 1,
    resolves: 1,
  })
})

test('what concerns another incident is not counted, and nothing told is counted as nothing', () => {
  expect(ours([delivery('page', 'firing', ['c'])])).toEqual(quiet)
  expect(measureNoise([], [incident(1, 'a')])[0]).toMatchObject({ alerts: 0, ours: quiet, naive: quiet })
})

test('as a table: one line an incident and one over all, in columns', () => {
  const table = writeNoise(
    measureNoise(
      [
        delivery('ticket', 'firing', ['a']),
        delivery('naive', 'firing', ['a']),
        delivery('naive', 'firing', ['b']),
      ],
      [incident(1, 'a', 'b')],
    ),
  )
  expect(table).toEqual([
    '               sent         again         flaps      ',
    'incident      naive  ours   naive  ours   naive  ours',
    'an incident       2     1       0     0       0     0',
    'all               2     1       0     0       0     0',
  ])
})
