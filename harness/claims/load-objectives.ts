import { join, resolve } from 'node:path'
import { findProjectRoot } from '../config/load-config.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { ClosedAccounts } from '../load/accounts/close-accounts.ts'
import { type CounterGrowth, growthSince } from '../load/accounts/counter-growth.ts'
import type { JudgedObjective } from '../load/figures-agreement.ts'
import type { GeneratorFigures } from '../load/load-figures.ts'
import type { Objective } from '../slo/objective.ts'
import { objectivesIn, readObjectiveFiles, readObjectives } from '../slo/read-objectives.ts'
import { type EventCounts, judgeObjectives, type ObjectiveVerdict } from '../slo/verdict.ts'
import { accountSources } from './load-accounts.ts'
import { loadRequestOf } from './load-seed.ts'
import type { Run } from './run.ts'

/** What a load spent of the objectives that it was asked to be judged by. */
export interface JudgedLoad {
  readonly verdicts: readonly ObjectiveVerdict[]
  /** The same with what the generator's latencies are held against. */
  readonly objectives: readonly JudgedObjective[]
}

/**
 * Counts the events of each objective over exactly the load, by the growth of its counters.
 * @throws SignalproofError CONFIG_* for a file of objectives, LOAD_INVALID for an objective without requests
 */
export async function judgeLoad(
  run: Run,
  generator: GeneratorFigures,
  { openedAt, closedAt }: Pick<ClosedAccounts, 'openedAt' | 'closedAt'>,
): Promise<JudgedLoad> {
  const { deadlines } = await accountSources(run)
  const window = {
    sinceMs: openedAt,
    nowMs: closedAt,
    reachBackMs: deadlines.scrapedMs,
    signal: run.signal,
  }
  const grow = (selector: string) => growthSince(run.prometheus, selector, window)
  const objectives = askedObjectives(loadRequestOf(run).slo)
  const counts = new Map(
    await Promise.all(
      objectives.map(async (objective) => [objective.name, await countEvents(objective, grow)] as const),
    ),
  )
  const ranMs = generator.window.endedAt - generator.window.startedAt
  const verdicts = judgeObjectives(objectives, counts, ranMs)
  return {
    verdicts,
    objectives: verdicts.map((verdict, index) => ({
      ...verdict,
      thresholdSeconds: objectives[index]?.thresholdSeconds,
    })),
  }
}

/**
 * @throws SignalproofError LOAD_INVALID where what is counted has no series at all: a selector that matches nothing would
 * make everything good, or everything bad. Apps count every answer that they can give from 0 on.
 */
export async function countEvents(
  { name, total, bad, good }: Pick<Objective, 'name' | 'total' | 'bad' | 'good'>,
  grow: (selector: string) => Promise<readonly CounterGrowth[]>,
): Promise<EventCounts> {
  const [all, some] = await Promise.all([grow(total), grow(bad ?? good ?? total)])
  if (some.length > 0)
    return { total: sumOf(all), bad: bad === undefined ? sumOf(all) - sumOf(some) : sumOf(some) }
  throw new SignalproofError('LOAD_INVALID', {
    expected: `counters of the ${bad === undefined ? 'good' : 'bad'} events of ${name}`,
    seen: `Prometheus has none for ${bad ?? good}`,
    where: name,
    remedy:
      bad === undefined
        ? 'compare the selector with the labels of the series: `le` has to be an edge of the histogram'
        : 'compare the selector with the labels of the series; an app has to count each status from 0 on',
  })
}

const sumOf = (series: readonly CounterGrowth[]): number =>
  series.reduce((sum, { growth }) => sum + growth, 0)

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID with file, line and path */
export function askedObjectives(files: readonly string[]): Objective[] {
  const root = findProjectRoot(process.cwd())
  return files.length === 0
    ? readObjectives(join(root, 'load', 'slo'))
    : objectivesIn(readObjectiveFiles(files.map((file) => resolve(root, file))))
}
