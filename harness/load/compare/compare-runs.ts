import { confidence, type Interval, intervalOfChange, meanOf, repeatsNeeded } from './bootstrap.ts'
import { type Figure, figuresOf, type Unit } from './figures.ts'
import type { KeptSeries } from './kept-load.ts'
import { type SettingChange, settingChanges, unlikeRuns } from './settings-changes.ts'

/** `unknown`: too few repeats, or a figure that not every run has. */
export type ChangeVerdict = 'beyond noise' | 'within noise' | 'unknown'

export interface FigureChange {
  readonly route: string | null
  readonly name: string
  readonly unit: Unit
  /** Means over the repeats; null where no run has the figure. */
  readonly before: number | null
  readonly after: number | null
  /** Of after − before; null where nothing can be said of the noise. */
  readonly interval: Interval | null
  readonly verdict: ChangeVerdict
}

export interface Side extends Pick<KeptSeries, 'name' | 'folder' | 'leftOut'> {
  readonly repeats: number
  readonly firstStartedAt: string
  readonly unproven: boolean
  /** What its own repeats differ in, which they must not. */
  readonly unlike: readonly SettingChange[]
}

export interface Comparison {
  readonly before: Side
  readonly after: Side
  readonly settings: readonly SettingChange[]
  readonly figures: readonly FigureChange[]
  readonly confidence: number
  readonly repeatsNeeded: number
  /** Whether noise could be judged at all. */
  readonly enoughRepeats: boolean
  /** How many figures would stand out if nothing had changed. */
  readonly expectedByChance: number
}

/** What changed from one run or series to another, and which figures changed by more than repeats of the same do. */
export function compareRuns(before: KeptSeries, after: KeptSeries): Comparison {
  const [first, second] = [before.runs[0], after.runs[0]]
  if (first === undefined || second === undefined)
    throw new RangeError('expected at least one run on each side')
  const sides = [sideOf(before), sideOf(after)] as const
  // Repeats that were not made alike vary for reasons that are no noise.
  const areAlike = sides.every(({ unlike }) => unlike.length === 0)
  const enoughRepeats = areAlike && sides.every(({ repeats }) => repeats >= repeatsNeeded)
  const figures = changesOf(before, after, areAlike)
  const judged = figures.filter(({ verdict }) => verdict !== 'unknown').length
  return {
    before: sides[0],
    after: sides[1],
    settings: settingChanges(first, second),
    figures,
    confidence,
    repeatsNeeded,
    enoughRepeats,
    expectedByChance: judged * (1 - confidence),
  }
}

function sideOf({ name, folder, leftOut, runs }: KeptSeries): Side {
  return {
    name,
    folder,
    leftOut,
    repeats: runs.length,
    firstStartedAt: runs.map(({ startedAt }) => startedAt).sort()[0] ?? '',
    unproven: runs.some(({ unproven }) => unproven === true),
    unlike: unlikeRuns(runs),
  }
}

interface Values {
  readonly figure: Figure
  readonly values: number[]
}

function changesOf(before: KeptSeries, after: KeptSeries, areAlike: boolean): FigureChange[] {
  const [was, is] = [valuesOf(before), valuesOf(after)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const figure = was.get(key)?.figure ?? is.get(key)?.figure
    if (figure === undefined) return []
    const [from, to] = [was.get(key)?.values ?? [], is.get(key)?.values ?? []]
    const isComplete = from.length === before.runs.length && to.length === after.runs.length
    const interval =
      areAlike && isComplete && Math.min(from.length, to.length) >= repeatsNeeded
        ? intervalOfChange(from, to)
        : null
    return [
      {
        route: figure.route ?? null,
        name: figure.name,
        unit: figure.unit,
        before: from.length === 0 ? null : meanOf(from),
        after: to.length === 0 ? null : meanOf(to),
        interval,
        verdict: verdictOf(interval),
      },
    ]
  })
}

function verdictOf(interval: Interval | null): ChangeVerdict {
  if (interval === null) return 'unknown'
  return interval.low > 0 || interval.high < 0 ? 'beyond noise' : 'within noise'
}

function valuesOf({ runs }: KeptSeries): Map<string, Values> {
  const known = new Map<string, Values>()
  for (const figure of runs.flatMap(figuresOf)) {
    const key = `${figure.route ?? ''} ${figure.name}`
    const entry = known.get(key) ?? { figure, values: [] }
    entry.values.push(figure.value)
    known.set(key, entry)
  }
  return known
}
