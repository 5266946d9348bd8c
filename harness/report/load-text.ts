import { styleText } from 'node:util'
import { formatMs } from '../core/eventually.ts'
import { formatDuration } from '../core/prometheus-duration.ts'
import { wrap } from '../core/wrap.ts'
import type { LoadProgress } from '../load/k6/k6-progress.ts'
import type { GeneratorFigures } from '../load/load-figures.ts'
import type { LoadResult, SignalsBasis } from '../load/load-report.ts'
import type { ObjectiveVerdict } from '../slo/verdict.ts'

/** What a person reads of a load and of the objectives under it, fitted to a width. */

/** Where nobody asked whether the signals are true, everything that is read says so. */
export const unprovenSignals = 'UNPROVEN SIGNALS: nobody asked whether what was counted is true'

export function writeLoad({ request, signals, generator, faults = [] }: LoadResult, width: number): string {
  const { workload, ratePerSecond, durationMs } = request
  const head = `${styleText('bold', 'load')} ${styleText('gray', `${workload}, up to ${ratePerSecond}/s for ${formatDuration(durationMs)}`)}`
  const lines = [
    ...writeBasis(signals),
    ...(generator === undefined ? ['the generator was not started'] : [writeCounts(generator)]),
    ...faults.map(
      ({ app, status, matched, injected }) =>
        `${app}: ${injected} of ${matched} requests ${status === null ? 'made late' : `answered with ${status}`} on purpose`,
    ),
  ]
  return [
    head,
    ...lines.map((line) => wrap(line, width, 2)),
    ...(generator === undefined ? [] : [writeRoutes(generator, width), ...writeCpu(generator, width)]),
  ].join('\n')
}

function writeBasis(signals: SignalsBasis): string[] {
  if (signals.basis === 'unproven') return [styleText(['bold', 'yellow'], unprovenSignals)]
  if (signals.basis === 'this run') return []
  return [`on the signals that run ${signals.runId} proved at ${signals.provenAt}`]
}

/** No answer, or one with a server error. */
const isFailure = (status: number): boolean => status === 0 || status >= 500

function writeCounts({ answers, dropped, window }: GeneratorFigures): string {
  const requests = sumOf(answers)
  const failed = sumOf(answers.filter(({ status }) => isFailure(status)))
  return `${requests} requests in ${formatMs(window.endedAt - window.startedAt)}, ${failed} failed, ${dropped} dropped`
}

const sumOf = (answers: GeneratorFigures['answers']): number =>
  answers.reduce((sum, { count }) => sum + count, 0)

function writeRoutes({ answers, latencyByRoute }: GeneratorFigures, width: number): string {
  const byRoute = Map.groupBy(answers, ({ method, route }) => `${method} ${route}`)
  const rows = [...byRoute].map(([name, ofRoute]) => {
    const { p50, p95, p99 } = latencyByRoute[ofRoute[0]?.route ?? ''] ?? {}
    const failed = sumOf(ofRoute.filter(({ status }) => isFailure(status)))
    const times = [p50, p95, p99].map((ms) => (ms === undefined ? '–' : latency(ms)))
    return [name, String(sumOf(ofRoute)), String(failed), ...times]
  })
  if (rows.length === 0) return ''
  const head = ['route', 'requests', 'failed', 'p50', 'p95', 'p99']
  const nameWidth = Math.max(...rows.map(([name = '']) => name.length))
  const isNarrow = width < 2 + nameWidth + 42
  const widths = isNarrow ? [8, 7, 8, 8, 8] : [8, 7, 9, 9, 9]
  const line = ([name = '', ...cells]: readonly string[]) => {
    const numbers = cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('')
    return isNarrow ? `  ${name}\n${numbers}` : `  ${name.padEnd(nameWidth)}${numbers}`
  }
  return [styleText('gray', line(head)), ...rows.map(line)].join('\n')
}

/** A tenth of a millisecond is what a client can be asked to tell apart. */
const latency = (ms: number): string => (ms < 1000 ? `${ms.toFixed(1)} ms` : formatMs(ms))

function writeCpu({ cpu }: GeneratorFigures, width: number): string[] {
  const { generatorSeconds, generatorWaitedSeconds, systemSeconds, cores } = cpu
  const waited =
    generatorWaitedSeconds === null ? '' : `, which waited ${seconds(generatorWaitedSeconds)} for a core`
  const parts = Object.entries(systemSeconds).sort(([, a], [, b]) => b - a)
  const system = parts.reduce((sum, [, used]) => sum + used, 0)
  const words =
    parts.length === 0
      ? 'the system an unknown part'
      : `the system ${seconds(system)}: ${parts.map(([part, used]) => `${part} ${seconds(used)}`).join(', ')}`
  const what = `CPU on ${cores} cores: the generator ${seconds(generatorSeconds)}${waited}; ${words}`
  return [wrap(styleText('gray', what), width, 2)]
}

const seconds = (value: number): string => `${value.toFixed(1)} s`

export function writeObjectives(objectives: readonly ObjectiveVerdict[], width: number): string {
  if (objectives.length === 0) return ''
  return [
    styleText('bold', 'objectives, over exactly the load'),
    ...objectives.flatMap(({ held, words, burnByWindow }) => [
      wrap(`${held ? styleText('green', '✓') : styleText('red', '✗')} ${words}`, width, 2),
      ...burnByWindow.flatMap(({ severity, long, short, alertsAfterMs }) =>
        alertsAfterMs === null
          ? []
          : [
              wrap(
                `${long}/${short}: the ${severity} comes after ${formatMs(alertsAfterMs)} of requests as bad as these`,
                width,
                4,
              ),
            ],
      ),
    ]),
  ].join('\n')
}

/** Where a load stands, in one line. */
export function writeProgress(progress: LoadProgress): string {
  const { elapsedMs, ratePerSecond, p95Ms, failed, dropped } = progress
  const p95 = p95Ms === null ? '' : `, p95 ${latency(p95Ms)}`
  return `load ${Math.round(elapsedMs / 1000)} s: ${ratePerSecond.toFixed(0)}/s${p95}, ${(failed * 100).toFixed(1)} % failed, ${dropped} dropped`
}
