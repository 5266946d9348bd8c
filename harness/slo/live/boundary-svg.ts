import { type BurnRatePair, thresholdOf } from '../burn-rate-windows.ts'
import { percent } from './burn-cases.ts'
import { type CaseResult, pairName } from './judge-burn.ts'

/** The sweep as a picture: a panel for each pair, a mark for each service, and the computed boundary over them. */

interface SweepFigures {
  readonly sweep: readonly CaseResult[]
  readonly target: number
  readonly minimumFailures: number
}

const panel = { width: 420, height: 300, left: 62, right: 16, top: 34, bottom: 46 }
const style = `
  svg { color-scheme: light dark; font: 12px system-ui, sans-serif; }
  .paper { fill: #fff } .ink { fill: #1f2328 } .soft { fill: #59636e }
  .line { stroke: #d1d9e0; stroke-width: 1 } .curve { fill: none; stroke: #1f2328; stroke-width: 2 }
  .fired { fill: #c4320a } .silent { fill: none; stroke: #1a7f5a; stroke-width: 1.5 }
  .wrong { fill: none; stroke: #8250df; stroke-width: 2.5 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .ink { fill: #e6edf3 } .soft { fill: #9198a1 }
    .line { stroke: #30363d } .curve { stroke: #e6edf3 }
    .fired { fill: #ff8a65 } .silent { stroke: #56d4a0 } .wrong { stroke: #d2a8ff }
  }`

/** Both axes are logarithmic, from a little below the smallest to a little above the largest value. */
function axis(values: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.log10(Math.min(...values)) - 0.15, Math.log10(Math.max(...values)) + 0.15]
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from)
}

export function boundarySvg(figures: SweepFigures, pairs: readonly BurnRatePair[]): string {
  const width = 2 * panel.width
  const height = 44 + Math.ceil(pairs.length / 2) * panel.height + 30
  const panels = pairs.map((pair, index) => {
    const at = `translate(${(index % 2) * panel.width} ${44 + Math.floor(index / 2) * panel.height})`
    return `<g transform="${at}">${panelOf(figures, pair)}</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    '<title id="title">Which burn-rate alerts fired, by error ratio and traffic, and the computed boundary</title>',
    `<style>${style}\n</style><rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="ink" x="16" y="24" font-size="15">Burn-rate alerts at a target of ${percent(figures.target)}: fired and silent, and the computed boundary</text>`,
    ...panels,
    legend(height - 14),
    '</svg>\n',
  ].join('\n')
}

function panelOf({ sweep, target, minimumFailures }: SweepFigures, pair: BurnRatePair): string {
  const rates = [...new Set(sweep.map(({ ratePerSecond }) => ratePerSecond))]
  const x = axis(rates, panel.left, panel.width - panel.right)
  const y = axis(
    sweep.map(({ errorRatio }) => errorRatio),
    panel.height - panel.bottom,
    panel.top,
  )
  const threshold = thresholdOf(pair, target)
  const [bottom, right] = [panel.height - panel.bottom, panel.width - panel.right]
  const ticks = [
    ...rates.map(
      (rate) =>
        `<line class="line" x1="${px(x(rate))}" x2="${px(x(rate))}" y1="${panel.top}" y2="${bottom}"/><text class="soft" text-anchor="middle" x="${px(x(rate))}" y="${bottom + 16}">${rate}</text>`,
    ),
    ...[0.01, 0.03, 0.1, 0.3, 1].map(
      (ratio) =>
        `<line class="line" x1="${panel.left}" x2="${right}" y1="${px(y(ratio))}" y2="${px(y(ratio))}"/><text class="soft" text-anchor="end" x="${panel.left - 6}" y="${px(y(ratio) + 4)}">${percent(ratio)}</text>`,
    ),
  ]
  return [
    `<text class="ink" x="${panel.left}" y="22">${pair.severity} ${pairName(pair)}: above ${percent(threshold)}${minimumFailures > 0 ? `, ${minimumFailures} failures or more` : ''}</text>`,
    ...ticks,
    ...sweep.map((each) => markOf(each, pair, x(each.ratePerSecond), y(each.errorRatio))),
    `<path class="curve" d="${curveOf({ threshold, minimumFailures, longMs: pair.longMs, rates }, x, y)}"/>`,
    `<text class="soft" text-anchor="middle" x="${(panel.left + right) / 2}" y="${bottom + 36}">requests a second</text>`,
    `<text class="soft" text-anchor="middle" transform="translate(14 ${(panel.top + bottom) / 2}) rotate(-90)">failed</text>`,
  ].join('\n')
}

/** Above it an alert fires: the threshold, and left of where they meet the ratio that makes the guard's failures. */
function curveOf(
  {
    threshold,
    minimumFailures,
    longMs,
    rates,
  }: { threshold: number; minimumFailures: number; longMs: number; rates: readonly number[] },
  x: (rate: number) => number,
  y: (ratio: number) => number,
): string {
  const [from, to] = [minimumFailures / (longMs / 1000), Math.max(...rates)]
  const meet = Math.max(Math.min(...rates), from / threshold)
  // A straight line on logarithmic axes.
  const guard = from === 0 ? '' : `M${px(x(from))} ${px(y(1))} L`
  return `${guard || 'M'}${px(x(meet))} ${px(y(threshold))} L${px(x(to))} ${px(y(threshold))}`
}

function markOf({ what, pairs }: CaseResult, pair: BurnRatePair, x: number, y: number): string {
  const result = pairs.find((each) => each.pair === pairName(pair))
  if (result === undefined) return ''
  const name = `<title>${what}: ${result.fired ? 'fired' : 'silent'}, computed: ${result.expected}</title>`
  const isWrong = result.expected === (result.fired ? 'silent' : 'fires')
  const mark = `<circle class="${result.fired ? 'fired' : 'silent'}" cx="${px(x)}" cy="${px(y)}" r="4">${name}</circle>`
  return isWrong ? `${mark}<circle class="wrong" cx="${px(x)}" cy="${px(y)}" r="8"/>` : mark
}

function legend(y: number): string {
  return [
    `<circle class="fired" cx="22" cy="${y - 4}" r="4"/><text class="ink" x="32" y="${y}">fired</text>`,
    `<circle class="silent" cx="92" cy="${y - 4}" r="4"/><text class="ink" x="102" y="${y}">silent</text>`,
    `<path class="curve" d="M162 ${y - 4}h24"/><text class="ink" x="192" y="${y}">computed boundary</text>`,
    `<circle class="wrong" cx="332" cy="${y - 4}" r="8"/><text class="ink" x="346" y="${y}">not as computed</text>`,
  ].join('')
}

const px = (value: number): string => String(Number(value.toFixed(1)))
