import type { KnownSignals } from './known-signals.ts'

/** What the lints hold dashboards against. */
export interface LintSurroundings {
  readonly signals: KnownSignals
  readonly datasources: readonly LintedDatasource[]
  /** Index labels of the log store, and the fields that lines of the apps have. */
  readonly streamLabels: readonly string[]
  readonly lineFields: readonly string[]
  /** Alerts that have a page. */
  readonly runbooks: readonly string[]
  /** The uids of all dashboards. */
  readonly dashboards: readonly string[]
}

export interface LintedDatasource {
  readonly uid: string
  readonly type: string
  /** `jsonData.timeInterval`: what Grafana takes for the scrape interval. */
  readonly timeIntervalMs?: number
}
