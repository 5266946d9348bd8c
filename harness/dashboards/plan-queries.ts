import { accountText } from './account-text.ts'
import { addFilters, isMatcher } from './adhoc-filters.ts'
import type { DatasourceQuery } from './ask-datasource.ts'
import type { Dashboard, DashboardPanel, DashboardTarget, UnsupportedConstruct } from './dashboard-model.ts'
import { type Datasource, findDatasource, isUnknown, queryLanguages } from './datasources.ts'
import { type ChosenValues, interpolate, variableReferences } from './interpolate.ts'
import { isMetricQuery } from './logql-parts.ts'
import { panelTime, type TimeRange } from './panel-time.ts'
import { builtInValues, lokiMacros, prometheusMacros, type QueryWindow } from './query-macros.ts'
import type { ResolvedVariables } from './resolve-variables.ts'

/** What a panel's targets come to: the queries as they go out, and what cannot go out. Nothing is asked here. */

export interface PlannedQuery {
  readonly refId: string
  readonly datasource: { readonly type: string; readonly uid: string }
  readonly written: string
  readonly sent: string
  readonly legend?: string
  /** Undefined for a query that cannot be asked; `refused` says why, in one line. */
  readonly ask?: DatasourceQuery
  readonly refused?: string
  /** Names of the dashboard's variables that it depends on. */
  readonly variables: readonly string[]
}

export interface PlannedPanel {
  readonly dashboard: Dashboard
  readonly panel: DashboardPanel
  readonly title: string
  readonly queries: readonly PlannedQuery[]
  readonly values: ChosenValues
}

export interface PlanOptions {
  readonly resolved: ResolvedVariables
  readonly datasources: readonly Datasource[]
  readonly range: TimeRange
  /** Points for each series: a panel's width in pixels, to Grafana. */
  readonly maxDataPoints: number
}

/** Lines and traces that a panel asks for where it does not say. */
const defaultLimits = { prometheus: 0, loki: 1_000, tempo: 20 } as const

export function planPanels(
  dashboard: Dashboard,
  options: PlanOptions,
): { panels: PlannedPanel[]; unsupported: UnsupportedConstruct[] } {
  const unsupported: UnsupportedConstruct[] = []
  const panels = dashboard.panels.flatMap((panel) =>
    repetitions(panel, options.resolved).map((values) => {
      const planner = new PanelPlanner({ dashboard, panel, values, unsupported, options })
      return planner.plan()
    }),
  )
  return { panels, unsupported: withoutRepeats(unsupported) }
}

/** A repeated panel is found once in the dashboard. */
const withoutRepeats = (constructs: readonly UnsupportedConstruct[]): UnsupportedConstruct[] => [
  ...new Map(constructs.map((one) => [`${one.path}\n${one.construct}`, one])).values(),
]

/** The values of variables for each time that a panel stands there. */
function repetitions({ repeats }: DashboardPanel, { values, options }: ResolvedVariables): ChosenValues[] {
  return repeats.reduce<ChosenValues[]>(
    (soFar, name) =>
      soFar.flatMap((chosen) => {
        const value = chosen[name]
        if (value === undefined) return [chosen]
        const each =
          value.isVerbatim === true ? (options[name] ?? []).map((one) => one.value) : [value.value].flat()
        if (each.length === 0) return [chosen]
        return each.map((one) => ({
          ...chosen,
          [name]: { value: one, text: one, isPattern: value.isPattern },
        }))
      }),
    [values],
  )
}

class PanelPlanner {
  private readonly dashboard: Dashboard
  private readonly panel: DashboardPanel
  private readonly values: ChosenValues
  private readonly unsupported: UnsupportedConstruct[]
  private readonly options: PlanOptions

  constructor(of: {
    dashboard: Dashboard
    panel: DashboardPanel
    values: ChosenValues
    unsupported: UnsupportedConstruct[]
    options: PlanOptions
  }) {
    this.dashboard = of.dashboard
    this.panel = of.panel
    this.values = of.values
    this.unsupported = of.unsupported
    this.options = of.options
  }

  plan(): PlannedPanel {
    const { dashboard, panel, values } = this
    const shown = panel.targets.filter(({ hidden }) => !hidden)
    return {
      dashboard,
      panel,
      title: interpolate(panel.title, values),
      values,
      queries: shown.map((target) => this.planTarget(target)),
    }
  }

  private planTarget(target: DashboardTarget): PlannedQuery {
    const reference = this.panel.datasource
    const found = findDatasource(target.datasource, this.options.datasources, this.values)
    const written = target.query
    const shared = {
      refId: target.refId,
      written,
      variables: [written, target.datasource.uid ?? '', reference.uid ?? '']
        .flatMap(variableReferences)
        .map(({ name }) => name),
      ...(target.legend === undefined ? {} : { legend: target.legend }),
    }
    if (isUnknown(found)) {
      if (found.isUnsupported) this.name(target.path, found.seen)
      const { type = '', uid = '' } = target.datasource
      const refused = accountText({
        expected: 'a target of a datasource that is asked here',
        seen: found.seen,
        remedy: "the uid of a datasource of Grafana's provisioning, or leave the panel out",
      })
      return { ...shared, datasource: { type, uid }, sent: written, refused }
    }
    const datasource = { type: found.type, uid: found.uid }
    if (written.trim() === '') {
      const refused = accountText({
        expected: `a query for ${found.uid}`,
        seen: target.queryType === undefined ? 'none' : `none, of type ${target.queryType}`,
        remedy: 'write one, or remove the target',
      })
      this.name(
        target.path,
        `target without a query${target.queryType === undefined ? '' : `, of type ${target.queryType}`}`,
      )
      return { ...shared, datasource, sent: '', refused }
    }
    const ask = this.prepare(target, found)
    return { ...shared, datasource, sent: ask.expr, ask }
  }

