import type { PanelRecord, PanelsFile, PanelVerdict } from '../../dashboards/panel-record.ts'
import { type Markup, markup } from './markup.ts'
import {
  colourOf,
  type DrawPanel,
  drawnSeries,
  numbered,
  type PlotBounds,
  valueDomain,
} from './panel-plot.ts'
import { formatValue } from './units.ts'
import { reasonList } from './verdict-section.ts'
import { badge, counted, foldable, moment, section, time } from './words.ts'

/** Every panel as it was seen in the run, with the times in which something was broken on purpose. */

/** Those that say something false first. */
const verdicts = ['broken', 'convincing zero', 'empty by design', 'data'] as const
const classes: Readonly<Record<PanelVerdict, string>> = {
  broken: 'broken',
  'convincing zero': 'broken',
  'empty by design': 'skipped',
  data: 'proven',
}

/** A hundred panels take about 1 MB; more of them have fewer points each. */
const pointsInAll = 60_000
const boundsFor = (panels: number): PlotBounds => ({
  points: Math.max(60, Math.min(600, Math.floor(pointsInAll / Math.max(1, panels)))),
  series: 12,
})

export function panelsSection(file: PanelsFile | undefined, draw: DrawPanel): Markup | undefined {
  if (file === undefined || file.panels.length === 0) return undefined
  const { panels, faults, range } = file
  const byDashboard = Map.groupBy(panels, ({ dashboard }) => dashboard.uid)
  const counts = verdicts.flatMap((verdict) => {
    const of = panels.filter((panel) => panel.verdict === verdict).length
    return of === 0 ? [] : [`${of} ${verdict}`]
  })
  return section(
    'panels',
    'Panels of the dashboards',
    `${counted(panels.length, 'panel')}: ${counts.join(', ')}. ${time(range.toMs - range.fromMs)} from left to right.`,
    markup`${
      faults.length > 0 &&
      markup`<ol class="faults" aria-label="What was broken on purpose, by its number in the plots">${numbered(faults).map(({ name, fromMs, toMs }) => markup`<li>${name} <small>from ${moment(fromMs, range.fromMs)}, for ${time(toMs - fromMs)}</small></li>`)}</ol>`
    }
${[...byDashboard.values()].map((of) => dashboard(of, draw, boundsFor(panels.length)))}`,
  )
}

function dashboard(panels: readonly PanelRecord[], draw: DrawPanel, most: PlotBounds): Markup {
  const [first] = panels
  const wrong = panels.filter(({ verdict }) => classes[verdict] === 'broken').length
  return markup`<details class="dashboard" open>
<summary><h3>${first?.dashboard.title}</h3> <span class="count">${counted(panels.length, 'panel')}${wrong > 0 && markup`, <b class="ink-broken">${wrong} wrong</b>`}</span></summary>
<div class="panels">${panels.map((panel) => writePanel(panel, draw, most))}</div>
</details>`
}

function writePanel(panel: PanelRecord, draw: DrawPanel, most: PlotBounds): Markup {
  const { title, description, verdict, queries, reason, type } = panel
  const why = reason ?? queries.find((query) => query.reason !== undefined)?.reason
  return markup`<figure class="panel ${classes[verdict]}">
<figcaption><h4>${title}</h4>${badge(classes[verdict], verdict)}</figcaption>
${description !== undefined && markup`<p class="small">${description}</p>`}
${plotOf(panel, draw, most)}
${verdict !== 'data' && why !== undefined && (classes[verdict] === 'broken' ? reasonList(why, { remedy: true }) : markup`<p class="why">${why}</p>`)}
<details class="query"><summary>${counted(queries.length, 'query', 'queries')}<span class="sr"> of ${title}</span> <small>· ${type}</small></summary>
${queries.map(
  ({ refId, datasource, written, sent, verdict: one }) =>
    markup`<p class="small"><b>${refId}</b> ${datasource.type} <code>${datasource.uid}</code> ${badge(classes[one], one)}</p><pre>${bounded(written)}</pre>${sent !== written && markup`<p class="small">as it was sent</p><pre>${bounded(sent)}</pre>`}`,
)}</details>
</figure>`
}

function plotOf(panel: PanelRecord, draw: DrawPanel, bounds: PlotBounds): Markup {
  const { queries, unit, thresholds } = panel
  const drawn = drawnSeries(panel, bounds.series)
  const all = queries.reduce((sum, { series }) => sum + series.length, 0)
  const rows = queries.reduce((sum, query) => sum + (query.rows ?? 0), 0)
  if (drawn.length === 0)
    return markup`<p class="no-plot">${rows > 0 ? `${counted(rows, 'row')}, which have no plot` : 'no series'}</p>`
  const [, most] = valueDomain(panel, drawn)
  const above = thresholds.filter(({ value }) => value > most)
  return markup`${draw(panel, bounds)}
<ul class="series">${drawn.map(({ name, points }, index) => markup`<li><i style="--series:${colourOf(index)}"></i><span>${name === '' ? 'value' : foldable(shortened(name))}</span> <b>${lastValue(points, unit)}</b></li>`)}</ul>
${
  (all > drawn.length || above.length > 0) &&
  markup`<p class="small">${all > drawn.length && `${counted(all - drawn.length, 'more series', 'more series')} without values or below these. `}${above.length > 0 && `Thresholds above what is drawn: ${above.map(({ value }) => formatValue(value, unit)).join(', ')}.`}</p>`
}`
}

function lastValue(
  points: PanelRecord['queries'][number]['series'][number]['points'],
  unit: string | undefined,
): string {
  const last = points.findLast(([, value]) => value !== null)?.[1]
  return last === null || last === undefined ? '–' : formatValue(last, unit)
}

const shortened = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 119)}…`)

/** A query of a generated dashboard may be as long as it likes; the file in git has all of it. */
const bounded = (text: string): string => (text.length <= 4_000 ? text : `${text.slice(0, 3_999)}…`)
