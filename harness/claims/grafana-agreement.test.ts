import { expect, test } from 'vitest'
import type { GrafanaAnswer, GrafanaQuery } from '../backends/grafana.ts'
import type { Datasource } from '../dashboards/datasources.ts'
import type { PanelQuery, PanelsFile } from '../dashboards/panel-record.ts'
import { readDashboard } from '../dashboards/read-dashboard.ts'
import { compareWithGrafana, difference } from './grafana-agreement.ts'

const ours: PanelQuery = {
  refId: 'A',
  datasource: { type: 'prometheus', uid: 'prometheus' },
  written: 'sum by (app) (rate(http_requests_total[$__rate_interval]))',
  sent: 'sum by (app) (rate(http_requests_total[2s]))',
  verdict: 'data',
  series: [
    {
      name: 'a',
      labels: { app: 'a' },
      points: [
        [1_000, 0.1],
        [2_000, 0.3],
      ],
    },
  ],
}

const theirs = (change: Partial<GrafanaAnswer> = {}): GrafanaAnswer => ({
  executed: ours.sent,
  series: [
    {
      labels: { app: 'a' },
      points: [
        [1_000, 0.1],
        [2_000, 0.1 + 0.2],
      ],
    },
  ],
  ...change,
})

test('answers that say the same agree, whatever a float was added from', () => {
  expect(difference(ours, theirs())).toBeUndefined()
})

const [same] = theirs().series
test.each<readonly [string, Partial<GrafanaAnswer>, string]>([
  ['an error', { error: 'bad_data' }, 'Grafana has no answer: bad_data'],
  [
    'another window',
    { executed: 'sum by (app) (rate(http_requests_total[1m]))' },
    'Grafana has sent sum by (app) (rate(http_requests_total[1m])); here sum by (app) (rate(http_requests_total[2s])) was sent',
  ],
  ['no series', { series: [] }, 'Grafana lacks {app="a"}'],
  [
    'one more series',
    { series: [...(same === undefined ? [] : [same]), { labels: { app: 'b' }, points: [] }] },
    'Grafana has {app="b"} more',
  ],
  [
    'another value',
    { series: [{ labels: { app: 'a' }, points: [[2_000, 0.4]] }] },
    '{app="a"} is 0.3 here and 0.4 there, at 1970-01-01T00:00:02.000Z',
  ],
  [
    'other moments',
    { series: [{ labels: { app: 'a' }, points: [[2_500, 0.3]] }] },
    '{app="a"} has no moment that both answers have',
  ],
])('%s is a difference', (_, change, said) => {
  expect(difference(ours, theirs(change))).toBe(said)
})

test('Grafana is asked with values for variables and macros as they are written', async () => {
  const dashboard = readDashboard(
    JSON.stringify({
      uid: 'shop',
      title: 'Shop',
      templating: {
        list: [
          { name: 'metrics', type: 'datasource', query: 'prometheus', current: { value: 'prometheus' } },
          { name: 'app', type: 'custom', query: 'a', current: { value: 'a' } },
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
              datasource: { type: 'prometheus', uid: `\${metrics}` },
              expr: 'rate(x{app="$app"}[$__rate_interval])',
              interval: '1s',
            },
          ],
        },
      ],
    }),
    'shop.json',
  )
  const datasource: Datasource = {
    type: 'prometheus',
    uid: 'prometheus',
    name: 'Prometheus',
    url: 'http://127.0.0.1:9',
    scrapeIntervalMs: 500,
  }
  const record = {
    dashboard: { uid: 'shop', title: 'Shop' },
    id: 1,
    title: 'Requests',
    type: 'timeseries',
    thresholds: [],
    verdict: 'data' as const,
    queries: [ours],
  }
  const file: PanelsFile = { range: { fromMs: 0, toMs: 60_000, stepMs: 500 }, faults: [], panels: [record] }
  const asked: GrafanaQuery[] = []
  const query = async (one: GrafanaQuery) => {
    asked.push(one)
    return theirs({ executed: 'rate(x{app="a"}[4s])' })
  }
  const found = await compareWithGrafana({ query }, [dashboard], { datasources: [datasource], file })
  expect(asked).toMatchObject([
    { expr: 'rate(x{app="a"}[$__rate_interval])', interval: '1s', intervalMs: 500, fromMs: 0, toMs: 60_000 },
  ])
  expect(found.compared).toBe(1)
  expect(found.differences).toEqual([expect.stringMatching(/^shop "Requests" A: Grafana has sent rate/)])
})