  private prepare(target: DashboardTarget, datasource: Datasource): DatasourceQuery {
    const time = this.ownTime()
    const window: QueryWindow = {
      ...time,
      maxDataPoints: this.panel.maxDataPoints ?? this.options.maxDataPoints,
      ...(this.panel.interval === undefined
        ? {}
        : { panelInterval: interpolate(this.panel.interval, this.values) }),
    }
    if (target.exemplar) this.name(target.path, 'exemplars', 'asked without them')
    const kind = this.kindOf(target, datasource)
    const { stepMs, macros } = this.macrosOf(target, datasource, window, kind)
    const values = { ...this.values, ...builtInValues(time, this.dashboard), ...macros }
    const written = interpolate(target.query, values, queryLanguages[datasource.type])
    const expr = this.filtered(written, target, datasource)
    for (const left of variableReferences(expr))
      this.name(target.path, `variable ${left.written}`, 'left as it is')
    const isAligned = datasource.type === 'prometheus' && kind === 'range'
    const align = (ms: number): number => (isAligned ? Math.floor(ms / stepMs) * stepMs : ms)
    return {
      datasource,
      kind,
      expr,
      fromMs: align(time.fromMs),
      toMs: align(time.toMs),
      stepMs,
      limit: target.limit ?? defaultLimits[datasource.type],
    }
  }

  /** With the filters of ad hoc variables, which stand in no query. */
  private filtered(expr: string, target: DashboardTarget, datasource: Datasource): string {
    const filters = this.dashboard.variables
      .filter(({ kind }) => kind === 'adhoc')
      .filter((one) => {
        const found = findDatasource(one.datasource, this.options.datasources, this.values)
        return !isUnknown(found) && found.uid === datasource.uid
      })
      .flatMap((one) => one.filters)
    const language = queryLanguages[datasource.type]
    const cannot = language === 'traceql' ? filters : filters.filter((one) => !isMatcher(one))
    for (const { key, operator } of cannot) {
      this.name(target.path, `filter ${key} ${operator}`, 'asked without it')
    }
    return language === 'traceql' ? expr : addFilters(expr, filters, language)
  }

  /** The panel's own time, and that of the dashboard where its notation is not known. */
  private ownTime(): TimeRange {
    const { panel, options } = this
    const own = panelTime(panel, options.range)
    if (own !== undefined) return own
    const written = [panel.timeFrom, panel.timeShift].filter((one) => one !== undefined).join(' and ')
    this.name(panel.path, `time range ${written}`, "the dashboard's is taken")
    return options.range
  }

  private kindOf(target: DashboardTarget, { type }: Datasource): DatasourceQuery['kind'] {
    if (type === 'tempo') {
      if (target.queryType !== undefined && target.queryType !== 'traceql') {
        this.name(target.path, `Tempo query of type ${target.queryType}`, 'asked as TraceQL')
      }
      return 'traces'
    }
    if (type === 'loki') {
      const isInstant = target.queryType === 'instant' || (target.queryType === undefined && target.instant)
      if (target.queryType !== undefined && !['instant', 'range'].includes(target.queryType)) {
        this.name(target.path, `Loki query of type ${target.queryType}`, 'asked as a range query')
      }
      // Lines have no instant: Grafana asks for the range then.
      return isInstant && isMetricQuery(target.query) ? 'instant' : 'range'
    }
    if (target.instant && target.range)
      this.name(target.path, 'range and instant in one target', 'asked as a range query')
    return target.instant && !target.range ? 'instant' : 'range'
  }

  private macrosOf(
    target: DashboardTarget,
    { type, scrapeIntervalMs = 15_000 }: Datasource,
    window: QueryWindow,
    kind: DatasourceQuery['kind'],
  ) {
    if (type === 'prometheus') {
      return prometheusMacros(window, {
        ...(target.interval === undefined ? {} : { minStep: interpolate(target.interval, this.values) }),
        intervalFactor: target.intervalFactor,
        scrapeIntervalMs,
      })
    }
    return lokiMacros(window, {
      kind: kind === 'instant' ? 'instant' : 'range',
      ...(target.step === undefined ? {} : { step: interpolate(target.step, this.values) }),
      resolution: target.resolution,
    })
  }

  private name(path: string, construct: string, effect = 'not asked'): void {
    const { dashboard, panel } = this
    this.unsupported.push({ dashboard: dashboard.where, panel: panel.title, path, construct, effect })
  }
}
