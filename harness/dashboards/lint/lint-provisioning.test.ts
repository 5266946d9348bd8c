import { expect, test } from 'vitest'
import { writeFinding } from './finding.ts'
import { prometheusDouble } from './lint-doubles.ts'
import { lintProvisioning, type Provisioning } from './lint-provisioning.ts'

const prometheus = {
  uid: 'prometheus',
  type: 'prometheus',
  url: 'http://prometheus.observability:9090',
  editable: false,
  jsonData: {
    timeInterval: '10s',
    exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'tempo' }],
  },
}
const tempo = { uid: 'tempo', type: 'tempo', url: 'http://tempo.observability:3200', editable: false }

const right: Provisioning = {
  folder: 'dashboards',
  datasources: { prune: true, datasources: [prometheus, tempo] },
  providers: {
    providers: [
      {
        type: 'file',
        allowUiUpdates: false,
        disableDeletion: true,
        options: { path: '/etc/grafana/dashboards' },
      },
    ],
  },
  kustomization: { configMapGenerator: [{ name: 'grafana-dashboards', files: ['grafana/shop.json'] }] },
  dashboardFiles: ['shop.json'],
  prometheus: prometheusDouble,
  services: ['prometheus.observability:9090', 'tempo.observability:3200'],
  mountedAt: '/etc/grafana/dashboards',
}

const withSources = (...datasources: unknown[]): Partial<Provisioning> => ({
  datasources: { prune: true, datasources },
})

test('provisioning that agrees with the stack has no findings', () => {
  expect(lintProvisioning(right)).toEqual([])
})

test.each<readonly [string, Partial<Provisioning>, string]>([
  [
    'a scrape interval of another time',
    { prometheus: { ...prometheusDouble, global: { scrape_interval: '15s' } } },
    'dashboards/grafana/provisioning/datasources.yaml datasources[0].jsonData.timeInterval: expected the scrape interval of the apps, 15 s; seen 10s',
  ],
  [
    'no scrape interval',
    withSources({ ...prometheus, jsonData: {} }, tempo),
    'datasources[0].jsonData.timeInterval: expected the scrape interval of the apps, 10 s; seen undefined',
  ],
  [
    'an address that is no Service',
    withSources({ ...prometheus, url: 'http://prometheus.monitoring:9090' }, tempo),
    'datasources[0].url: expected a Service of manifests/: prometheus.observability:9090; seen http://prometheus.monitoring:9090',
  ],
  [
    'traces that lead to a datasource that is gone',
    withSources(prometheus),
    'datasources[0].jsonData.exemplarTraceIdDestinations[0].datasourceUid: expected a datasource of the file: prometheus; seen tempo',
  ],
  [
    'one uid twice',
    withSources(prometheus, tempo, tempo),
    'datasources[2].uid: expected a uid that no other',
  ],
  [
    'a datasource that can be changed by a click',
    withSources(prometheus, { ...tempo, editable: true }),
    'datasources[1].editable: expected false',
  ],
  [
    'no pruning',
    { datasources: { datasources: [prometheus, tempo] } },
    'datasources.yaml prune: expected true',
  ],
  ['no datasources', withSources(), 'datasources: expected datasources; seen none'],
  [
    'another folder than the pod has',
    { mountedAt: '/var/lib/grafana/dashboards' },
    'dashboards/grafana/provisioning/dashboards.yaml providers[0].options.path: expected /var/lib/grafana/dashboards; seen /etc/grafana/dashboards',
  ],
  [
    'a dashboard that no ConfigMap holds',
    { dashboardFiles: ['shop.json', 'store.json'] },
    'dashboards/kustomization.yaml configMapGenerator[0].files: expected grafana/store.json among them; seen grafana/shop.json',
  ],
  [
    'a ConfigMap of a file that is gone',
    { dashboardFiles: [] },
    'expected files that are there; seen grafana/shop.json',
  ],
])('%s is told', (_, change, said) => {
  expect(lintProvisioning({ ...right, ...change }).map(writeFinding)).toEqual([expect.stringContaining(said)])
})
