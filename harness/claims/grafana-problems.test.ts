import { expect, test } from 'vitest'
import type { Dashboard } from '../dashboards/dashboard-model.ts'
import { grafanaProblems } from './grafana-problems.ts'

const dashboards = [{ uid: 'app-latency', title: 'App latency' }] as Dashboard[]
const datasources = [
  { uid: 'prometheus', type: 'prometheus' },
  { uid: 'loki', type: 'loki' },
]

const well = {
  health: async () => ({ database: 'ok' }),
  datasourceHealth: async (_uid: string, _path: string) => ({ isHealthy: true, said: 'OK' }),
  dashboard: async (
    _uid: string,
  ): Promise<{ title: string; isProvisioned: boolean; panels: number } | undefined> => ({
    title: 'App latency',
    isProvisioned: true,
    panels: 9,
  }),
}

test('a Grafana that has what git has lacks nothing; each datasource is asked at its own path', async () => {
  const asked: string[] = []
  const datasourceHealth = async (uid: string, path: string) => {
    asked.push(`${uid} ${path}`)
    return { isHealthy: true, said: 'OK' }
  }
  expect(await grafanaProblems({ ...well, datasourceHealth }, dashboards, datasources)).toEqual([])
  expect(asked).toEqual(['prometheus /-/ready', 'loki /ready'])
})

test.each<readonly [string, Partial<typeof well>, readonly string[]]>([
  ['its database', { health: async () => ({ database: 'locked' }) }, ['database: locked']],
  [
    'a datasource',
    { datasourceHealth: async (uid) => ({ isHealthy: uid === 'loki', said: 'ERROR refused' }) },
    ['datasource prometheus: ERROR refused'],
  ],
  ['a dashboard', { dashboard: async () => undefined }, ['dashboard app-latency: it is not there']],
  [
    'its file, its title and its panels',
    { dashboard: async () => ({ title: 'Latency', isProvisioned: false, panels: 0 }) },
    [
      'dashboard app-latency: it is called Latency, and here App latency',
      'dashboard app-latency: it was not read from its file',
      'dashboard app-latency: it has no panel',
    ],
  ],
])('a Grafana that lacks %s is told', async (_, change, said) => {
  expect(await grafanaProblems({ ...well, ...change }, dashboards, datasources)).toEqual(said)
})
