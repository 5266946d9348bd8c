import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { epochMs } from '../core/clock.ts'
import { eventually, found, notYet } from '../core/eventually.ts'
import { readDesignedEmptiness } from '../dashboards/designed-emptiness.ts'
import { panelIntervalMs } from '../dashboards/grafana-interval.ts'
import type { ExpectedMove, PanelFault } from '../dashboards/panel-faults.ts'
import type { PanelRecord, PanelsFile } from '../dashboards/panel-record.ts'
import { rateIntervalMs } from '../dashboards/query-macros.ts'
import { runDashboards } from '../dashboards/run-dashboards.ts'
import { allowanceMs } from '../timeline/allowances.ts'
import type { PanelsSummary } from './claim-record.ts'
import { liveDashboards, provisionedDatasources, queriedDatasources } from './live-dashboards.ts'
import type { BreakableApp, Run } from './run.ts'

/** Every panel of every dashboard on what this run made, with the faults that its panels have to show. */

/** Points of a plot: a panel's width in pixels, to Grafana. */
const maxDataPoints = 300

/** An app that failed on purpose, from its first to its last failing answer. */
export interface FailedApp {
  readonly app: BreakableApp
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
}

/** What panels have to show of an app's failures, as signalproof.config.ts names them. */
export function shownFault(run: Run, { app, name, fromMs, toMs }: FailedApp): PanelFault {
  const failed = run.traffic.ledger
    .of(app.name)
    .filter(({ status, doneAt }) => (status ?? 0) >= 500 && doneAt >= fromMs && doneAt <= toMs)
  const status = String(failed[0]?.status ?? '')
  const values = { app: app.name, route: app.faultRoute, status }
  const moves = (run.config.dashboards?.showServerErrors ?? []).map(
    ({ dashboard, panel, labels }): ExpectedMove => ({
      dashboard,
      panel,
      direction: 'up',
      labels: Object.fromEntries(labels.map((label) => [label, values[label]])),
      cause: `${failed.length} requests of ${app.name} were answered with ${status}`,
    }),
  )
  return { name, fromMs, toMs, moves }
}

/** Waits until the stored samples reach so far that a rate over its shortest window has left the last fault behind. */
export async function faultsPassed(run: Run, faults: readonly PanelFault[]): Promise<void> {
  if (faults.length === 0) return
  const { scrapeIntervalMs } = await run.timings()
  const wantedMs =
    Math.max(...faults.map(({ toMs }) => toMs)) + rateIntervalMs(scrapeIntervalMs, scrapeIntervalMs)
  await eventually(
    'samples of the apps from after the faults',
    async (signal) => {
      const [oldest] = await run.prometheus.query('min(timestamp(up{job="apps"}))', { signal })
      const atMs = (oldest?.value ?? 0) * 1000
      return atMs > wantedMs ? found(atMs) : notYet(`the oldest is of ${new Date(atMs).toISOString()}`)
    },
    {
      withinMs: Math.max(0, wantedMs - epochMs()) + 2 * scrapeIntervalMs + allowanceMs,
      remedy: 'look at /targets of Prometheus: every app has to be scraped again',
      signal: run.signal,
    },
  )
}

/** Runs all panels and writes panels.json into the run's folder. @throws SignalproofError CONFIG_INVALID, CONFIG_UNREADABLE */
export async function runPanels(
  run: Run,
  fromMs: number,
  faults: readonly PanelFault[],
): Promise<PanelsFile> {
  const dashboards = liveDashboards(run)
  const datasources = queriedDatasources(provisionedDatasources(run.environment))
  const range = { fromMs, toMs: epochMs() }
  const table = run.seed.emptinessTable
  const { panels } = await runDashboards({
    dashboards,
    datasources,
    range,
    faults,
    designedEmptiness: table === undefined ? [] : readDesignedEmptiness(table.text, table.where, dashboards),
    maxDataPoints,
    signal: run.signal,
  })
  const { scrapeIntervalMs } = await run.timings()
  const file: PanelsFile = {
    range: { ...range, stepMs: panelIntervalMs(range.toMs - range.fromMs, maxDataPoints, scrapeIntervalMs) },
    faults: faults.map(({ name, fromMs: begun, toMs }) => ({ name, fromMs: begun, toMs })),
    panels,
  }
  writeFileSync(join(run.seed.folder, 'panels.json'), `${JSON.stringify(file)}\n`)
  run.record.write({ kind: 'panels', panels: summaryOf(panels) })
  return file
}

const summaryOf = (panels: readonly PanelRecord[]): PanelsSummary => ({
  total: panels.length,
  byVerdict: Object.fromEntries(
    [...Map.groupBy(panels, ({ verdict }) => verdict)].map(([verdict, of]) => [verdict, of.length]),
  ),
  broken: panels
    .filter(isWrong)
    .map(({ dashboard, title, reason = '' }) => ({ dashboard: dashboard.uid, panel: title, reason })),
})

export const isWrong = ({ verdict }: Pick<PanelRecord, 'verdict'>): boolean =>
  verdict === 'broken' || verdict === 'convincing zero'

/** In one line each: `app-latency "Requests per second" is broken: expected …; seen …; try …`. */
export const describePanel = ({ dashboard, title, verdict, reason = 'no reason' }: PanelRecord): string =>
  `${dashboard.uid} "${title}" ${verdict === 'broken' ? 'is broken' : `is a ${verdict}`}: ${reason}`
