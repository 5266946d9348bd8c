import { expect, test } from 'vitest'
import { writeRunPage } from './page.ts'
import { drawnSeries, loadPlots, valueDomain } from './panel-plot.ts'
import { fullInput, panelDouble, panelsDouble, provenRecord } from './report-doubles.ts'

const bounds = { points: 600, series: 12 }
const drawnWith = async (panel: ReturnType<typeof panelDouble>, faults = panelsDouble(0).faults) =>
  (await loadPlots(panelsDouble(0, { faults })))(panel, bounds).text

const withSeries = (series: readonly (readonly (number | null)[])[], changes = {}) =>
  panelDouble({
    queries: [
      {
        ...(panelDouble().queries[0] as ReturnType<typeof panelDouble>['queries'][number]),
        series: series.map((values, index) => ({
          name: `s${index}`,
          labels: {},
          points: values.map((value, at) => [1_000 + at * 10_000, value] as const),
        })),
      },
    ],
    ...changes,
  })

/** What stands in the groups of one kind of mark, by the label that the library gives them. */
const markOf = (svg: string, name: string) =>
  [...svg.matchAll(new RegExp(`<g[^>]*aria-label="${name}"[^>]*>(.*?)</g>`, 'gs'))].map(([, inner]) => inner)

test('a line for each series, each in its own colour, and the faults behind them by their numbers', async () => {
  const svg = await drawnWith(panelDouble())
  expect(svg.match(/stroke="var\(--series-\d\)"/g)).toEqual(
    [1, 2, 3].map((n) => `stroke="var(--series-${n})"`),
  )
  expect(markOf(svg, 'rect')[0]?.match(/<rect/g)).toHaveLength(2)
  expect(
    markOf(svg, 'text')[0]
      ?.replaceAll(/<[^>]*>/g, ' ')
      .trim()
      .split(/\s+/),
  ).toEqual(['1', '2'])
  expect(svg).not.toMatch(/NaN|undefined|Infinity|<style|<script/)
})

test('a fault begins and ends where it did', async () => {
  // From the first to the second third of the range.
  const svg = await drawnWith(panelDouble(), [{ name: 'x', fromMs: 31_000, toMs: 61_000 }])
  const [plot] = markOf(svg, 'rect')
  const width = Number(/width="([\d.]+)"/.exec(plot ?? '')?.[1])
  const x = Number(/ x="([\d.]+)"/.exec(plot ?? '')?.[1])
  const [left, right] = [58, 430]
  expect(x).toBeCloseTo(left + (right - left) / 3, 0)
  expect(width).toBeCloseTo((right - left) / 3, 0)
})

test('a fault outside of the range is not drawn, and faults that begin together have one label', async () => {
  const at = (fromMs: number) => ({ name: 'x', fromMs, toMs: fromMs + 1_000 })
  expect(markOf(await drawnWith(panelDouble(), [at(500_000)]), 'rect')).toEqual([])
  const svg = await drawnWith(panelDouble(), [at(20_000), at(21_000), at(22_000), at(60_000)])
  expect(
    markOf(svg, 'text')[0]
      ?.replaceAll(/<[^>]*>/g, ' ')
      .trim()
      .split(/\s+/),
  ).toEqual(['1–3', '4'])
})

test('a gap is a gap, and a value that stands alone is a dot', async () => {
  const svg = await drawnWith(withSeries([[1, 2, null, 4, null, 5, 6]]))
  expect(svg.match(/d="M[^"]*"/g)?.some((path) => path.split('M').length > 2)).toBe(true)
  expect(markOf(svg, 'dot')[0]?.match(/<circle/g)).toHaveLength(1)
})

test('the axis begins at zero, and a flat zero is drawn below its threshold', () => {
  const domain = (values: readonly number[], thresholds: readonly number[] = []) => {
    const panel = withSeries([values], { thresholds: thresholds.map((value) => ({ value, color: 'red' })) })
    return valueDomain(panel, drawnSeries(panel, 9))
  }
  expect(domain([90, 100])).toEqual([0, 108])
  expect(domain([-10, 5])).toEqual([-10.8, 5.4])
  expect(domain([0, 0], [0.05, 0.2])).toEqual([0, 0.0625])
  expect(domain([0, 0])).toEqual([0, 1])
})

test('of too many series the highest are drawn, in their order', () => {
  const panel = withSeries([[1], [5], [null], [3], [4]])
  expect(drawnSeries(panel, 2).map(({ name }) => name)).toEqual(['s1', 's4'])
  expect(drawnSeries(panel, 9).map(({ name }) => name)).toEqual(['s0', 's1', 's3', 's4'])
})

test('a page with 100 panels is no larger than 2 MB', async () => {
  const input = { ...fullInput(provenRecord()), panels: panelsDouble(100) }
  const page = writeRunPage(input, await loadPlots(input.panels))
  expect(page.match(/<figure class="panel /g)).toHaveLength(100)
  expect(Buffer.byteLength(page)).toBeLessThan(2_000_000)
})
