import { styleText } from 'node:util'
import type { Check, ComponentReport, DoctorReport } from './doctor-report.ts'

/** The report for people: what decides stands first, every lack is followed by what to do. */

const signs = {
  ready: '✓',
  lacking: '·',
  blocking: '✗',
  present: '✓',
  download: '·',
  build: '·',
  unavailable: '✗',
} as const
const colours = { '✓': 'green', '·': 'yellow', '✗': 'red' } as const

const areas: readonly [Check['area'], string][] = [
  ['needed', 'needed'],
  ['useful', 'useful, not needed'],
  ['environments', 'other environments'],
]

interface Row {
  readonly state: keyof typeof signs
  readonly name: string
  readonly seen: string
  readonly remedy: string | null
}

export function writeReport(report: DoctorReport, columns: number): string {
  const width = Math.max(50, Math.min(columns, 100))
  const rowsOf = (area: Check['area']) => report.checks.filter((check) => check.area === area)
  const components = report.components.map(asRow)
  const names = [...report.checks, ...components].map(({ name }) => name.length)
  const layout = { width, nameWidth: Math.max(...names) }
  const section = (title: string, rows: readonly Row[]) =>
    rows.length === 0
      ? []
      : [[styleText('bold', title), ...rows.map((row) => writeRow(row, layout))].join('\n')]
  const [[needed, neededTitle], ...others] = areas as [(typeof areas)[number], ...typeof areas]
  const blocks = [
    ...section(`${neededTitle} (${report.platform})`, rowsOf(needed)),
    ...section('components', components),
    ...others.flatMap(([area, title]) => section(title, rowsOf(area))),
    ...section('network', networkRows(report)),
  ]
  return `${[writeHead(report, width), ...blocks, ...writeNotes(report, width)].join('\n\n')}\n`
}

function writeHead({ verdict, summary, first }: DoctorReport, width: number): string {
  const colour = verdict === 'not-ready' ? 'red' : 'green'
  const head = styleText([colour, 'bold'], wrap(summary, width, '').join('\n'))
  return first === null ? head : `${head}\n${wrap(`first: ${first}`, width, '       ').join('\n')}`
}

const asRow = ({ name, version, state, seen, remedy }: ComponentReport): Row => ({
  state,
  name,
  seen: `${version}, ${seen}`,
  remedy,
})

function networkRows({ network }: DoctorReport): Row[] {
  return (network ?? []).map(({ address, reached, seen }) => ({
    state: reached ? 'ready' : 'lacking',
    name: reached ? 'reached' : 'not reached',
    seen: reached ? address : `${address}: ${seen}`,
    remedy: null,
  }))
}

function writeNotes({ network, components, cost }: DoctorReport, width: number): string[] {
  const isMissing = components.some(({ state }) => state === 'download' || state === 'build')
  const notes = [
    ...(isMissing && network === null
      ? ['Whether release archives are reached was not asked; --network asks.']
      : []),
    ...(cost !== null && cost.atMostSeconds > 0
      ? [
          `Times were measured on ${cost.measuredOnCores} cores with nothing cached. What compiling takes of the disk is removed afterwards.`,
        ]
      : []),
  ]
  return notes.length === 0 ? [] : [wrap(notes.join(' '), width, '').join('\n')]
}

function writeRow({ state, name, seen, remedy }: Row, layout: { width: number; nameWidth: number }): string {
  const indent = ' '.repeat(layout.nameWidth + 6)
  const sign = signs[state]
  const lines = wrap(`${indent}${seen}`, layout.width, indent)
  const head = `  ${styleText(colours[sign], sign)} ${name.padEnd(layout.nameWidth)}  ${lines[0]?.slice(indent.length)}`
  const advice = remedy === null ? [] : wrap(`${indent}→ ${remedy}`, layout.width, `${indent}  `)
  return [head, ...lines.slice(1), ...advice].join('\n')
}

/** Breaks at blanks; a path or an address that is longer than a line stays whole. */
function wrap(text: string, width: number, indent: string): string[] {
  const start = /^ */.exec(text)?.[0] ?? ''
  const lines: string[] = []
  let line = ''
  for (const word of text.trim().split(/\s+/)) {
    const longer = line === '' ? `${lines.length === 0 ? start : indent}${word}` : `${line} ${word}`
    if (longer.length > width && line !== '') {
      lines.push(line)
      line = `${indent}${word}`
    } else line = longer
  }
  return [...lines, line]
}
