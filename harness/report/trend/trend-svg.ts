import type { Trend, TrendFigures, TrendRun } from './read-trend.ts'

/** The kept runs as a picture: a row for each figure, a line for each kind of run. */

const figures: readonly { readonly key: keyof TrendFigures; readonly title: string }[] = [
  { key: 'readyMs', title: 'ready after, seconds' },
  { key: 'detectionMs', title: 'slowest fault, to its notification, seconds' },
  { key: 'wallMs', title: 'wall time of the run, seconds' },
]

const row = { width: 860, height: 170 }
/** Told apart in light and dark and by those who do not see red and green apart; the legend names them. */
const colours = ['#0969da', '#bc4c00', '#8250df', '#1a7f37', '#9a6700', '#bf3989']
const verdictSymbols = { proven: 'circle', broken: 'times', invalid: 'triangle' } as const

/** Draws the trend as one SVG. Loads the plot library, which nothing else of the command needs. */
export async function trendSvg({ runs }: Pick<Trend, 'runs'>): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom/worker')])
  const { document } = parseHTML('<html></html>')
  const kinds = [...new Set(runs.map(({ kind }) => kind))]
  const plots = figures.map(({ key, title }, index) => {
    const points = runs.flatMap((run) => point(run, key))
    const svg: { outerHTML: string; querySelector(selector: string): { remove(): void } | null } = Plot.plot({
      document: document as never,
      ...row,
      marginLeft: 56,
      marginTop: 30,
      x: { type: 'utc', domain: timeDomain(runs), label: null },
      y: { zero: true, grid: true, label: null, ticks: 4 },
      color: { domain: kinds, range: colours },
      symbol: { domain: Object.keys(verdictSymbols), range: Object.values(verdictSymbols) },
      marks: [
        Plot.line(points, { x: 'at', y: 'seconds', stroke: 'kind', z: 'kind', strokeOpacity: 0.45 }),
        Plot.dot(points, {
          x: 'at',
          y: 'seconds',
          stroke: 'kind',
          symbol: 'verdict',
          r: 4,
          strokeWidth: 1.6,
        }),
      ],
    })
    svg.querySelector('style')?.remove()
    // What is inside has to stand on its own in a picture of pictures.
    const inner = svg.outerHTML.replace(/^<svg /, `<svg x="0" y="${legendHeight + index * row.height}" `)
    return `${inner}\n<text class="ink" x="8" y="${legendHeight + index * row.height + 14}">${title}</text>`
  })
  const height = legendHeight + figures.length * row.height
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${row.width} ${height}" width="${row.width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">Readiness, detection and wall time of ${runs.length} runs</title>`,
    `<style>${style}</style><rect class="paper" width="${row.width}" height="${height}"/>`,
    legend(kinds),
    ...plots,
    '</svg>\n',
  ].join('\n')
}

const legendHeight = 34

const style = `
  svg { color-scheme: light dark; color: #1f2328; font: 12px system-ui, sans-serif; }
  .paper { fill: #fff } .ink, text { fill: currentColor }
  @media (prefers-color-scheme: dark) { svg { color: #e6edf3 } .paper { fill: #0d1117 } }`

function point(run: TrendRun, key: keyof TrendFigures) {
  const ms = run[key]
  if (ms === null) return []
  return [{ at: new Date(run.startedAt), seconds: ms / 1000, kind: run.kind, verdict: run.verdict }]
}

/** One run alone has no extent: a minute on both sides makes it a picture. */
function timeDomain(runs: readonly TrendRun[]): [Date, Date] {
  const times = runs.map(({ startedAt }) => Date.parse(startedAt))
  const [from, to] = [Math.min(...times), Math.max(...times)]
  return from === to ? [new Date(from - 60_000), new Date(to + 60_000)] : [new Date(from), new Date(to)]
}

function legend(kinds: readonly string[]): string {
  const items = [
    ...kinds.map((kind, index) => ({ mark: '●', colour: colours[index % colours.length], words: kind })),
    { mark: '○', colour: 'currentColor', words: 'proven' },
    { mark: '×', colour: 'currentColor', words: 'broken' },
    { mark: '△', colour: 'currentColor', words: 'invalid' },
  ]
  let x = 8
  return items
    .map(({ mark, colour, words }) => {
      const at = x
      x += 34 + words.length * 7
      return `<text x="${at}" y="16"><tspan style="fill: ${colour}">${mark}</tspan> ${escaped(words)}</text>`
    })
    .join('\n')
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
