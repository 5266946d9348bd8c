import { styleText } from 'node:util'
import { visibleLength, wrap } from '../../core/wrap.ts'
import type { Comparison, FigureChange, Side } from './compare-runs.ts'
import type { SettingChange } from './settings-changes.ts'

/** What a person reads of a comparison, fitted to the width of the terminal. */
export function writeComparison(comparison: Comparison, columns: number): string {
  const width = Math.max(40, Math.min(columns, 120))
  const blocks = [
    [writeSide('before', comparison.before, width), writeSide('after', comparison.after, width)].join('\n'),
    writeSettings(comparison.settings, width),
    writeFigures(comparison.figures, width),
    writeJudgement(comparison, width),
  ]
  return `${blocks.join('\n\n')}\n`
}

function writeSide(which: string, side: Side, width: number): string {
  const { name, repeats, firstStartedAt, leftOut, unlike, unproven } = side
  const lines = [
    `${styleText('bold', which.padEnd(6))} ${name}  ${repeats} ${repeats === 1 ? 'run' : 'runs'} from ${firstStartedAt}`,
    ...leftOut.map(({ run, why }) => `  left out ${run}: ${why}`),
    ...(unproven ? ['  its signals were not proven (--unproven)'] : []),
    ...(unlike.length === 0 ? [] : ['  its runs were not made alike:', ...unlike.map(writeChange)]),
  ]
  return lines.map((line) => wrap(line, width, 0)).join('\n')
}

const writeChange = ({ name, before, after }: SettingChange): string =>
  `  ${name}: ${before ?? 'not there'} → ${after ?? 'not there'}`

function writeSettings(settings: readonly SettingChange[], width: number): string {
  if (settings.length === 0) return 'nothing was set otherwise'
  return [styleText('bold', 'set otherwise'), ...settings.map(writeChange)]
    .map((line) => wrap(line, width, 0))
    .join('\n')
}

function writeFigures(figures: readonly FigureChange[], width: number): string {
  const rows = figures.map((figure) => ({ figure, cells: cellsOf(figure) }))
  const titles = ['', 'before', 'after', 'change']
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  )
  const aligned = (cells: readonly string[]) =>
    `  ${widths.map((wide, column) => (column === 0 ? (cells[0] ?? '').padEnd(wide) : (cells[column] ?? '').padStart(wide))).join('  ')}`
  const isNarrow = aligned([]).length > width
  const lineOf = ({ figure, cells }: (typeof rows)[number]) => {
    const [name, before, after, change, range] = cells
    const head = isNarrow ? `  ${name}\n    ${before} → ${after}  ${change}`.trimEnd() : aligned(cells)
    if (figure.verdict === 'unknown') return head
    const tail = styleText(
      figure.verdict === 'beyond noise' ? 'yellow' : 'gray',
      `${range}  ${figure.verdict}`,
    )
    const lastLine = head.split('\n').at(-1) ?? ''
    return lastLine.length + 2 + visibleLength(tail) <= width ? `${head}  ${tail}` : `${head}\n    ${tail}`
  }
  return [
    ...(isNarrow ? [] : [styleText('gray', aligned(titles))]),
    ...[...Map.groupBy(rows, ({ figure }) => figure.route)].flatMap(([route, mine]) => [
      styleText('bold', route ?? 'all routes'),
      ...mine.map(lineOf),
    ]),
    styleText('gray', '  (cpu: processor time a request)'),
  ].join('\n')
}

function cellsOf({ name, unit, before, after, interval }: FigureChange): string[] {
  const write = (value: number | null) => (value === null ? '–' : `${digits(value)}${spaced(unit)}`)
  const signed = (value: number) => (value === 0 ? '0' : `${value < 0 ? '−' : '+'}${digits(Math.abs(value))}`)
  const change =
    before === null || after === null
      ? ''
      : before === 0
        ? after === 0
          ? '0'
          : `${signed(after)}${spaced(unit)}`
        : `${signed(((after - before) / before) * 100)} %`
  const range = interval === null ? '' : `${signed(interval.low)} … ${signed(interval.high)}${spaced(unit)}`
  return [name, write(before), write(after), change, range]
}

const spaced = (unit: string): string => (unit === '' || unit === '/s' ? unit : ` ${unit}`)

/** Three digits that say something. */
const digits = (value: number): string =>
  value === 0 || Math.abs(value) >= 100
    ? String(Math.round(value))
    : value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3)

function writeJudgement(comparison: Comparison, width: number): string {
  const { before, after, figures, repeatsNeeded, enoughRepeats, expectedByChance, confidence } = comparison
  const percent = Math.round(confidence * 100)
  if (!enoughRepeats) {
    const unlike = [before, after].some(({ unlike }) => unlike.length > 0)
    const why = unlike
      ? 'the runs of one side were not made alike, so they do not show what noise is'
      : `too few repeats: ${before.repeats} and ${after.repeats} of at least ${repeatsNeeded} each`
    const text = `NOISE UNKNOWN: ${why}. The changes above are of these runs, and nothing is said of others; \`signalproof load --repeat ${repeatsNeeded}\` makes a series that can be compared.`
    return wrap(text, width, 0)
  }
  const beyond = figures.filter(({ verdict }) => verdict === 'beyond noise')
  const judged = figures.filter(({ verdict }) => verdict !== 'unknown').length
  const lines = [
    beyond.length === 0
      ? `WITHIN THE NOISE: none of ${judged} figures changed by more than repeats do.`
      : `BEYOND THE NOISE: ${beyond.length} of ${judged} figures: ${beyond.map(nameOf).join(', ')}.`,
    `The ranges are ${percent} % bootstrap intervals of the difference between the means of ${before.repeats} and ${after.repeats} repeats; without any change, ${expectedByChance.toFixed(1)} of ${judged} figures would stand out by chance.`,
    `The series were begun ${minutesBetween(before, after)} apart: what else the machine did in that time is not told from a change.`,
  ]
  return lines.map((line) => wrap(line, width, 0)).join('\n')
}

const nameOf = ({ route, name }: FigureChange): string => (route === null ? name : `${name} of ${route}`)

const minutesBetween = (before: Side, after: Side): string => {
  const minutes = Math.abs(Date.parse(after.firstStartedAt) - Date.parse(before.firstStartedAt)) / 60_000
  return `${Math.round(minutes)} min`
}
