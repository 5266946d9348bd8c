import { expect, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { readDashboard } from '../dashboards/read-dashboard.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import { unreachable, unresolved } from './dashboard-links.ts'
import { liveDashboards, type ProvisionedDatasource, provisionedDatasources } from './live-dashboards.ts'

const environment = (datasources: unknown[], url = 'http://127.0.0.1:9') =>
  ({
    addresses: { prometheus: url, loki: url, tempo: url, alertmanager: url },
    dashboards: { dashboards: {}, datasources: { datasources } },
  }) as unknown as RunningEnvironment

const prometheus = {
  name: 'Prometheus',
  uid: 'prometheus',
  type: 'prometheus',
  url: 'http://prometheus.observability:9090',
  isDefault: true,
  jsonData: {
    timeInterval: '500ms',
    exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'tempo' }],
  },
}

test("a datasource's address in the cluster is the one that leads there from here; any other stays", () => {
  const elsewhere = { ...prometheus, uid: 'other', url: 'http://127.0.0.1:7/' }
  expect(provisionedDatasources(environment([prometheus, elsewhere], 'http://127.0.0.1:4711'))).toMatchObject(
    [
      { uid: 'prometheus', liveUrl: 'http://127.0.0.1:4711', isDefault: true, scrapeIntervalMs: 500 },
      { uid: 'other', liveUrl: 'http://127.0.0.1:7/' },
    ],
  )
})

test('panels of a store that is not here are left out: nothing can be said of them', () => {
  const target = (type: string) => ({ refId: 'A', expr: 'up', datasource: { type, uid: type } })
  const panels = ['prometheus', 'tempo'].map((type, id) => ({
    id,
    type: 'timeseries',
    title: type,
    targets: [target(type)],
  }))
  const shown = (capabilities: readonly string[]) =>
    liveDashboards({
      environment: {
        capabilities,
        dashboards: { dashboards: { shop: { uid: 'shop', title: 'Shop', panels } }, datasources: {} },
      } as unknown as RunningEnvironment,
    }).flatMap((one) => one.panels.map(({ title }) => title))
  expect(shown(['metrics', 'traces'])).toEqual(['prometheus', 'tempo'])
  expect(shown(['metrics'])).toEqual(['prometheus'])
})

test('a project without dashboards is skipped, with its reason', () => {
  expect(() => liveDashboards({ environment: {} as RunningEnvironment })).toThrow('names no dashboards')
})

const dashboard = (change: { current?: string; uid?: string } = {}) =>
  readDashboard(
    JSON.stringify({
      uid: 'shop',
      title: 'Shop',
      templating: {
        list: [
          {
            name: 'metrics',
            type: 'datasource',
            query: 'prometheus',
            current: { value: change.current ?? 'prometheus' },
          },
        ],
      },
      panels: [
        {
          id: 1,
          type: 'timeseries',
          title: 'Requests',
          targets: [
            {
              refId: 'A',
              expr: 'up',
              datasource: { type: 'prometheus', uid: change.uid ?? `\${metrics}` },
            },
          ],
        },
      ],
    }),
    'shop.json',
  )

const range = { fromMs: 0, toMs: 1_000 }
const tempo = { name: 'Tempo', uid: 'tempo', type: 'tempo', url: 'http://127.0.0.1:9' }
const provisioned = (...entries: unknown[]): ProvisionedDatasource[] =>
  provisionedDatasources(environment(entries))

test('a dashboard whose datasources are there leads somewhere', async () => {
  expect(await unresolved([dashboard()], provisioned(prometheus, tempo), range)).toEqual([])
})

test.each([
  [
    'a target of an unknown datasource',
    dashboard({ uid: 'prom' }),
    [prometheus, tempo],
    [
      'shop "Requests", panels[0].targets[0]: datasource prom of type prometheus, which is none of prometheus, tempo',
    ],
  ],
  [
    'a variable that was saved with another datasource',
    dashboard({ current: 'prom' }),
    [prometheus, tempo],
    ['shop, variable metrics: datasource prom is none of prometheus, tempo'],
  ],
  [
    'traces that lead to a datasource that is gone',
    dashboard(),
    [prometheus],
    [
      'datasource prometheus, jsonData.exemplarTraceIdDestinations[0].datasourceUid: tempo is none of prometheus',
    ],
  ],
])('%s is told', async (_, wrong, entries, said) => {
  expect(await unresolved([wrong], provisioned(...entries), range)).toEqual(said)
})

test('a datasource answers at the path of its kind; one that does not, or is of another kind, is told', async () => {
  await using ready = await backendDouble(({ path }, response) => {
    response.statusCode = path === '/-/ready' ? 200 : 503
    response.end()
  })
  const at = (type: string, liveUrl: string) => ({
    ...(provisioned(prometheus)[0] as ProvisionedDatasource),
    type,
    liveUrl,
  })
  expect(await unreachable([at('prometheus', ready.url)])).toEqual([])
  expect(await unreachable([at('loki', ready.url)])).toEqual([
    'datasource prometheus: http://prometheus.observability:9090 answers /ready with 503',
  ])
  expect(await unreachable([at('prometheus', 'http://127.0.0.1:9')])).toEqual([
    expect.stringMatching(/^datasource prometheus: .* does not answer \(.*ECONNREFUSED/s),
  ])
  expect(await unreachable([at('graphite', ready.url)])).toEqual([
    'datasource prometheus: of type graphite, which is not known here',
  ])
})
