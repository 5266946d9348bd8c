import type { Grafana, GrafanaAnswer } from '../backends/grafana.ts'
import type { Dashboard, DashboardTarget } from '../dashboards/dashboard-model.ts'
import { type Datasource, findDatasource, isUnknown, queryLanguages } from '../dashboards/datasources.ts'
import { type ChosenValues, interpolate } from '../dashboards/interpolate.ts'
import type { PanelQuery, PanelsFile } from '../dashboards/panel-record.ts'
import { requestIntervalMs } from '../dashboards/query-macros.ts'
import { resolveVariables } from '../dashboards/resolve-variables.ts'

/** Grafana's own run of the panels beside ours: the query that it makes, the series that it gets, and their values. */

/** So far two readings of one moment may differ: of floats that were added in another order. */
const tolerance = 1e-6

const maxDataPoints = 300

export interface ComparedPanels {
  /** One line for each query that differs, and in what. */
  readonly differences: readonly string[]
  readonly compared: number
}

export async function compareWithGrafana(
  grafana: Pick<Grafana, 'query'>,
  dashboards: readonly Dashboard[],
  {
    datasources,
    file,
    signal,
  }: { datasources: readonly Datasource[]; file: PanelsFile; signal?: AbortSignal },
): Promise<ComparedPanels> {
  const { fromMs, toMs } = file.range
  const differences: string[] = []
  let compared = 0
  for (const dashboard of dashboards) {
    const { values } = await resolveVariables(dashboard, { datasources, range: { fromMs, toMs } })
    for (const panel of dashboard.panels) {
      const record = file.panels.find(
        (one) => one.dashboard.uid === dashboard.uid && one.id === panel.id && one.title === panel.title,
      )
      for (const target of panel.targets) {
        const found = findDatasource(target.datasource, datasources, values)
        const ours = record?.queries.find(({ refId }) => refId === target.refId)
        // Lines and traces have no values to compare.
        if (isUnknown(found) || found.type === 'tempo' || ours === undefined || ours.rows !== undefined)
          continue
        const theirs = await grafana.query(
          askedOf(target, found, values, { fromMs, toMs, panelInterval: panel.interval }),
          signal,
        )
        compared += 1
        const said = difference(ours, theirs)
        if (said !== undefined) differences.push(`${dashboard.uid} "${panel.title}" ${target.refId}: ${said}`)
      }
    }
  }
  return { differences, compared }
}

/** Variables are put in here, as Grafana's page does it; macros are left to its backend. */
function askedOf(
  target: DashboardTarget,
  datasource: Datasource,
  values: ChosenValues,
  { fromMs, toMs, panelInterval }: { fromMs: number; toMs: number; panelInterval: string | undefined },
) {
  const ofDashboard = Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('__')))
  const window = {
    fromMs,
    toMs,
    maxDataPoints,
    ...(panelInterval === undefined ? {} : { panelInterval }),
  }
  return {
    datasource: { type: datasource.type, uid: datasource.uid },
    expr: interpolate(target.query, ofDashboard, queryLanguages[datasource.type]),
    ...(target.interval === undefined ? {} : { interval: target.interval }),
    instant: target.instant && !target.range,
    intervalMs: requestIntervalMs(window, datasource.scrapeIntervalMs ?? 1),
    maxDataPoints,
    fromMs,
    toMs,
  }
}

/** The first thing in which two answers to one query differ; undefined where they agree. */
export function difference(ours: PanelQuery, theirs: GrafanaAnswer): string | undefined {
  if (theirs.error !== undefined) return `Grafana has no answer: ${theirs.error}`
  if (theirs.executed !== undefined && theirs.executed !== ours.sent)
    return `Grafana has sent ${theirs.executed}; here ${ours.sent} was sent`
  const [own, other] = [ours.series, theirs.series].map(
    (all) => new Map(all.map((one) => [keyOf(one.labels), one])),
  )
  if (own === undefined || other === undefined) return undefined
  const missing = [...own.keys()].filter((key) => !other.has(key))
  const more = [...other.keys()].filter((key) => !own.has(key))
  if (missing.length > 0 || more.length > 0)
    return `Grafana ${[
      ...(missing.length === 0 ? [] : [`lacks ${missing.join(', ')}`]),
      ...(more.length === 0 ? [] : [`has ${more.join(', ')} more`]),
    ].join(' and ')}`
  for (const [key, { points }] of own) {
    const values = new Map(other.get(key)?.points)
    // Grafana aligns its steps; only moments that both have can be compared.
    const apart = points.find(([atMs, value]) => {
      const seen = values.get(atMs)
      return (
        seen !== undefined &&
        seen !== null &&
        value !== null &&
        Math.abs(seen - value) > tolerance * Math.max(1, Math.abs(value))
      )
    })
    if (apart !== undefined)
      return `${key} is ${apart[1]} here and ${values.get(apart[0])} there, at ${new Date(apart[0]).toISOString()}`
    const common = points.filter(([atMs]) => values.has(atMs))
    if (common.length === 0 && points.length > 0) return `${key} has no moment that both answers have`
  }
  return undefined
}

const keyOf = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .filter(([name]) => name !== '__name__')
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`
