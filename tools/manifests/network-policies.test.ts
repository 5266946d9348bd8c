import { expect, test } from 'vitest'
import { changed, verifiedCluster } from './manifest-doubles.ts'
import { mayConnect } from './network-policies.ts'
import { ObjectSet } from './object-set.ts'

const objects = await verifiedCluster()

function may(from: string, to: string, port: number, among = objects): boolean {
  const set = new ObjectSet(among)
  const pods = (name: string) => {
    const found = set.pods.find(({ object }) => object.metadata.name === name)
    if (found === undefined) throw new Error(`there are no pods ${name}`)
    return found
  }
  return mayConnect(set, pods(from), pods(to), port)
}

const apis = ['available-schedules-python', 'available-schedules-go']
const apps = [...apis, 'frontend']
const everybody = [
  ...apps,
  'prometheus',
  'loki',
  'alertmanager',
  'collector',
  'traefik',
  'alert-receiver',
  'tempo',
  'grafana',
]

/** Every connection that the stack lives by; whatever is not here is refused. */
const needed: [from: string, to: string, port: number][] = [
  ...apps.map((app) => ['prometheus', app, 8080] as [string, string, number]),
  ...apps.map((app) => ['traefik', app, 8080] as [string, string, number]),
  ...apps.map((app) => [app, 'collector', 4318] as [string, string, number]),
  ['frontend', 'traefik', 8000],
  ['prometheus', 'prometheus', 9090],
  ['prometheus', 'loki', 3100],
  ['prometheus', 'tempo', 3200],
  ['prometheus', 'alertmanager', 9093],
  ['prometheus', 'alertmanager-naive', 9093],
  ['prometheus', 'alert-receiver', 8080],
  ['prometheus', 'collector', 8888],
  ['prometheus', 'traefik', 9100],
  ['loki', 'alertmanager', 9093],
  ['loki', 'alertmanager-naive', 9093],
  ['alertmanager', 'alert-receiver', 8080],
  ['alertmanager-naive', 'alert-receiver', 8080],
  ['collector', 'loki', 3100],
  ['collector', 'tempo', 4318],
  ['grafana', 'prometheus', 9090],
  ['grafana', 'loki', 3100],
  ['grafana', 'tempo', 3200],
  ['grafana', 'alertmanager', 9093],
  ...everybody.map((name) => [name, 'coredns', 53] as [string, string, number]),
]

test.each(needed)('%s may reach %s at %i', (from, to, port) => {
  expect(may(from, to, port)).toBe(true)
})

test('nobody may reach anything else', () => {
  const ports: Record<string, number[]> = {
    prometheus: [9090],
    loki: [3100],
    alertmanager: [9093],
    'alertmanager-naive': [9093],
    tempo: [3200, 4318],
    grafana: [3000],
    collector: [8888, 13133, 4318],
    traefik: [8000, 9100],
    'alert-receiver': [8080, 9000],
    ...Object.fromEntries(apps.map((app) => [app, [8080, 9000]])),
  }
  const open = everybody.flatMap((from) =>
    Object.entries(ports).flatMap(([to, list]) =>
      list.filter((port) => may(from, to, port)).map((port) => `${from} ${to} ${port}`),
    ),
  )
  const expected = new Set(needed.map((each) => each.join(' ')))
  expect(open.filter((each) => !expected.has(each))).toEqual([])
  expect(open.length).toBeGreaterThan(20)
})

test('without its policy a connection is refused, by either side', () => {
  const without = (name: string, side: 'ingress' | 'egress') => changed(objects, name, `spec.${side}`, [])
  expect(may('collector', 'loki', 3100, without('NetworkPolicy.observability.loki', 'ingress'))).toBe(false)
})
