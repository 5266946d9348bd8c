import { goals, judge } from './goals.ts'
import type { KeptMeasurement, Rest } from './kept-environment.ts'
import { addKnown, memoryKind } from './process-usage.ts'
import { seconds, textTable } from './text-table.ts'
import { writeBroken } from './verify-text.ts'

/** What the environment uses at rest and how fast a layer is proven on it, beside their goals. */
export function writeKept(measured: KeptMeasurement): string {
  const { upMs, components, layer, again } = measured
  const row = (name: string, ...times: readonly Rest[]) => [
    name,
    ...times.flatMap(({ memoryBytes, anonymousBytes, cpuShare }) => [
      megabytes(memoryBytes),
      anonymousBytes === null ? '' : megabytes(anonymousBytes),
      `${(cpuShare * 100).toFixed(1)} %`,
    ]),
  ]
  const all = [sum(components.map(({ before }) => before)), sum(components.map(({ after }) => after))]
  const memory = all.map(({ memoryBytes }) => memoryBytes)
  return [
    `the environment at rest, before and after \`verify ${layer}\`: memory as ${memoryKind}, of that what no file holds, and the share of one processor`,
    textTable([
      ['', memoryKind, 'own', 'cpu', `${memoryKind} after`, 'own', 'cpu', 'goal', ''],
      ...components.map(({ name, before, after }) => row(name, before, after)),
      [...row('all', ...all), `<= ${megabytes(goals.memoryBytes)}`, judge(memory, goals.memoryBytes)],
    ]),
    ...writeOthers(measured),
    '',
    `one layer again on a kept environment (${again.verdict})`,
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
    writeBroken(again),
  ].join('\n')
}

function writeOthers({ othersRunning }: KeptMeasurement): string[] {
  if (othersRunning === 0 || memoryKind !== 'PSS') return []
  return [
    `  other processes that run the same programs: ${othersRunning}; they take their part of the shared pages, so PSS is too low`,
  ]
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

function sum(rests: readonly Rest[]): Rest {
  return {
    memoryBytes: rests.reduce((total, { memoryBytes }) => total + memoryBytes, 0),
    anonymousBytes: rests.reduce<number | null>((total, one) => addKnown(total, one.anonymousBytes), 0),
    cpuShare: rests.reduce((total, { cpuShare }) => total + cpuShare, 0),
  }
}
