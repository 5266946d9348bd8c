import type { DatasourceReference } from './dashboard-model.ts'
import { type ChosenValues, interpolate } from './interpolate.ts'
import type { QueryLanguage } from './value-formats.ts'

/** The datasources that a dashboard's queries go to, as Grafana's provisioning would have them. */

export type DatasourceType = 'prometheus' | 'loki' | 'tempo'

export interface Datasource {
  readonly type: DatasourceType
  readonly uid: string
  /** Dashboards of older schemas name datasources by it. */
  readonly name: string
  readonly isDefault?: boolean
  /** Base address of the backend's API. */
  readonly url: string
  /** Loki's, where it has tenants. */
  readonly tenant?: string
  /** `jsonData.timeInterval` of Grafana: has to be Prometheus' scrape interval. Grafana's default is 15 s. */
  readonly scrapeIntervalMs?: number
}

export const queryLanguages: Readonly<Record<DatasourceType, QueryLanguage>> = {
  prometheus: 'promql',
  loki: 'logql',
  tempo: 'traceql',
}

/** Why a reference leads to no datasource. */
export interface UnknownDatasource {
  /** As the seen part of an account. */
  readonly seen: string
  /** It leads to something that no query of ours can be sent to, as against to one that is missing. */
  readonly isUnsupported: boolean
}

const isAsked = (type: string): boolean => Object.hasOwn(queryLanguages, type)

/** What Grafana has for itself: its own values, the results of other panels, expressions over other queries. */
const ownOfGrafana = new Map([
  ['-- Grafana --', "Grafana's own datasource"],
  ['grafana', "Grafana's own datasource"],
  ['-- Dashboard --', 'the results of another panel'],
  ['-- Mixed --', 'a mixed panel, with a target that names no datasource'],
  ['__expr__', 'an expression over other queries'],
  ['-100', 'an expression over other queries'],
])

export function findDatasource(
  reference: DatasourceReference,
  datasources: readonly Datasource[],
  values: ChosenValues,
): Datasource | UnknownDatasource {
  const type = reference.type === undefined ? undefined : interpolate(reference.type, values)
  const written = reference.uid === undefined ? undefined : interpolate(reference.uid, values)
  const own = ownOfGrafana.get(written ?? '') ?? ownOfGrafana.get(type ?? '')
  if (own !== undefined) return { seen: own, isUnsupported: true }
  if (type !== undefined && !isAsked(type)) return { seen: `datasource of type ${type}`, isUnsupported: true }
  if (written === undefined || written === '' || written === 'default') return defaultOf(type, datasources)
  const found = datasources.find(({ uid, name }) => uid === written || name === written)
  if (found !== undefined && (type === undefined || type === found.type)) return found
  const known = datasources.map(({ uid }) => uid).join(', ')
  if (found !== undefined) {
    const seen = `${written} as a datasource of type ${type}; it is of type ${found.type}`
    return { seen, isUnsupported: false }
  }
  const ofType = type === undefined ? '' : ` of type ${type}`
  // Without a type it may be of any kind.
  return {
    seen: `datasource ${written}${ofType}, which is none of ${known}`,
    isUnsupported: type === undefined,
  }
}

/** A reference by type alone means the first of that type, and one by nothing the default. */
function defaultOf(
  type: string | undefined,
  datasources: readonly Datasource[],
): Datasource | UnknownDatasource {
  const fitting = datasources.filter((one) => type === undefined || one.type === type)
  const found =
    fitting.find(({ isDefault }) => isDefault === true) ?? (type === undefined ? undefined : fitting[0])
  if (found !== undefined) return found
  return {
    isUnsupported: false,
    seen: type === undefined ? 'no datasource named, and no default one' : `datasource of type ${type}`,
  }
}

export const isUnknown = (found: Datasource | UnknownDatasource): found is UnknownDatasource =>
  'seen' in found
