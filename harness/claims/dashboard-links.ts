import { send } from '../core/http.ts'
import { describeThrown } from '../core/signalproof-error.ts'
import type { Dashboard } from '../dashboards/dashboard-model.ts'
import { findDatasource, isUnknown } from '../dashboards/datasources.ts'
import { resolveVariables } from '../dashboards/resolve-variables.ts'
import { askIngress } from './ask-apps.ts'
import { type ProvisionedDatasource, queriedDatasources } from './live-dashboards.ts'
import type { Run } from './run.ts'

/** Everything that a dashboard leads to: its datasources, the values of its variables, the runbooks of its panels. */

interface Range {
  readonly fromMs: number
  readonly toMs: number
}

/** One line for each thing that a dashboard or a datasource names and that is not there. */
export async function unresolved(
  dashboards: readonly Dashboard[],
  provisioned: readonly ProvisionedDatasource[],
  range: Range,
): Promise<string[]> {
  const uids = provisioned.map(({ uid }) => uid)
  const ofDatasources = provisioned.flatMap(({ uid, leadsTo }) =>
    leadsTo
      .filter((one) => !uids.includes(one.uid))
      .map((one) => `datasource ${uid}, ${one.path}: ${one.uid} is none of ${uids.join(', ')}`),
  )
  const ofDashboards = await Promise.all(
    dashboards.map((dashboard) => unresolvedOf(dashboard, provisioned, range)),
  )
  return [...ofDatasources, ...ofDashboards.flat()]
}

async function unresolvedOf(
  dashboard: Dashboard,
  provisioned: readonly ProvisionedDatasource[],
  range: Range,
): Promise<string[]> {
  const datasources = queriedDatasources(provisioned)
  const { values, problems } = await resolveVariables(dashboard, { datasources, range })
  const uids = provisioned.map(({ uid }) => uid)
  const ofVariables = dashboard.variables.flatMap(({ name, kind, current }) => {
    const problem = problems[name]
    if (problem !== undefined) return [`${dashboard.uid}, variable ${name}: ${problem}`]
    // Grafana takes another one of the type instead, and nobody sees that it is not the one that was meant.
    const gone = kind === 'datasource' ? current.filter((uid) => !uids.includes(uid)) : []
    return gone.map(
      (uid) => `${dashboard.uid}, variable ${name}: datasource ${uid} is none of ${uids.join(', ')}`,
    )
  })
  const ofTargets = dashboard.panels.flatMap(({ title, targets }) =>
    targets.flatMap(({ datasource, path }) => {
      const found = findDatasource(datasource, datasources, values)
      return isUnknown(found) ? [`${dashboard.uid} "${title}", ${path}: ${found.seen}`] : []
    }),
  )
  return [...ofVariables, ...ofTargets]
}

/** Where each kind of datasource says that it can answer. */
const readyPaths: Readonly<Record<string, string>> = {
  prometheus: '/-/ready',
  alertmanager: '/-/ready',
  loki: '/ready',
  tempo: '/ready',
}

/** One line for each datasource whose address does not lead to what it is said to be. */
export async function unreachable(provisioned: readonly ProvisionedDatasource[]): Promise<string[]> {
  const lines = await Promise.all(
    provisioned.map(async ({ uid, type, url, liveUrl }) => {
      const path = readyPaths[type]
      if (path === undefined) return `datasource ${uid}: of type ${type}, which is not known here`
      try {
        const { status } = await send({ backend: `the datasource ${uid}`, url: `${liveUrl}${path}` })
        return status === 200 ? undefined : `datasource ${uid}: ${url} answers ${path} with ${status}`
      } catch (thrown) {
        return `datasource ${uid}: ${url} does not answer (${describeThrown(thrown)})`
      }
    }),
  )
  return lines.filter((line) => line !== undefined)
}

/** One line for each runbook whose page is not there. */
export async function missingRunbooks(run: Run, links: readonly URL[]): Promise<string[]> {
  const lines = await Promise.all(
    links.map(async ({ href, pathname, host }) => {
      const { status } = await askIngress(run, pathname, host)
      return status === 200 ? [] : [`${href} is answered with ${status}`]
    }),
  )
  return lines.flat()
}
