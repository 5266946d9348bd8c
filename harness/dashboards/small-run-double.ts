import { type DoubleSeries, type PrometheusStock, prometheusDouble } from './datasource-double.ts'
import type { Datasource } from './datasources.ts'
import type { DesignedEmptiness } from './designed-emptiness.ts'
import { readDashboard } from './read-dashboard.ts'
import { type DashboardsOptions, runDashboards } from './run-dashboards.ts'

/** A dashboard of one panel or a few, run on doubles. */

export const range = { fromMs: 1_000_000, toMs: 1_060_000 }

export const dashboard = (...panels: readonly object[]) =>
  readDashboard(JSON.stringify({ uid: 'd', title: 'D', panels }), 'd.json')

export const panel = (expr: string, more: object = {}) => ({
  id: 1,
  title: 'P',
  type: 'timeseries',
  targets: [{ expr }],
  ...more,
})

const requests = (labels: Record<string, string>) => ({
  __name__: 'http_requests_total',
  app: 'go',
  ...labels,
})
export const stored = [requests({ status: '200' }), requests({ status: '500', job: 'x' })]

export const prometheusAt = (url: string): Datasource => ({
  type: 'prometheus',
  uid: 'prometheus',
  name: 'Prometheus',
  url,
  isDefault: true,
  scrapeIntervalMs: 5_000,
})

export async function run(
  stock: PrometheusStock,
  panels: readonly object[],
  more: Partial<DashboardsOptions> = {},
) {
  await using prometheus = await prometheusDouble(stock)
  const result = await runDashboards({
    dashboards: [dashboard(...panels)],
    datasources: [prometheusAt(prometheus.url)],
    range,
    ...more,
  })
  return { ...result, asked: prometheus.asked }
}

export const one = async (stock: PrometheusStock, expr: string, more: Partial<DashboardsOptions> = {}) => {
  const { panels } = await run(stock, [panel(expr)], more)
  const [{ verdict, reason } = { verdict: 'none', reason: 'no panel' }] = panels
  return { verdict, reason }
}

export const series = (...values: number[]): DoubleSeries[] => [{ labels: { app: 'go' }, values }]

export const designed: DesignedEmptiness = {
  dashboard: 'd',
  panel: 'P',
  because: 'nothing fails',
  mayLack: [],
}

export const lokiAt = (url: string): Datasource => ({
  type: 'loki',
  uid: 'loki',
  name: 'Loki',
  url,
  isDefault: true,
})
export const streams = [{ namespace: 'apps', app: 'go' }]
