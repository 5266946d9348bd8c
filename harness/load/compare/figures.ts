import type { KeptLoad } from './kept-load.ts'

export type Unit = 'ms' | '/s' | '%' | ''

/** One number of a run; `route` is undefined where it is about all of them. */
export interface Figure {
  readonly route: string | undefined
  readonly name: string
  readonly unit: Unit
  readonly value: number
}

/**
 * The figures that runs are compared by: rates, the share of errors, latency by route, and processor time. Rates count
 * what was answered from the start of the generator to its end. The largest latency is not among them: one request makes it.
 */
export function figuresOf({ load }: KeptLoad): Figure[] {
  const { window, answers, latencyByRoute, dropped, cpu } = load.generator
  const seconds = (window.endedAt - window.startedAt) / 1000
  const requests = sum(answers)
  const routes = [...new Set(answers.map(({ route }) => route))].sort()
  const about =
    (route: string | undefined) =>
    (name: string, unit: Unit, value: number): Figure => ({ route, name, unit, value })
  const all = about(undefined)
  return [
    all('answered', '/s', sum(answers.filter(wasAnswered)) / seconds),
    all('errors', '%', percentOfErrors(answers)),
    all('dropped', '', dropped),
    ...routes.flatMap((route) => {
      const of = about(route)
      const mine = answers.filter((answer) => answer.route === route)
      const times = latencyByRoute[route]
      return [
        of('answered', '/s', sum(mine.filter(wasAnswered)) / seconds),
        of('errors', '%', percentOfErrors(mine)),
        ...(times === undefined
          ? []
          : (['p50', 'p95', 'p99', 'mean'] as const).map((name) => of(name, 'ms', times[name]))),
      ]
    }),
    // Of processor time a request: a run with more of them may use more.
    all('cpu: generator', 'ms', (cpu.generatorSeconds * 1000) / requests),
    ...Object.entries(cpu.systemSeconds)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, used]) => all(`cpu: ${name}`, 'ms', (used * 1000) / requests)),
  ]
}

type Answer = KeptLoad['load']['generator']['answers'][number]

const sum = (answers: readonly Answer[]): number => answers.reduce((total, { count }) => total + count, 0)

const wasAnswered = ({ status }: Answer): boolean => status !== 0

/** Of an error the server is the cause, or there was no answer at all. */
const isError = ({ status }: Answer): boolean => status === 0 || status >= 500

const percentOfErrors = (answers: readonly Answer[]): number =>
  (sum(answers.filter(isError)) / sum(answers)) * 100
