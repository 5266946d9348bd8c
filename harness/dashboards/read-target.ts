import type { DashboardTarget, DatasourceReference } from './dashboard-model.ts'
import type { RawDatasource, RawTarget } from './dashboard-schema.ts'

/** A datasource as a dashboard has it: an object, a bare name or uid, or null for the default. */
export function readDatasource(raw: RawDatasource): DatasourceReference {
  if (raw === undefined || raw === null) return {}
  if (typeof raw === 'string') return raw === '' || raw === 'default' ? {} : { uid: raw }
  return {
    ...(raw.type ? { type: raw.type } : {}),
    ...(raw.uid ? { uid: raw.uid } : {}),
  }
}

/** `fallback` is the panel's datasource: a target of its own choice overrides it, as in a mixed panel. */
export function readTarget(raw: RawTarget, path: string, fallback: DatasourceReference): DashboardTarget {
  const own = readDatasource(raw.datasource)
  const datasource = own.type === undefined && own.uid === undefined ? fallback : own
  const limit = raw.maxLines ?? raw.limit
  return {
    refId: raw.refId ?? '',
    path,
    datasource,
    query: raw.expr ?? (typeof raw.query === 'string' ? raw.query : ''),
    instant: raw.instant ?? false,
    range: raw.range ?? false,
    hidden: raw.hide ?? false,
    intervalFactor: raw.intervalFactor || 1,
    resolution: raw.resolution || 1,
    exemplar: raw.exemplar ?? false,
    ...(raw.queryType ? { queryType: raw.queryType } : {}),
    ...(raw.format === undefined ? {} : { format: raw.format }),
    ...(raw.legendFormat ? { legend: raw.legendFormat } : {}),
    ...(raw.interval ? { interval: raw.interval } : {}),
    ...(typeof raw.step === 'string' && raw.step !== '' ? { step: raw.step } : {}),
    ...(limit === undefined ? {} : { limit }),
  }
}
