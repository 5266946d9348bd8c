import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UnsupportedConstruct } from './dashboard-model.ts'
import { lokiDouble, prometheusDouble } from './datasource-double.ts'
import type { Datasource } from './datasources.ts'
import { type ForeignDashboard, foreignDashboards, foreignReadme } from './foreign-double.ts'
import { variableReferences } from './interpolate.ts'
import { type DashboardsRun, runDashboards } from './run-dashboards.ts'

/** On dashboards that we did not write: nothing crashes, nothing is left out, and what is not supported is named. */

const foreign = foreignDashboards()
const runs = new Map<string, DashboardsRun>()

/** Datasources that answer every query with something: what is broken is so for another reason. */
beforeAll(async () => {
  await using prometheus = await prometheusDouble({
    stored: [{ __name__: 'm', a: 'b' }],
    answers: () => [{ labels: { a: 'b' }, values: [1, 2] }],
  })
  await using loki = await lokiDouble({
    streams: [{ a: 'b' }],
    lines: () => 1,
    series: () => [{ labels: { a: 'b' }, values: [1] }],
  })
  const datasources: Datasource[] = [
    { type: 'prometheus', uid: 'prometheus', name: 'Prometheus', url: prometheus.url, isDefault: true },
    { type: 'loki', uid: 'loki', name: 'Loki', url: loki.url },
  ]
  const range = { fromMs: 1_700_000_000_000, toMs: 1_700_003_600_000 }
  for (const { file, dashboard } of foreign) {
    runs.set(file, await runDashboards({ dashboards: [dashboard], datasources, range }))
  }
}, 60_000)
afterAll(() => runs.clear())

/** Constructs by their first words, as `3 transformation`: names of variables and annotations are the dashboards' own. */
function summed(unsupported: readonly UnsupportedConstruct[]): string {
  const kinds = Map.groupBy(unsupported, ({ construct }) => construct.split(/[ ,]/)[0] ?? '')
  return [...kinds].map(([kind, all]) => `${all.length} ${kind}`).join(', ')
}

/** What is in each file: panels that ask, their targets, variables, verdicts of its panels, what is not supported. */
const counts: readonly (readonly [
  file: string,
  format: string,
  panels: number,
  targets: number,
  variables: number,
  verdicts: string,
  unsupported: string,
])[] = [
  ['argo-cd/dashboard-legacy.json', 'classic 18', 33, 33, 3, '33 data', ''],
  ['argo-cd/dashboard.json', 'classic 39', 42, 42, 7, '42 data', ''],
  ['argo-cd/notifications.json', 'classic 21', 2, 2, 2, '2 data', ''],
  ['argo-rollouts/dashboard.json', 'classic 27', 17, 17, 3, '17 data', '1 transformation'],
  ['calico/k8s-scale-testing.json', 'rows 14', 4, 7, 1, '4 broken', '7 datasource'],
  ['consul/consul-server-monitoring.json', 'classic 26', 19, 21, 1, '17 data, 2 broken', '1 target'],
  ['dapr/grafana-actor-dashboard.json', 'classic 26', 7, 9, 2, '7 broken', '2 variable, 9 datasource'],
  ['dapr/grafana-sidecar-dashboard.json', 'classic 26', 25, 33, 2, '25 broken', '2 variable, 33 datasource'],
  ['external-secrets/grafana-dashboard.json', 'classic 41', 25, 25, 2, '25 data', ''],
  ['flux2/cluster.json', 'classic 36', 10, 10, 3, '10 data', '1 annotation, 2 transformation, 10 exemplars'],
  ['flux2/control-plane.json', 'classic 31', 13, 20, 2, '13 data', '1 annotation'],
  ['flux2/logs.json', 'classic 36', 2, 2, 7, '2 data', '1 annotation'],
  [
    'ingress-nginx/nginx.json',
    'classic 39',
    14,
    21,
    7,
    '14 data',
    '1 annotation, 2 transformation, 4 exemplars',
  ],
  ['ingress-nginx/request-handling-performance.json', 'classic 39', 9, 14, 3, '9 data', ''],
  ['istio/istio-mesh-dashboard.gen.json', 'classic 39', 7, 12, 1, '7 data', '2 transformation'],
  ['istio/istio-workload-dashboard.json', 'classic 38', 19, 71, 7, '19 data', ''],
  ['istio/pilot-dashboard.gen.json', 'classic 39', 13, 23, 1, '13 data', ''],
  ['jaeger/dashboard-for-grafana.json', 'rows 14', 10, 14, 1, '10 data', ''],
  ['jaeger/hotrod_metrics_logs.json', 'classic 38', 7, 9, 3, '7 broken', '2 variable'],
  ['keda/keda-dashboard.json', 'classic 38', 7, 9, 5, '7 data', ''],
  ['kyverno/kyverno-dashboard.json', 'classic 39', 40, 49, 2, '40 data', '49 exemplars'],
  ['loki-1/dashboard-loki-logs.json', 'classic 22', 10, 10, 10, '10 data', ''],
  ['loki-1/dashboard-loki-operational.json', 'classic 25', 67, 105, 4, '67 data', '1 annotation'],
  ['seaweedfs/grafana_seaweedfs_heartbeat.json', 'rows 14', 25, 43, 2, '23 broken, 2 data', '40 datasource'],
  ['seaweedfs/telemetry.json', 'classic 38', 9, 9, 0, '9 broken', ''],
  ['thanos/query-frontend.json', 'rows 14', 11, 19, 3, '11 data', ''],
  ['thanos/sidecar.json', 'rows 14', 13, 24, 3, '13 data', ''],
  ['traefik/traefik.json', 'classic 37', 14, 14, 5, '14 data', ''],
  ['victoriametrics/alert-statistics.json', 'classic 41', 7, 7, 5, '7 data', '2 transformation'],
  [
    'victoriametrics/metrics-explorer.json',
    'classic 42',
    7,
    7,
    6,
    '7 broken',
    '8 transformation, 5 datasource, 2 the',
  ],
  ['victoriametrics/operator.json', 'classic 42', 23, 28, 5, '23 data', '1 annotation, 2 transformation'],
  [
    'victoriametrics/query-stats.json',
    'classic 42',
    18,
    18,
    6,
    '18 broken',
    '12 transformation, 1 variable, 18 datasource',
  ],
  ['victoriametrics/vmanomaly-guide.json', 'classic 38', 3, 7, 1, '3 broken', '1 variable'],
  ['victoriametrics/vmanomaly-node-exporter.json', 'classic 39', 19, 19, 5, '19 data', ''],
]

