import type { Grafana } from '../backends/grafana.ts'
import type { Dashboard } from '../dashboards/dashboard-model.ts'
import type { ProvisionedDatasource } from './live-dashboards.ts'

/** What Grafana lacks of what git has for it, one line each; none where it is well. */
export async function grafanaProblems(
  grafana: Pick<Grafana, 'health' | 'datasourceHealth' | 'dashboard'>,
  dashboards: readonly Dashboard[],
  datasources: readonly Pick<ProvisionedDatasource, 'uid' | 'type'>[],
): Promise<string[]> {
  const { database } = await grafana.health()
  const perDatasource = datasources.map(async ({ uid, type }) => {
    const readyPath = type === 'prometheus' || type === 'alertmanager' ? '/-/ready' : '/ready'
    const { isHealthy, said } = await grafana.datasourceHealth(uid, readyPath)
    return isHealthy ? [] : [`datasource ${uid}: ${said}`]
  })
  const perDashboard = dashboards.map(async ({ uid, title }) => {
    const there = await grafana.dashboard(uid)
    if (there === undefined) return [`dashboard ${uid}: it is not there`]
    return [
      ...(there.title === title ? [] : [`dashboard ${uid}: it is called ${there.title}, and here ${title}`]),
      ...(there.isProvisioned ? [] : [`dashboard ${uid}: it was not read from its file`]),
      ...(there.panels > 0 ? [] : [`dashboard ${uid}: it has no panel`]),
    ]
  })
  return [
    ...(database === 'ok' ? [] : [`database: ${database}`]),
    ...(await Promise.all([...perDatasource, ...perDashboard])).flat(),
  ]
}
