import { formatDuration, parseDurationMs } from '../core/prometheus-duration.ts'
import { budgetRecords, budgetStep, burnAlert, recordName } from './burn-rate-rules.ts'
import type { BurnRatePair } from './burn-rate-windows.ts'
import { type Objective, pairsOf } from './objective.ts'

/** The dashboard of all objectives: what is left of each budget, and how fast it goes. Its queries read what the rules record. */

/** The datasource that is chosen above the panels. */
const metrics = { type: 'prometheus', uid: `\${metrics}` } as const
const runbookUrl = `http://dev.local/runbooks/${burnAlert}`
const chosen = 'slo=~"$slo"'

interface Query {
  readonly expr: string
  readonly legendFormat: string
}

interface Panel {
  readonly title: string
  readonly description: string
  readonly type: 'timeseries' | 'stat'
  readonly width: 6 | 12 | 24
  readonly height: number
  readonly unit: string
  readonly queries: readonly Query[]
  /** Marked by a line, and by its colour what lies beyond it; `good` says on which side all is well. */
  readonly threshold: { readonly value: number; readonly good: 'above' | 'below' }
  /** Shown where there is no series: for panels that are empty while all is well. */
  readonly none?: string
}

/** The text of the file that Grafana reads, with lists of plain values on one line as the formatter has them. */
export const writeDashboard = (objectives: readonly Objective[]): string =>
  `${JSON.stringify(sloDashboard(objectives), null, 2).replaceAll(/\[\n\s+("[^"\n]*"(?:,\n\s+"[^"\n]*")*)\n\s+\]/g, onOneLine)}\n`

const onOneLine = (_: string, values: string): string => `[${values.replaceAll(/,\n\s+/g, ', ')}]`

export function sloDashboard(objectives: readonly Objective[]) {
  return {
    id: null,
    uid: 'slo',
    title: 'Objectives: budget and burn',
    description: 'What is left of the error budget of each objective, and how fast it is spent.',
    schemaVersion: 41,
    version: 1,
    tags: ['signalproof'],
    editable: false,
    graphTooltip: 1,
    timezone: 'utc',
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    links: [
      {
        type: 'dashboards',
        title: 'Dashboards',
        tags: ['signalproof'],
        asDropdown: true,
        includeVars: false,
        keepTime: true,
      },
      { type: 'link', title: `Runbook ${burnAlert}`, url: runbookUrl, targetBlank: true },
    ],
    annotations: { list: [] },
    templating: { list: [datasourceVariable, objectiveVariable] },
    panels: placed(panelsOf(objectives)).map(({ panel, ...place }, index) => ({
      id: index + 1,
      ...asGrafana(panel),
      gridPos: place,
    })),
  }
}

const datasourceVariable = {
  name: 'metrics',
  label: 'Prometheus',
  type: 'datasource',
  query: 'prometheus',
  current: { text: 'Prometheus', value: 'prometheus' },
  hide: 0,
  includeAll: false,
  multi: false,
  refresh: 1,
  options: [],
}

const objectiveVariable = {
  name: 'slo',
  label: 'Objective',
  type: 'query',
  datasource: metrics,
  query: { query: `label_values(${budgetRecords.objective}, slo)`, refId: 'slo' },
  includeAll: true,
  multi: true,
  allValue: '.+',
  current: { text: 'All', value: '$__all' },
  refresh: 2,
  sort: 1,
}

