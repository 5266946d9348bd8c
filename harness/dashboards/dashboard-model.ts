/** A dashboard as far as its queries matter, whatever format it was written in. */

/** A datasource as a dashboard names it: by uid, by type, by both or (empty) by leaving it to Grafana's default. */
export interface DatasourceReference {
  readonly type?: string
  /** Also a name, which older dashboards have, and a variable like `${datasource}`. */
  readonly uid?: string
}

/** Something that Grafana knows and this program does not; it is told, never passed over. */
export interface UnsupportedConstruct {
  /** File or address of the dashboard. */
  readonly dashboard: string
  readonly panel?: string
  /** Inside the dashboard: `panels[3].targets[0]`. */
  readonly path: string
  /** What it is: `transformation organize`. */
  readonly construct: string
  /** What became of it: `queries are judged before it`. */
  readonly effect: string
}

/** One value of a variable, with the text that a reader sees. */
export interface VariableOption {
  readonly text: string
  readonly value: string
}

export type VariableKind =
  | 'query'
  | 'custom'
  | 'interval'
  | 'textbox'
  | 'constant'
  | 'datasource'
  | 'adhoc'
  | 'unsupported'

export interface AdhocFilter {
  readonly key: string
  readonly operator: string
  readonly value: string
}

export interface DashboardVariable {
  readonly name: string
  readonly kind: VariableKind
  readonly path: string
  readonly datasource: DatasourceReference
  /** What it asks for: PromQL's `label_values(...)`, the list of a custom variable, the plugin of a datasource variable. */
  readonly query: string
  /** Loki's own form of a query. */
  readonly lokiQuery?: { readonly label: string; readonly stream: string; readonly type: number }
  /** Keeps the values that match, by its group where it has one: `/(.+):\d+/`. */
  readonly regex: string
  /** Grafana's number of the order, 0 for none. */
  readonly sort: number
  readonly multi: boolean
  readonly includeAll: boolean
  readonly allValue?: string
  /** What was chosen when the dashboard was saved; empty where nothing was. */
  readonly current: readonly string[]
  readonly auto?: { readonly count: number; readonly min: string }
  readonly filters: readonly AdhocFilter[]
}

export interface DashboardTarget {
  readonly refId: string
  readonly path: string
  readonly datasource: DatasourceReference
  /** The query's text; empty where the datasource is of a kind that has none we know. */
  readonly query: string
  /** As written: Loki's `range` and `instant`, Tempo's `traceql`. */
  readonly queryType?: string
  readonly instant: boolean
  readonly range: boolean
  /** `time_series`, `table`, `heatmap`. */
  readonly format?: string
  readonly hidden: boolean
  readonly legend?: string
  /** The least step, in Grafana's notation; may hold a variable. */
  readonly interval?: string
  /** Of Prometheus' older queries: how many steps are one. */
  readonly intervalFactor: number
  /** Of Loki's: the step, and the older factor of it. */
  readonly step?: string
  readonly resolution: number
  readonly limit?: number
  readonly exemplar: boolean
}

export interface DashboardPanel {
  readonly id: number
  readonly title: string
  readonly path: string
  readonly description?: string
  readonly type: string
  readonly unit?: string
  readonly thresholds: readonly { readonly value: number; readonly color: string }[]
  readonly datasource: DatasourceReference
  readonly targets: readonly DashboardTarget[]
  readonly interval?: string
  readonly maxDataPoints?: number
  readonly timeFrom?: string
  readonly timeShift?: string
  /** The variables for each value of which there is one such panel: its row's, and its own. */
  readonly repeats: readonly string[]
}

export interface Dashboard {
  /** File or address it was read from. */
  readonly where: string
  readonly uid: string
  readonly title: string
  readonly format: 'classic' | 'rows' | 'v2'
  readonly schemaVersion?: number
  readonly time: { readonly from: string; readonly to: string }
  readonly variables: readonly DashboardVariable[]
  /** Panels that ask for something, in reading order; text, rows and the like are not among them. */
  readonly panels: readonly DashboardPanel[]
  readonly unsupported: readonly UnsupportedConstruct[]
}
