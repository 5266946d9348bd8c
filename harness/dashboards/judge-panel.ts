import type { StoredSeries } from '../backends/query-answers.ts'
import { windowsMs } from '../config/range-windows.ts'
import { accountText } from './account-text.ts'
import type { DatasourceQuery, QueryAnswer } from './ask-datasource.ts'
import type { DesignedEmptiness } from './designed-emptiness.ts'
import { judgeQuery, type QueryFinding } from './judge-query.ts'
import { fitsLabels, hasMoved, type Readings, readingsOf, readingsText, rowReadings } from './moved-series.ts'
import type { NeverMatched } from './never-matched.ts'
import type { ExpectedMove, PanelFault } from './panel-faults.ts'
import type { PanelQuery, PanelRecord, PanelSeries, PanelVerdict } from './panel-record.ts'
import type { PlannedPanel, PlannedQuery } from './plan-queries.ts'
import { seriesName } from './series-name.ts'

/** An answer, or the datasource's own words why there is none. */
export type Outcome = QueryAnswer | { readonly error: string }

export interface JudgeContext {
  readonly answerTo: (query: DatasourceQuery) => Outcome
  /** Why variables have no value, by their names. */
  readonly problems: Readonly<Record<string, string>>
  readonly faults: readonly PanelFault[]
  readonly designedEmptiness: readonly DesignedEmptiness[]
  readonly neverMatched: Pick<NeverMatched, 'partsOf'>
}

/** From good to bad: a panel is as good as the worst of its queries. */
const severity: readonly PanelVerdict[] = ['data', 'empty by design', 'convincing zero', 'broken']

export async function judgePanel(planned: PlannedPanel, context: JudgeContext): Promise<PanelRecord> {
  const { dashboard, panel, title } = planned
  const findings = planned.queries.map((query) => findingOf(query, planned, context))
  const designed = context.designedEmptiness.find(
    (one) => one.dashboard === dashboard.uid && one.panel === panel.title,
  )
  const unmoved = unmovedOf(planned, findings, context.faults)
  const queries = await Promise.all(
    findings.map(async (finding): Promise<PanelQuery> => {
      const { refId, datasource, written, sent } = finding.planned
      const judged = await judgeQuery(finding, {
        designed,
        unmoved: unmoved?.reason,
        neverMatched: context.neverMatched,
      })
      return {
        refId,
        datasource,
        written,
        sent,
        ...judged,
        series:
          unmoved === undefined ? finding.series : finding.series.map((one) => judgeSeries(one, unmoved)),
        ...(finding.rows === undefined ? {} : { rows: finding.rows.length }),
      }
    }),
  )
  const worst = queries.reduce<PanelQuery | undefined>(
    (soFar, query) =>
      soFar === undefined || severity.indexOf(query.verdict) > severity.indexOf(soFar.verdict)
        ? query
        : soFar,
    undefined,
  )
  const nothing = accountText({
    expected: 'a panel that asks for something',
    seen: 'no target that is shown',
    remedy: 'give it a query, or remove it',
  })
  const reason = worst === undefined ? nothing : worst.reason
  return {
    dashboard: { uid: dashboard.uid, title: dashboard.title },
    id: panel.id,
    title,
    type: panel.type,
    thresholds: panel.thresholds,
    verdict: worst?.verdict ?? 'broken',
    queries,
    ...(panel.description === undefined ? {} : { description: panel.description }),
    ...(panel.unit === undefined ? {} : { unit: panel.unit }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function findingOf(
  planned: PlannedQuery,
  { values }: PlannedPanel,
  { answerTo, problems }: JudgeContext,
): QueryFinding {
  const problem = planned.variables.map((name) => problems[name]).find((one) => one !== undefined)
  const shared = { planned, ...(problem === undefined ? {} : { problem }) }
  if (planned.ask === undefined) return { ...shared, series: [] }
  const outcome = answerTo(planned.ask)
  if ('error' in outcome) return { ...shared, series: [], error: outcome.error }
  const { legend, sent } = planned
  return {
    ...shared,
    series: outcome.series.map((series) =>
      asPanelSeries(series, seriesName(series.labels, { legend, query: sent, values })),
    ),
    ...(outcome.rows === undefined ? {} : { rows: outcome.rows }),
  }
}

/** What is no finite number has no place in a plot. */
const asPanelSeries = ({ labels, points }: StoredSeries, name: string): PanelSeries => ({
  name,
  labels,
  points: points.map(([atMs, value]) => [atMs, Number.isFinite(value) ? value : null] as const),
})

/** A move that a panel has not shown. */
interface Unmoved {
  readonly move: ExpectedMove
  readonly reason: string
}

/** Each series that should have moved carries it; the others of its panel had nothing to show. */
const judgeSeries = (series: PanelSeries, { move }: Unmoved): PanelSeries =>
  fitsLabels(series.labels, move.labels) ? { ...series, verdict: 'convincing zero' } : series

/** What the panel should have shown of the faults and did not; one series of one query is enough to show it. */
function unmovedOf(
  { dashboard, panel }: PlannedPanel,
  findings: readonly QueryFinding[],
  faults: readonly PanelFault[],
): Unmoved | undefined {
  for (const fault of faults) {
    const moves = fault.moves.filter((move) => move.dashboard === dashboard.uid && move.panel === panel.title)
    for (const move of moves) {
      const readings = findings.flatMap((finding) => readingsOfQuery(finding, move, fault, faults))
      if (readings.some((one) => hasMoved(one, move))) continue
      const [first] = readings
      const reason = accountText({
        expected: `${panel.title} to go ${move.direction} during ${fault.name}, because ${move.cause}`,
        seen: first === undefined ? seriesWanted(move) : readingsText(first),
        remedy: 'compare what the query selects with the labels of what was counted',
      })
      return { move, reason }
    }
  }
  return undefined
}

const seriesWanted = ({ labels = {} }: ExpectedMove): string => {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return wanted.length === 0 ? 'no series' : `no series with ${wanted.join(', ')}`
}

function readingsOfQuery(
  { planned, series, rows }: QueryFinding,
  move: ExpectedMove,
  fault: PanelFault,
  faults: readonly PanelFault[],
): Readings[] {
  const settleMs = settleOf(planned)
  const sinceMs = Math.max(
    0,
    ...faults.filter(({ toMs }) => toMs <= fault.fromMs).map(({ toMs }) => toMs + settleMs),
  )
  const { ask } = planned
  if (rows !== undefined && ask !== undefined) {
    const fitting = rows.filter(({ labels }) => fitsLabels(labels, move.labels))
    return [
      rowReadings(fitting, fault, { settleMs, sinceMs: Math.max(sinceMs, ask.fromMs), untilMs: ask.toMs }),
    ]
  }
  return series
    .filter(({ labels }) => fitsLabels(labels, move.labels))
    .map((one) => readingsOf(one, fault, { direction: move.direction, settleMs, sinceMs }))
}

/** How long a query still sees what is over: its longest window, and a step. */
function settleOf({ ask }: PlannedQuery): number {
  if (ask === undefined || ask.datasource.type === 'tempo') return 0
  return ask.stepMs + Math.max(0, ...readableWindows(ask))
}

/** A query that does not parse has no answer, either: its windows are of no use. */
function readableWindows({ datasource, expr }: DatasourceQuery): number[] {
  try {
    return windowsMs(datasource.type === 'loki' ? 'logql' : 'promql', expr)
  } catch {
    return []
  }
}