function panelsOf(objectives: readonly Objective[]): Panel[] {
  // Objectives over other periods have queries of their own; each query names its objectives.
  const periods = [...Map.groupBy(objectives, ({ periodMs }) => periodMs)]
  const perPeriod = (expr: (period: string, ofPeriod: string) => string): Query[] =>
    periods.map(([periodMs, alike]) => ({
      expr: expr(
        formatDuration(periodMs),
        periods.length === 1 ? chosen : `${chosen}, slo=~"${alike.map(({ name }) => name).join('|')}"`,
      ),
      legendFormat: '{{slo}}',
    }))
  const pairs = new Map(objectives.flatMap(pairsOf).map((pair) => [JSON.stringify(pair), pair]))
  const spent: Panel['threshold'] = { value: 0, good: 'above' }
  return [
    {
      title: 'Budget left',
      description: 'Of what the objective allows over its whole period; below 0 % it is missed.',
      type: 'stat',
      width: 24,
      height: 6,
      unit: 'percentunit',
      queries: perPeriod(budgetLeft),
      threshold: spent,
    },
    {
      title: 'Budget left, over time',
      description: 'It falls when requests are bad and rises when bad requests leave the period.',
      type: 'timeseries',
      width: 24,
      height: 8,
      unit: 'percentunit',
      queries: perPeriod(budgetLeft),
      threshold: spent,
    },
    ...[...pairs.values()].map(burnPanel),
    {
      title: 'Requests a second',
      description: 'A ratio of few requests says little: alerts wait for a least number of bad ones.',
      type: 'timeseries',
      width: 12,
      height: 8,
      unit: 'reqps',
      queries: [
        {
          expr: `${budgetRecords.total}{${chosen}} / ${(parseDurationMs(budgetStep) ?? 0) / 1000}`,
          legendFormat: '{{slo}}',
        },
      ],
      threshold: { value: 0, good: 'above' },
    },
    {
      title: 'Alerts that fire',
      description: 'By objective and pair of windows.',
      type: 'timeseries',
      width: 12,
      height: 8,
      unit: 'short',
      queries: [
        {
          expr: `count by (slo, severity, long_window, short_window) (ALERTS{alertname="${burnAlert}", alertstate="firing", ${chosen}})`,
          legendFormat: '{{slo}} {{severity}} {{long_window}}/{{short_window}}',
        },
      ],
      threshold: { value: 1, good: 'below' },
      none: 'none: no budget burns too fast',
    },
  ]
}

/** Weighted by traffic: counts are summed over the period before they are divided. */
function budgetLeft(period: string, selected: string): string {
  const summed = (record: string) => `sum by (slo) (sum_over_time(${record}{${selected}}[${period}]))`
  const allowed = `(1 - max by (slo) (${budgetRecords.objective}{${selected}}))`
  return `1 - ${summed(budgetRecords.bad)} / (${allowed} * ${summed(budgetRecords.total)})`
}

/** Both windows of a pair; the alert fires while both are above its factor. */
function burnPanel({ severity, factor, longWindow, shortWindow }: BurnRatePair): Panel {
  const pair = `long_window="${longWindow}", short_window="${shortWindow}"`
  const burn = (window: string): Query => ({
    expr: `max by (slo) (${recordName(window)}{${chosen}, ${pair}}) / (1 - max by (slo) (${budgetRecords.objective}{${chosen}}))`,
    legendFormat: `{{slo}} ${window}`,
  })
  return {
    title: `Burn rate over ${longWindow} and ${shortWindow}`,
    description: `At 1 the budget lasts for its period. A ${severity} while both windows are above ${factor}.`,
    type: 'timeseries',
    width: 12,
    height: 8,
    unit: 'none',
    queries: [burn(longWindow), burn(shortWindow)],
    threshold: { value: factor, good: 'below' },
  }
}

function asGrafana({ title, description, type, unit, queries, threshold, none }: Panel) {
  const [fine, bad] = ['green', 'red']
  const [base, beyond] = threshold.good === 'below' ? [fine, bad] : [bad, fine]
  const line = type === 'timeseries' ? { custom: { thresholdsStyle: { mode: 'line' } } } : {}
  return {
    title,
    description,
    type,
    datasource: metrics,
    links: [{ title: `Runbook ${burnAlert}`, url: runbookUrl, targetBlank: true }],
    fieldConfig: {
      defaults: {
        unit,
        ...(none === undefined ? {} : { noValue: none }),
        thresholds: {
          mode: 'absolute',
          steps: [
            { color: base, value: null },
            { color: beyond, value: threshold.value },
          ],
        },
        ...line,
      },
      overrides: [],
    },
    options:
      type === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value' }
        : { legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] } },
    targets: queries.map((query, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: metrics,
      ...query,
    })),
  }
}

/** From left to right and from top to bottom, on Grafana's 24 columns. */
function placed(panels: readonly Panel[]) {
  let [x, y, rowHeight] = [0, 0, 0]
  return panels.map((panel) => {
    if (x + panel.width > 24) [x, y, rowHeight] = [0, y + rowHeight, 0]
    const place = { panel, h: panel.height, w: panel.width, x, y }
    x += panel.width
    rowHeight = Math.max(rowHeight, panel.height)
    return place
  })
}
