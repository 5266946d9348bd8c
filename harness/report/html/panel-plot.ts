import type { FaultWindow, PanelRecord, PanelSeries, PanelsFile } from '../../dashboards/panel-record.ts'
import { decimated } from './decimate.ts'
import { Markup } from './markup.ts'
import { binaryTicks, formatValue, isBinary } from './units.ts'

/** A panel's series as a static drawing, made by Observable Plot in a document that is no browser's. */

export interface PlotBounds {
  /** Over all series of one panel. */
  readonly points: number
  readonly series: number
}

/** Draws one panel; what is drawn holds numbers and no text of others. */
export type DrawPanel = (panel: PanelRecord, bounds: PlotBounds) => Markup

const size = { width: 440, height: 168 }
const margins = { marginLeft: 58, marginRight: 10, marginTop: 16, marginBottom: 22 }
export const colours = 8

/** The colour of the nth series: the page says what it is in light and in dark. */
export const colourOf = (index: number): string => `var(--series-${(index % colours) + 1})`

/** The series that are drawn: those with values, of the highest peak first where they are too many. */
export function drawnSeries({ queries }: PanelRecord, most: number): PanelSeries[] {
  const all = queries
    .flatMap(({ series }) => series)
    .filter(({ points }) => points.some(([, value]) => value !== null))
  if (all.length <= most) return all
  const peakOf = new Map(all.map((series) => [series, peak(series)]))
  const highest = new Set(all.toSorted((a, b) => (peakOf.get(b) ?? 0) - (peakOf.get(a) ?? 0)).slice(0, most))
  return all.filter((series) => highest.has(series))
}

function peak({ points }: PanelSeries): number {
  let most = Number.NEGATIVE_INFINITY
  for (const [, value] of points) if (value !== null && value > most) most = value
  return most
}

/** What is used of an element: the rest of this program has no names of a browser. */
interface DrawnElement {
  readonly outerHTML: string
  querySelector(selector: string): { remove(): void } | null
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
}

/** Begins to load what draws: whoever knows that there will be panels has it at hand when they are there. */
export const loadLibraries = () => Promise.all([import('@observablehq/plot'), import('linkedom/worker')])

/** Loads the library, which takes longer than to draw: only a run that has panels pays for it. */
export async function loadPlots({ range, faults }: PanelsFile): Promise<DrawPanel> {
  const [Plot, { parseHTML }] = await loadLibraries()
  const { document } = parseHTML('<html></html>')
  const secondsOf = (atMs: number) => (atMs - range.fromMs) / 1000
  const lengthSeconds = Math.max(secondsOf(range.toMs), 1e-3)
  const windows = numbered(faults).flatMap(({ fromMs, toMs, number }) => {
    const [from, to] = [Math.max(0, secondsOf(fromMs)), Math.min(lengthSeconds, secondsOf(toMs))]
    // However short, it is seen.
    return to < 0 || from > lengthSeconds
      ? []
      : [{ from, to: Math.max(to, from + lengthSeconds / 250), number }]
  })
  const labels = labelled(windows, lengthSeconds / 28)
  return (panel, bounds) => {
    const drawn = drawnSeries(panel, bounds.series)
    const most = Math.max(20, Math.floor(bounds.points / Math.max(1, drawn.length)))
    const lines = drawn.map(({ points }) =>
      decimated(points, most).map(([atMs, value]) => ({ at: secondsOf(atMs), value: value ?? Number.NaN })),
    )
    const domain = valueDomain(panel, drawn)
    const limits = panel.thresholds.filter(({ value }) => value > domain[0] && value <= domain[1])
    const alone = lines.flatMap(lonely)
    const svg: DrawnElement = Plot.plot({
      document: document as never,
      ...size,
      ...margins,
      x: {
        domain: [0, lengthSeconds],
        label: null,
        ticks: 5,
        tickFormat: (seconds: number) => formatValue(seconds, 's'),
        tickSize: 3,
      },
      y: {
        domain: [...domain],
        label: null,
        ticks: isBinary(panel.unit) ? binaryTicks(domain[1]) : 4,
        tickFormat: (value: number) => formatValue(value, panel.unit),
        tickSize: 0,
        grid: true,
      },
      // A mark that draws nothing takes as long as one that does.
      marks: [
        ...(windows.length === 0
          ? []
          : [
              Plot.rectX(windows, { x1: 'from', x2: 'to', fill: 'var(--fault)' }),
              Plot.text(labels, {
                x: 'from',
                text: 'words',
                frameAnchor: 'top',
                dy: -11,
                textAnchor: 'start',
                fill: 'var(--fault-ink)',
              }),
            ]),
        ...(limits.length === 0
          ? []
          : [Plot.ruleY(limits, { y: 'value', stroke: 'var(--limit)', strokeDasharray: '4 3' })]),
        ...lines.map((points, index) =>
          Plot.line(points, { x: 'at', y: 'value', stroke: colourOf(index), strokeWidth: 1.6 }),
        ),
        // A value between two gaps is a line of no length.
        ...(alone.length === 0
          ? []
          : [Plot.dot(alone, { x: 'at', y: 'value', r: 1.6, fill: 'currentColor' })]),
      ],
    })
    // The page has a style of its own; Plot's would be a copy for each panel.
    svg.querySelector('style')?.remove()
    svg.setAttribute('aria-hidden', 'true')
    svg.removeAttribute('class')
    return new Markup(thin(svg.outerHTML))
  }
}

