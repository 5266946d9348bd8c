import { goals, judge } from './goals.ts'
import { hopTable } from './hop-text.ts'
import { judgeHop } from './hop-tightness.ts'
import { ratio, seconds, textTable } from './text-table.ts'
import type { VerifyMeasurement } from './verify-runs.ts'

/** The runs of `verify` beside their goals. */
export function writeVerifyRuns(runs: readonly VerifyMeasurement[]): string {
  const row = (what: string, cell: (run: VerifyMeasurement) => string) => [what, ...runs.map(cell)]
  const judged = (
    what: string,
    value: (run: VerifyMeasurement) => number | null,
    write: (value: number | null) => string,
    limit: number,
  ) => [
    ...row(what, (run) => write(value(run))),
    `<= ${write(limit)}`,
    judge(
      runs.map((run) => value(run) ?? Number.NaN),
      limit,
    ),
  ]
  const table = textTable([
    ['', ...runs.map((_, index) => `run ${index + 1}`), 'goal', ''],
    judged('ready', ({ readyMs }) => readyMs, seconds, goals.readyMs),
    row('wall', ({ wallMs }) => seconds(wallMs)),
    row('critical path', ({ criticalPathMs }) => seconds(criticalPathMs)),
    judged(
      'wall / critical path',
      ({ wallMs, criticalPathMs }) => wallMs / criticalPathMs,
      (value) => ratio(value ?? Number.NaN),
      goals.wallByCriticalPath,
    ),
    row('claims / wall', ({ claimsMs, wallMs }) => ratio(claimsMs / wallMs)),
    judged('command to exit', ({ processMs }) => processMs, seconds, goals.verifyMs),
    row('verdict', ({ verdict }) => verdict),
  ])
  return `verify with the binaries present, an environment of its own each time\n${table}\n${runs.map(writeBroken).join('')}`
}

/** Why a run's times are not those of a whole run; empty for one that was proven. */
export function writeBroken({ firstBroken, brokenBecause }: VerifyMeasurement): string {
  if (firstBroken === null) return ''
  const why = (brokenBecause ?? 'no reason was given').split('\n').map((line) => `    ${line}\n`)
  return `  not proven, so its times are not those of a whole run; first broken: ${firstBroken}\n${why.join('')}`
}

/** The hops with which the clock starts: they take no time. */
const clockStarts: readonly string[] = ['served', 'begun']

const titles = { request: 'hops of real requests in verify', outage: 'an outage in verify' } as const

/** The hops that real requests and outages passed in `verify`: too few to judge a worst case by, enough to see a hop that is off. */
export function writeVerifyHops(runs: readonly VerifyMeasurement[]): string {
  const timelines = Map.groupBy(
    runs.flatMap((run) => run.timelines),
    ({ id }) => id,
  )
  return [...timelines]
    .map(([id, mine]) => {
      const hops = Map.groupBy(
        mine.flatMap((timeline) => timeline.hops.filter(({ name }) => !clockStarts.includes(name))),
        ({ name }) => name,
      )
      const findings = [...hops.values()].flatMap((same) =>
        same[0] === undefined ? [] : [judgeHop({ ...same[0], ms: same.map(({ ms }) => ms) })],
      )
      const [first] = mine
      return `${titles[first?.kind ?? 'request']}, ${id}\n${hopTable(findings)}\n`
    })
    .join('\n')
}