test.each(counts)('%s', (file, format, panels, targets, variables, verdicts, unsupported) => {
  const { dashboard } = foreign.find((one) => one.file === file) ?? expect.fail(`no ${file}`)
  const run = runs.get(file)
  const found = Map.groupBy(run?.panels ?? [], ({ verdict }) => verdict)
  expect([
    `${dashboard.format} ${dashboard.schemaVersion}`,
    dashboard.panels.length,
    dashboard.panels.flatMap((panel) => panel.targets).length,
    dashboard.variables.length,
    [...found].map(([verdict, all]) => `${all.length} ${verdict}`).join(', '),
    summed(run?.unsupported ?? []),
  ]).toEqual([format, panels, targets, variables, verdicts, unsupported])
})

test('every file is in the table above and in the one of their sources', () => {
  const files = foreign.map(({ file }) => file)
  expect(counts.map(([file]) => file)).toEqual(files)
  const rows = [...foreignReadme().matchAll(/^\| `([^`]+)` \| (\S+) \| (\S+) \| (.+) \|$/gm)]
  expect(rows.map(([, file]) => file)).toEqual(files)
  const projects = new Set(files.map((file) => file.split('/')[0]))
  expect(files.length).toBeGreaterThanOrEqual(20)
  expect(projects.size).toBeGreaterThanOrEqual(12)
  for (const [, , source, version, licence] of rows) {
    expect(source).toMatch(/^https:\/\/github\.com\//)
    expect(version).toMatch(/^(v\d+\.\d+\.\d+|[0-9a-f]{12})$/)
    expect(licence).toMatch(/^(Apache-2\.0|MIT|MPL-2\.0)$/)
  }
})

/** Every object below a key `targets` of a panel that asks, found without our reading of it. */
function rawTargets(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + rawTargets(one), 0)
  if (typeof value !== 'object' || value === null) return 0
  const { targets, type, ...rest } = value as { targets?: unknown; type?: unknown }
  const own = Array.isArray(targets) && type !== 'text' && type !== 'row' ? targets.length : 0
  return own + rawTargets(Object.values(rest))
}

test.each(foreign)('every target of $file is read', ({ dashboard, text }: ForeignDashboard) => {
  const { annotations: _, ...rest } = JSON.parse(text)
  expect(dashboard.panels.flatMap((panel) => panel.targets)).toHaveLength(rawTargets(rest))
})

test.each(foreign)(
  'what is broken in $file says why, and no query goes out with a macro in it',
  ({ file }) => {
    const { panels = [] } = runs.get(file) ?? {}
    expect(panels.length).toBeGreaterThan(0)
    for (const { verdict, reason, queries } of panels) {
      if (verdict !== 'data') expect(reason).toMatch(/^expected .+; seen .+; try .+$/s)
      for (const { sent, verdict: ofQuery } of queries) {
        if (ofQuery === 'data') expect(variableReferences(sent)).toEqual([])
      }
    }
  },
)
