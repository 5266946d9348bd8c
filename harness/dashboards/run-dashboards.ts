import { describeThrown } from '../core/signalproof-error.ts'
import { askDatasource, type DatasourceQuery } from './ask-datasource.ts'
import { atMost } from './at-most.ts'
import type { Dashboard, UnsupportedConstruct } from './dashboard-model.ts'
import type { Datasource } from './datasources.ts'
import type { DesignedEmptiness } from './designed-emptiness.ts'
import { judgePanel, type Outcome } from './judge-panel.ts'
import { NeverMatched } from './never-matched.ts'
import type { PanelFault } from './panel-faults.ts'
import type { PanelRecord } from './panel-record.ts'
import { type PlannedPanel, planPanels } from './plan-queries.ts'
import { type ResolvedVariables, resolveVariables, type WantedValues } from './resolve-variables.ts'

/** Runs every panel of some dashboards on what the datasources have, and judges it. */

export interface DashboardsOptions {
  readonly dashboards: readonly Dashboard[]
  readonly datasources: readonly Datasource[]
  /** Epoch ms; with faults it begins before the first and ends after the last. */
  readonly range: { readonly fromMs: number; readonly toMs: number }
  /** Values of variables that are not to be chosen as Grafana would; by name, for all dashboards. */
  readonly variables?: WantedValues
  /** What was broken in the range, and which panels have to show it. */
  readonly faults?: readonly PanelFault[]
  /** Which panels may be empty, as the table beside the dashboards says. */
  readonly designedEmptiness?: readonly DesignedEmptiness[]
  /** Points of a series; a panel's width in pixels, to Grafana. */
  readonly maxDataPoints?: number
  /** How many queries are under way at once. */
  readonly atOnce?: number
  readonly signal?: AbortSignal
}

export interface DashboardsRun {
  readonly panels: readonly PanelRecord[]
  /** What Grafana knows of these dashboards and this program does not. */
  readonly unsupported: readonly UnsupportedConstruct[]
}

/** Never throws for what a datasource answers: that is what its verdicts are about. */
export async function runDashboards(options: DashboardsOptions): Promise<DashboardsRun> {
  const { datasources, range, signal, maxDataPoints = 300, atOnce = 8 } = options
  const cancel = signal === undefined ? {} : { signal }
  const planned: { panels: readonly PlannedPanel[]; resolved: ResolvedVariables }[] = []
  const unsupported: UnsupportedConstruct[] = []
  for (const dashboard of options.dashboards) {
    const resolved = await resolveVariables(dashboard, {
      datasources,
      range: { ...range, ...cancel },
      atOnce,
      ...(options.variables === undefined ? {} : { wanted: options.variables }),
    })
    const plan = planPanels(dashboard, { resolved, datasources, range, maxDataPoints })
    planned.push({ panels: plan.panels, resolved })
    unsupported.push(...dashboard.unsupported, ...resolved.unsupported, ...plan.unsupported)
  }
  const answers = await askAll(
    planned.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.flatMap(({ ask }) => ask ?? []))),
    atOnce,
    signal,
  )
  const neverMatched = new NeverMatched(signal)
  const work = planned.flatMap(({ panels, resolved }) => panels.map((panel) => ({ panel, resolved })))
  const panels = await atMost(atOnce, work, ({ panel, resolved }) =>
    judgePanel(panel, {
      answerTo: (query) => answers.get(keyOf(query)) ?? { error: 'it was not asked' },
      problems: resolved.problems,
      faults: options.faults ?? [],
      designedEmptiness: options.designedEmptiness ?? [],
      neverMatched,
    }),
  )
  return { panels, unsupported }
}

async function askAll(
  queries: readonly DatasourceQuery[],
  atOnce: number,
  signal: AbortSignal | undefined,
): Promise<Map<string, Outcome>> {
  const different = new Map(queries.map((query) => [keyOf(query), query]))
  const outcomes = await atMost(atOnce, [...different], async ([key, query]): Promise<[string, Outcome]> => {
    try {
      return [key, await askDatasource(query, signal)]
    } catch (thrown) {
      signal?.throwIfAborted()
      return [key, { error: describeThrown(thrown) }]
    }
  })
  return new Map(outcomes)
}

const keyOf = ({ datasource, kind, expr, fromMs, toMs, stepMs, limit }: DatasourceQuery): string =>
  JSON.stringify([datasource.uid, kind, expr, fromMs, toMs, stepMs, limit])
