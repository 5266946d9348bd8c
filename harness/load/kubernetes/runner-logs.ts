import type { FiguresFile } from '../k6/k6-figures-file.ts'
import { parseFigures } from '../k6/k6-figures-file.ts'
import type { LogFindings } from '../k6/k6-log.ts'
import { LogReader } from '../k6/k6-log.ts'

/** What the pods that made a load have left: each wrote its findings line by line, and its figures at the end. */

/** @param logs one of each runner */
export function readRunnerLogs(logs: readonly string[]): {
  readonly log: LogFindings
  readonly figures: FiguresFile | { readonly wrong: string }
} {
  const reader = new LogReader()
  for (const line of logs.flatMap((log) => log.split('\n'))) reader.read(line)
  const each = logs.map(figuresIn)
  const wrong = each.find((one) => 'wrong' in one)
  if (wrong !== undefined) return { log: reader.findings, figures: wrong }
  const figures = each.filter((one): one is FiguresFile => !('wrong' in one))
  return { log: reader.findings, figures: merge(figures) }
}

/** The figures are written over several lines, of which only the first and the last have nothing before their brace. */
function figuresIn(log: string): FiguresFile | { readonly wrong: string } {
  const lines = log.split('\n')
  const begin = lines.lastIndexOf('{')
  const end = lines.indexOf('}', begin)
  if (begin < 0 || end < 0)
    return {
      wrong: 'a runner left no figures: the script has to export handleSummary of load/lib/figures.ts',
    }
  return parseFigures(lines.slice(begin, end + 1).join('\n'))
}

/** Counts are added up. Of latencies the slowest runner's stand for all: percentiles of parts have no sum. */
function merge(all: readonly FiguresFile[]): FiguresFile | { readonly wrong: string } {
  const [first] = all
  if (first === undefined) return { wrong: 'there was no runner' }
  if (all.length === 1) return first
  const sum = (of: (one: FiguresFile) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    // Each knows the whole plan, and makes its part of it.
    plannedIterations: first.plannedIterations,
    iterations: sum(({ iterations }) => iterations),
    dropped: sum(({ dropped }) => dropped),
    virtualUsersMax: sum(({ virtualUsersMax }) => virtualUsersMax),
    requests: sum(({ requests }) => requests),
    durationMs: Math.max(...all.map(({ durationMs }) => durationMs)),
    routes: first.routes.map(({ name }) => routeOf(name, all)),
    thresholds: first.thresholds.map((threshold, index) => ({
      ...threshold,
      held: all.every(({ thresholds }) => thresholds[index]?.held === true),
    })),
  }
}

function routeOf(name: string, all: readonly FiguresFile[]): FiguresFile['routes'][number] {
  const own = all.flatMap(({ routes }) => routes.filter((route) => route.name === name))
  const answers = Map.groupBy(
    own.flatMap((route) => route.answers),
    ({ status }) => status,
  )
  const asked = own.flatMap(({ latencyMs, requests }) =>
    latencyMs === undefined ? [] : [{ latencyMs, requests }],
  )
  const most = (of: 'p50' | 'p95' | 'p99' | 'max') => Math.max(...asked.map(({ latencyMs }) => latencyMs[of]))
  const requests = asked.reduce((total, one) => total + one.requests, 0)
  return {
    name,
    requests: own.reduce((total, route) => total + route.requests, 0),
    answers: [...answers].map(([status, of]) => ({
      status,
      count: of.reduce((total, { count }) => total + count, 0),
    })),
    latencyMs:
      asked.length === 0
        ? undefined
        : {
            p50: most('p50'),
            p95: most('p95'),
            p99: most('p99'),
            max: most('max'),
            mean: asked.reduce((total, one) => total + one.latencyMs.mean * one.requests, 0) / requests,
          },
  }
}
