import { goals, judge } from './goals.ts'
import type { KeptMeasurement, Rest } from './kept-environment.ts'
import { memoryKind } from './process-usage.ts'
import { seconds, textTable } from './text-table.ts'

/** What the environment uses at rest and how fast a layer is proven on it, beside their goals. */
export function writeKept({ upMs, components, layer, again }: KeptMeasurement): string {
  const row = (name: string, ...times: readonly Rest[]) => [
    name,
    ...times.flatMap(({ memoryBytes, cpuShare }) => [
      megabytes(memoryBytes),
      `${(cpuShare * 100).toFixed(1)} %`,
    ]),
  ]
  const all = [sum(components.map(({ before }) => before)), sum(components.map(({ after }) => after))]
  const memory = all.map(({ memoryBytes }) => memoryBytes)
  const verdict =
    again.firstBroken === null ? again.verdict : `${again.verdict}, first broken: ${again.firstBroken}`
  return [
    `the environment at rest, before and after \`verify ${layer}\`: memory as ${memoryKind}, processor as the share of one`,
    textTable([
      ['', memoryKind, 'cpu', `${memoryKind} after`, 'cpu after', 'goal', ''],
      ...components.map(({ name, before, after }) => row(name, before, after)),
      [...row('all', ...all), `<= ${megabytes(goals.memoryBytes)}`, judge(memory, goals.memoryBytes)],
    ]),
    '',
    `one layer again on a kept environment (${verdict})`,
    textTable([
      ['command to exit', '', 'goal', ''],
      ['up', seconds(upMs), `<= ${seconds(goals.readyMs)}`, judge([upMs], goals.readyMs)],
      [
        `verify ${layer}`,
        seconds(again.processMs),
        `<= ${seconds(goals.againMs)}`,
        judge([again.processMs], goals.againMs),
      ],
    ]),
    '',
  ].join('\n')
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

function sum(rests: readonly Rest[]): Rest {
  return {
    memoryBytes: rests.reduce((total, { memoryBytes }) => total + memoryBytes, 0),
    cpuShare: rests.reduce((total, { cpuShare }) => total + cpuShare, 0),
  }
}
