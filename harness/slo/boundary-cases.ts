import { type BurnRatePair, thresholdOf } from './burn-rate-windows.ts'
import { type CounterScrapes, increase, rate } from './counter-growth.ts'
import { type Objective, pairsOf } from './objective.ts'

/**
 * What happens in the tests of an objective's alerts: for each pair of windows events just under, exactly at and just over
 * its threshold, the onset and the end, and too few failures. Which alerts then fire is computed from the windows as
 * Prometheus computes them, over all pairs: what a case says about its own pair, and nothing else, is its intention.
 */

/** So many scrapes, each with so many new events, and so many of them bad. */
interface Stretch {
  readonly scrapes: number
  readonly total: number
  readonly bad: number
}

interface Intention {
  readonly atMs: number
  readonly fires: boolean
}

export interface BoundaryCase {
  readonly name: string
  readonly everyMs: number
  readonly stretches: readonly Stretch[]
  readonly pair: BurnRatePair
  readonly moments: readonly Intention[]
}

export interface FiringPair {
  readonly pair: BurnRatePair
  /** The error ratio over the long window: the alert's value. */
  readonly ratio: number
}

/** Scrapes in a short window: as few as a rate can be trusted with, since days of them are evaluated. */
const scrapesInShort = 5

export function boundaryCases(objective: Objective): BoundaryCase[] {
  return pairsOf(objective).flatMap((pair) => casesOf(objective, pair))
}

function casesOf(objective: Objective, pair: BurnRatePair): BoundaryCase[] {
  const threshold = thresholdOf(pair, objective.target)
  // No share of the events can be above 1: the lint tells of such a pair.
  if (threshold >= 1) return []
  const everyMs = pair.shortMs / scrapesInShort
  const scrapes = Math.round(pair.longMs / everyMs)
  const longMs = scrapes * everyMs
  const title = `${objective.name} ${pair.longWindow}/${pair.shortWindow}`
  const named = (name: string, stretches: Stretch[], moments: Intention[]): BoundaryCase => ({
    name: `${title}: ${name}`,
    everyMs,
    stretches,
    pair,
    moments,
  })
  const { total, bad } = exactly(objective, pair, threshold)
  const clean = { scrapes: scrapesInShort + 1, total, bad: 0 }
  const over = { scrapes, total, bad: bad + 1 }
  // Of `scrapes` in a window, the first has no increase that is seen.
  const untilOnset = Math.floor(threshold * (scrapes - 1)) + 1
  const onsetMs = longMs + untilOnset * everyMs
  return [
    named(
      'just over the threshold it fires, and ends after it',
      [over, clean],
      [
        { atMs: longMs, fires: true },
        { atMs: longMs + scrapesInShort * everyMs + everyMs, fires: false },
      ],
    ),
    named(
      'just under the threshold it is silent',
      [{ ...over, bad: bad - 1 }, clean],
      [{ atMs: longMs, fires: false }],
    ),
    named(
      'exactly at the threshold it is silent',
      [{ ...over, bad }, clean],
      [{ atMs: longMs, fires: false }],
    ),
    named(
      'when every event fails it begins once the long window holds enough of them, and ends with the short one',
      [{ scrapes, total, bad: 0 }, { scrapes: untilOnset, total, bad: total }, clean],
      [
        { atMs: onsetMs - everyMs, fires: false },
        { atMs: onsetMs, fires: true },
        // The long window is still full of them.
        { atMs: onsetMs + scrapesInShort * everyMs, fires: false },
      ],
    ),
    ...lowTraffic(objective, { scrapes, everyMs, longMs, named }),
  ]
}

function lowTraffic(
  { minimumFailures }: Objective,
  {
    scrapes,
    everyMs,
    longMs,
    named,
  }: {
    scrapes: number
    everyMs: number
    longMs: number
    named: (name: string, stretches: Stretch[], moments: Intention[]) => BoundaryCase
  },
): BoundaryCase[] {
  if (minimumFailures === undefined || minimumFailures > scrapes - 2) return []
  const quiet = { scrapes, total: 0, bad: 0 }
  return [
    named(
      `at low traffic it is silent with ${minimumFailures - 1} failures, and fires with ${minimumFailures}`,
      [quiet, { scrapes: minimumFailures, total: 1, bad: 1 }],
      [
        { atMs: longMs + (minimumFailures - 1) * everyMs, fires: false },
        { atMs: longMs + minimumFailures * everyMs, fires: true },
      ],
    ),
  ]
}

