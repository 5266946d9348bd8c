import { availableParallelism } from 'node:os'
import type { CpuShares, GeneratorFigures, LoadWindow } from '../load-figures.ts'
import { answersOf, type FiguresFile, latencyByRoute } from './k6-figures-file.ts'
import { type EndedRun, invalidBecause } from './validity.ts'

/** What a generator saw, whether it ran on this machine or in pods of a cluster. */

type CpuSeconds = Readonly<Record<string, number>>

export interface EndedGenerator extends EndedRun {
  readonly window: LoadWindow
  /** Seconds of CPU that each part of the system had used before and after; undefined where nobody says. */
  readonly systemBefore?: CpuSeconds | undefined
  readonly systemAfter?: CpuSeconds | undefined
}

export function generatorFigures(end: EndedGenerator): GeneratorFigures {
  const { window, exitCode, log, figures } = end
  return {
    window,
    exitCode,
    exceptions: log.exceptions,
    ...('wrong' in figures ? noFigures : seen(figures)),
    cpu: sharesOf(end),
    invalidBecause: invalidBecause(end),
  }
}

const noFigures = {
  iterations: 0,
  dropped: 0,
  virtualUsersMax: 0,
  answers: [],
  latencyByRoute: {},
  thresholds: [],
}

const seen = (figures: FiguresFile) => ({
  iterations: figures.iterations,
  dropped: figures.dropped,
  virtualUsersMax: figures.virtualUsersMax,
  answers: answersOf(figures),
  latencyByRoute: latencyByRoute(figures),
  thresholds: figures.thresholds,
})

function sharesOf({ cpu, systemBefore = {}, systemAfter = {} }: EndedGenerator): CpuShares {
  return {
    generatorSeconds: cpu.seconds,
    generatorWaitedSeconds: cpu.waitedSeconds,
    // A part that was started anew meanwhile counts from its own begin.
    systemSeconds: Object.fromEntries(
      Object.entries(systemAfter).map(([part, seconds]) => {
        const used = seconds - (systemBefore[part] ?? 0)
        return [part, used < 0 ? seconds : used]
      }),
    ),
    cores: availableParallelism(),
  }
}
