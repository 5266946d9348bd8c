import { getAtPath, isMap } from '../config/document-path.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import type { Dashboard } from '../dashboards/dashboard-model.ts'
import { referencesIn } from '../dashboards/datasource-references.ts'
import type { Datasource, DatasourceType } from '../dashboards/datasources.ts'
import { readDashboard } from '../dashboards/read-dashboard.ts'
import type { Capability, RunningEnvironment, StackAddresses } from '../environments/contract.ts'
import type { Run } from './run.ts'
import { SkippedClaim } from './skipped-claim.ts'

/** The dashboards of a run as they were rendered, and its datasources at the addresses that lead to them from here. */

export interface ProvisionedDatasource {
  readonly uid: string
  readonly name: string
  readonly type: string
  /** As Grafana would be given it. */
  readonly url: string
  /** Where it is reached from this machine. */
  readonly liveUrl: string
  readonly isDefault: boolean
  readonly scrapeIntervalMs?: number
  /** Other datasources that its links lead to, with the place where they are named. */
  readonly leadsTo: readonly { readonly path: string; readonly uid: string }[]
}

/** @throws SkippedClaim in a project without dashboards; SignalproofError CONFIG_INVALID for one that is none */
export function liveDashboards({ environment }: Pick<Run, 'environment'>): Dashboard[] {
  const documents = Object.entries(environment.dashboards?.dashboards ?? {})
  if (documents.length === 0) throw new SkippedClaim('signalproof.config.ts names no dashboards')
  return documents
    .map(([uid, document]) => readDashboard(JSON.stringify(document), `dashboards:${uid}`))
    .map((dashboard) => ({
      ...dashboard,
      // What cannot be looked at here is neither good nor bad.
      panels: dashboard.panels.filter(({ targets }) =>
        targets.every(({ datasource: { type } }) => type === undefined || isStoreHere({ environment }, type)),
      ),
    }))
}

/** What keeps the signal that a kind of datasource shows: a cluster of somebody else may be without it. */
const storeOf: Readonly<Record<string, Capability>> = {
  prometheus: 'metrics',
  loki: 'logs',
  tempo: 'traces',
  alertmanager: 'alerts',
}

/** Whether a kind of datasource can be asked here at all. */
export function isStoreHere({ environment }: Pick<Run, 'environment'>, type: string): boolean {
  const store = storeOf[type]
  return store === undefined || environment.capabilities.includes(store)
}

/** Services of our manifests, by the address under which they stand in a datasource. */
const services: Readonly<Record<string, keyof StackAddresses>> = {
  'prometheus.observability:9090': 'prometheus',
  'loki.observability:3100': 'loki',
  'tempo.observability:3200': 'tempo',
  'alertmanager.observability:9093': 'alertmanager',
}

export function provisionedDatasources({
  dashboards,
  addresses,
}: Pick<RunningEnvironment, 'dashboards' | 'addresses'>): ProvisionedDatasource[] {
  const entries = getAtPath(dashboards?.datasources, 'datasources')
  return (Array.isArray(entries) ? entries : []).filter(isMap).map((entry) => {
    const url = String(entry.url)
    const service = services[url.replace(/^https?:\/\//, '').replace(/\/$/, '')]
    const interval = getAtPath(entry, 'jsonData.timeInterval')
    const ms = typeof interval === 'string' ? parseDurationMs(interval) : null
    return {
      uid: String(entry.uid),
      name: String(entry.name),
      type: String(entry.type),
      url,
      liveUrl: (service === undefined ? undefined : addresses[service]) ?? url,
      isDefault: entry.isDefault === true,
      ...(ms === null ? {} : { scrapeIntervalMs: ms }),
      leadsTo: referencesIn(entry.jsonData, 'jsonData'),
    }
  })
}

const queried: Readonly<Record<DatasourceType, true>> = { prometheus: true, loki: true, tempo: true }

/** Those that panels are run on. */
export const queriedDatasources = (provisioned: readonly ProvisionedDatasource[]): Datasource[] =>
  provisioned.flatMap(({ uid, name, type, liveUrl, isDefault, scrapeIntervalMs }) =>
    type in queried
      ? [
          {
            type: type as DatasourceType,
            uid,
            name,
            url: liveUrl,
            isDefault,
            ...(scrapeIntervalMs === undefined ? {} : { scrapeIntervalMs }),
          },
        ]
      : [],
  )
