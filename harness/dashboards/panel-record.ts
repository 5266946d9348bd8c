/**
 * What running a dashboard's panels found, as plain data: it crosses from the test worker into panels.json of the run's
 * folder, and from there into the report.
 */

/**
 * - `data`: series that move with what they are about.
 * - `empty by design`: no series, and the dashboard says that this is how good looks.
 * - `broken`: a query that is refused, or that asks for what was never there.
 * - `convincing zero`: series that did not move although their cause did.
 */
export type PanelVerdict = 'data' | 'empty by design' | 'broken' | 'convincing zero'

export interface PanelSeries {
  /** As its legend says. */
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Epoch ms and value; null where there is none. */
  readonly points: readonly (readonly [atMs: number, value: number | null])[]
  /** There for a series that did not move although it should have; any other is as good as its query. */
  readonly verdict?: 'convincing zero'
}

export interface PanelQuery {
  readonly refId: string
  readonly datasource: { readonly type: string; readonly uid: string }
  /** As the dashboard has it, with its variables and macros. */
  readonly written: string
  /** As it was sent. */
  readonly sent: string
  readonly verdict: PanelVerdict
  /** Expected, seen, try; there unless the verdict is `data`. */
  readonly reason?: string
  readonly series: readonly PanelSeries[]
  /** Lines of a log panel or rows of a table: what has no plot. */
  readonly rows?: number
}

export interface PanelRecord {
  readonly dashboard: { readonly uid: string; readonly title: string }
  readonly id: number
  readonly title: string
  readonly description?: string
  /** Grafana's panel type. */
  readonly type: string
  /** Grafana's id of the unit: `s`, `percentunit`, `reqps`. */
  readonly unit?: string
  /** Where a threshold line is drawn. */
  readonly thresholds: readonly { readonly value: number; readonly color: string }[]
  /** The worst of its queries'. */
  readonly verdict: PanelVerdict
  readonly reason?: string
  readonly queries: readonly PanelQuery[]
}

/** A time in which something was broken on purpose; epoch ms. */
export interface FaultWindow {
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
}

/** panels.json of a run. */
export interface PanelsFile {
  readonly range: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number }
  readonly faults: readonly FaultWindow[]
  readonly panels: readonly PanelRecord[]
}
