import { styleText } from 'node:util'
import { formatMs } from '../core/eventually.ts'
import { writeProgress } from './load-text.ts'
import type { RunProgress, ShownClaim, ShownWait } from './run-progress.ts'

/** A run as a terminal shows it: a line a layer, then what is judged now, what it waits for and how much of that time is used. */

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

const signs = {
  proven: ['green', '●'],
  broken: ['red', '✗'],
  blocked: ['yellow', '·'],
  skipped: ['gray', '–'],
  running: ['cyan', '◌'],
  'not yet': ['gray', '○'],
} as const satisfies Record<ShownClaim['state'], readonly [string, string]>

const drawSign = ({ state }: ShownClaim): string => {
  const [colour, sign] = signs[state]
  return styleText(colour, sign)
}

const fewestCurrent = 2
const mostCurrent = 8

/** The lines, none of them wider than the terminal. @param nowMs on the clock that the progress was told by */
export function drawRun(progress: RunProgress, { columns, rows }: TerminalSize, nowMs: number): string[] {
  const width = Math.max(1, columns - 1)
  const layers = [...progress.byLayer].map(([layer, claims]) => drawLayer(layer, claims, width))
  // One row stays free for the cursor, and one for each heading.
  const room = rows - layers.length - 3
  return [
    ...layers,
    ...(progress.load === undefined ? [] : [writeProgress(progress.load).slice(0, width)]),
    ...drawCurrent(progress, Math.min(mostCurrent, Math.max(fewestCurrent, room)), width, nowMs),
  ]
}

function drawLayer(layer: string, claims: readonly ShownClaim[], width: number): string {
  const done = claims.filter(({ state }) => state !== 'not yet' && state !== 'running').length
  const head = `${layer.padEnd(10)} `
  const tail = ` ${done} of ${claims.length}`
  const room = Math.max(0, width - head.length - tail.length)
  // Where there is no room for a sign a claim, what is known of them comes first.
  const shown =
    claims.length <= room ? claims : claims.filter(({ state }) => state !== 'proven').slice(0, room)
  return `${head}${shown.map(drawSign).join('')}${styleText('gray', tail)}`
}

function drawCurrent(progress: RunProgress, most: number, width: number, nowMs: number): string[] {
  const { running } = progress
  if (running.length === 0) {
    const idle = progress.readyAfterMs === undefined ? 'the stack starts' : 'the next claims begin'
    return [styleText('gray', idle.slice(0, width))]
  }
  const shown = running.slice(0, running.length > most ? most - 1 : most)
  const more = running.length - shown.length
  return [
    ...shown.map(({ id, wait }) => drawClaim(id, wait, width, nowMs)),
    ...(more === 0 ? [] : [styleText('gray', `  and ${more} more`.slice(0, width))]),
  ]
}

const barWidth = 10

function drawClaim(id: string, wait: ShownWait | undefined, width: number, nowMs: number): string {
  const head = `  ${id}`
  if (wait === undefined) return head.slice(0, width)
  const usedMs = Math.min(wait.withinMs, Math.max(0, nowMs - wait.sinceMs))
  const time = ` ${formatMs(usedMs)} of ${formatMs(wait.withinMs)} `
  const used = wait.withinMs === 0 ? barWidth : Math.round((usedMs / wait.withinMs) * barWidth)
  const room = width - head.length - time.length - barWidth
  if (room < 0) return head.slice(0, width)
  const text = ` ${wait.condition}${wait.holds ? ' (has to stay so)' : ''}`
  const fitted = text.length <= room ? text.padEnd(room) : `${text.slice(0, Math.max(0, room - 1))}…`
  const bar = `${styleText('cyan', '█'.repeat(used))}${styleText('gray', '░'.repeat(barWidth - used))}`
  return `${head}${styleText('gray', room < 8 ? ' '.repeat(room) : fitted)}${time}${bar}`
}