/** Faults in the order in which they began, as they are numbered in every plot. */
export function numbered(faults: readonly FaultWindow[]): (FaultWindow & { readonly number: number })[] {
  return faults
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .map((fault, index) => ({ ...fault, number: index + 1 }))
}

/** Numbers that would stand on one another are one label: `3–5`. */
function labelled(
  windows: readonly { readonly from: number; readonly number: number }[],
  closeSeconds: number,
): { from: number; words: string }[] {
  const groups: { from: number; last: number; numbers: number[] }[] = []
  for (const { from, number } of windows) {
    const group = groups.at(-1)
    if (group !== undefined && from - group.last < closeSeconds) {
      group.numbers.push(number)
      group.last = from
    } else groups.push({ from, last: from, numbers: [number] })
  }
  return groups.map(({ from, numbers }) => ({
    from,
    words: numbers.length === 1 ? `${numbers[0]}` : `${numbers[0]}–${numbers.at(-1)}`,
  }))
}

type DrawnPoint = { readonly at: number; readonly value: number }

/**
 * From zero: a rate that looks dramatic since its axis was cut says something else. Where every value is zero, up to the
 * lowest threshold, which is what they could have come to.
 */
export function valueDomain(
  { thresholds }: Pick<PanelRecord, 'thresholds'>,
  drawn: readonly PanelSeries[],
): readonly [number, number] {
  let [least, most] = [0, 0]
  for (const { points } of drawn)
    for (const [, value] of points) {
      if (value === null || !Number.isFinite(value)) continue
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
  if (least !== most) return [least * 1.08, most * 1.08]
  const limits = thresholds.map(({ value }) => value).filter((value) => value > 0 && Number.isFinite(value))
  return [0, limits.length === 0 ? 1 : Math.min(...limits) * 1.25]
}

const lonely = (points: readonly DrawnPoint[]): DrawnPoint[] =>
  points.filter(
    ({ value }, index) =>
      Number.isFinite(value) &&
      !Number.isFinite(points[index - 1]?.value) &&
      !Number.isFinite(points[index + 1]?.value),
  )

/** A tenth of a pixel is seen by nobody, and every panel of a report has hundreds of points. */
const thin = (svg: string): string =>
  svg.replaceAll(/(\d+)\.(\d{2,})/g, (number) => String(Number(Number(number).toFixed(1))))