/** Whole numbers of events whose ratio is the threshold, and stays at most that in floating-point arithmetic. */
function exactly(
  objective: Objective,
  pair: BurnRatePair,
  threshold: number,
): { total: number; bad: number } {
  for (let total = 1_000_000; total <= 64_000_000; total += 1_000_000) {
    const bad = Math.round(threshold * total)
    const scrapes = Math.round((pair.longMs / pair.shortMs) * scrapesInShort)
    const everyMs = pair.shortMs / scrapesInShort
    const trial: BoundaryCase = {
      name: '',
      everyMs,
      stretches: [{ scrapes, total, bad }],
      pair,
      moments: [],
    }
    const fires = firingAt(objective, trial, pair.longMs).some((each) => each.pair === pair)
    if (bad / total === threshold && !fires) return { total, bad }
  }
  throw new Error(`no whole numbers of events have the ratio ${threshold}`)
}

/** Every pair whose alert fires at a moment of a case. */
export function firingAt(objective: Objective, test: BoundaryCase, atMs: number): FiringPair[] {
  const { bad, good, total } = countersOf(test)
  const ratioOver = (rangeMs: number): number | undefined => {
    const [badRate, goodRate, totalRate] = [bad, good, total].map((each) => rate(each, atMs, rangeMs))
    if (badRate === undefined || goodRate === undefined || totalRate === undefined) return undefined
    // As the rules have it: the sum of both parts of a counter, or a histogram's whole and what is within its edge.
    const [all, failed] = isOneCounter(objective)
      ? [badRate + goodRate, objective.bad === undefined ? badRate + goodRate - goodRate : badRate]
      : [totalRate, objective.bad === undefined ? totalRate - goodRate : badRate]
    return all > 0 ? failed / all : undefined
  }
  const failures = (rangeMs: number) => {
    const [badOnes = 0, goodOnes = 0, all = 0] = [bad, good, total].map((each) =>
      increase(each, atMs, rangeMs),
    )
    return objective.bad === undefined ? all - goodOnes : badOnes
  }
  return pairsOf(objective).flatMap((pair) => {
    const threshold = thresholdOf(pair, objective.target)
    const [long, short] = [ratioOver(pair.longMs), ratioOver(pair.shortMs)]
    if (long === undefined || short === undefined || long <= threshold || short <= threshold) return []
    const { minimumFailures = 0 } = objective
    return failures(pair.longMs) >= minimumFailures ? [{ pair: own(test, pair), ratio: long }] : []
  })
}

/** The case's own pair is the very same object for it, so that callers can find it. */
const own = ({ pair }: BoundaryCase, other: BurnRatePair): BurnRatePair =>
  pair.longWindow === other.longWindow ? pair : other

const metricOf = (selector: string): string => selector.split('{')[0] ?? selector

const isOneCounter = ({ bad, good, total }: Objective): boolean =>
  metricOf(bad ?? good ?? '') === metricOf(total)

/** What each kind of counter has at every scrape of a case. */
export function countersOf({
  everyMs,
  stretches,
}: BoundaryCase): Record<'bad' | 'good' | 'total', CounterScrapes> {
  const counted = (of: (stretch: Stretch) => number): CounterScrapes => {
    const values = [0]
    for (const stretch of stretches) {
      for (let scrape = 0; scrape < stretch.scrapes; scrape += 1)
        values.push((values.at(-1) ?? 0) + of(stretch))
    }
    return { everyMs, values }
  }
  return {
    bad: counted(({ bad }) => bad),
    good: counted(({ total, bad }) => total - bad),
    total: counted(({ total }) => total),
  }
}

/** The values of a counter in promtool's notation: a start, a step and how many times. */
export function writeValues({ values }: CounterScrapes): string {
  const written: string[] = []
  let index = 0
  while (index < values.length) {
    const [start = 0, next] = [values[index], values[index + 1]]
    const step = next === undefined ? 0 : next - start
    let steps = 0
    while (index + steps + 1 < values.length) {
      if ((values[index + steps + 1] ?? 0) - (values[index + steps] ?? 0) !== step) break
      steps += 1
    }
    written.push(steps === 0 ? String(start) : `${start}+${step}x${steps}`)
    index += steps + 1
  }
  return written.join(' ')
}
