import type { DashboardFile } from './dashboard-shape.ts'
import { knownSignals } from './known-signals.ts'
import type { LintSurroundings } from './lint-surroundings.ts'

/** A dashboard that no lint says anything about, and what it is held against; tests break one thing of it at a time. */

export function dashboardDouble() {
  return {
    id: null as number | null,
    uid: 'shop',
    title: 'Shop',
    description: 'What the shop does, as it counts itself.',
    schemaVersion: 41,
    tags: ['signalproof'],
    editable: false,
    timezone: 'utc',
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    links: [{ type: 'dashboards', title: 'Dashboards', tags: ['signalproof'] }] as Record<string, unknown>[],
    templating: {
      list: [
        variable('metrics', 'datasource', 'prometheus', 'prometheus'),
        variable('logs', 'datasource', 'loki', 'loki'),
        {
          ...variable('app', 'query', '$__all', { query: 'label_values(http_requests_total, app)' }),
          datasource: { type: 'prometheus', uid: `\${metrics}` },
        },
      ] as Record<string, unknown>[],
    },
    panels: [
      panelDouble(1, 'Requests', 'prometheus', `\${metrics}`, {
        expr: 'sum by (app) (rate(http_requests_total{app=~"$app"}[$__rate_interval]))',
        legendFormat: '{{app}}',
      }),
      panelDouble(2, 'Lines', 'loki', `\${logs}`, {
        expr: 'sum by (app) (rate({namespace="apps", app=~"$app"} | json [$__auto]))',
        legendFormat: '{{app}}',
      }),
    ],
  }
}

export type DashboardDouble = ReturnType<typeof dashboardDouble>

const variable = (name: string, type: string, value: string, query: unknown) => ({
  name,
  type,
  query,
  current: { text: value, value },
  multi: type === 'query',
  includeAll: type === 'query',
})

export function panelDouble(
  id: number,
  title: string,
  type: string,
  uid: string,
  target: Record<string, unknown>,
) {
  return {
    id,
    type: 'timeseries',
    title,
    description: 'What it shows and what it means, in a sentence.',
    datasource: { type, uid },
    gridPos: { h: 8, w: 12, x: (id - 1) * 12, y: 0 },
    fieldConfig: {
      defaults: {
        unit: 'reqps',
        thresholds: { mode: 'absolute', steps: [{ color: 'green', value: null }] },
        links: [] as Record<string, unknown>[],
      } as Record<string, unknown>,
      overrides: [],
    },
    links: [{ title: 'Runbook', url: 'http://dev.local/runbooks/ShopDown' }] as Record<string, unknown>[],
    targets: [{ refId: 'A', datasource: { type, uid }, ...target }] as Record<string, unknown>[],
  }
}

export const fileDouble = (document: unknown, name = 'shop'): DashboardFile => ({
  file: `dashboards/grafana/${name}.json`,
  document,
})

export const prometheusDouble = {
  global: { scrape_interval: '10s' },
  scrape_configs: [{ job_name: 'apps' }, { job_name: 'loki', scrape_interval: '30s' }],
}

export const surroundingsDouble = (): Omit<LintSurroundings, 'dashboards'> => ({
  signals: knownSignals({
    config: {
      metrics: { requestsCounter: 'http_requests_total', durationHistogram: 'http_request_duration_seconds' },
    },
    prometheus: prometheusDouble,
    rules: [
      {
        groups: [
          {
            rules: [
              {
                record: 'shop:errors:ratio',
                expr: 'sum by (app) (http_requests_total)',
                labels: { slo: 'a' },
              },
              { alert: 'ShopDown', expr: 'shop:errors:ratio > 0.1', labels: { severity: 'page' } },
            ],
          },
        ],
      },
    ],
    stack: [
      { job: 'loki', metric: 'loki_lines_total', type: 'counter', labels: ['tenant'], declared: false },
      { job: 'loki', metric: 'loki_streams', type: 'gauge', labels: [], declared: false },
    ],
  }),
  datasources: [
    { uid: 'prometheus', type: 'prometheus', timeIntervalMs: 10_000 },
    { uid: 'loki', type: 'loki' },
    { uid: 'tempo', type: 'tempo' },
  ],
  streamLabels: ['namespace', 'app'],
  lineFields: ['status', 'route'],
  runbooks: ['ShopDown'],
})
