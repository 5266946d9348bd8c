import { type HopInputs, type HopName, hops, worstCaseOf } from '../../harness/timeline/hops.ts'
import { enoughTrials, goals } from './goals.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** What a hop took in all trials against what the configuration allows it. */
export interface HopFinding {
  readonly name: string
  readonly ms: Spread
  readonly worstCaseMs: number
  readonly deadlineMs: number
  /** Worst case ÷ largest observation; null where no setting delays the hop. */
  readonly worstCaseByLargest: number | null
  readonly judgement: 'tight' | 'loose' | 'argued' | 'too few'
  /** Trials that took longer than the worst case, and of these the ones that the allowance did not cover either. */
  readonly aboveWorstCase: number
  readonly aboveDeadline: number
}

export interface HopObservations {
  readonly name: string
  readonly ms: readonly number[]
  readonly worstCaseMs: number
  readonly deadlineMs: number
}

/**
 * Judges how tight a worst case is. One that no observation comes near would let a slow hop pass; a hop that no
 * setting delays has nothing to be tight against and is argued instead.
 */
export function judgeHop({ name, ms, worstCaseMs, deadlineMs }: HopObservations): HopFinding {
  const spread = spreadOf(ms)
  const worstCaseByLargest = worstCaseMs === 0 ? null : worstCaseMs / spread.max
  return {
    name,
    ms: spread,
    worstCaseMs,
    deadlineMs,
    worstCaseByLargest,
    judgement: judgementOf(spread.count, worstCaseByLargest),
    aboveWorstCase: ms.filter((value) => value > worstCaseMs).length,
    aboveDeadline: ms.filter((value) => value > deadlineMs).length,
  }
}

function judgementOf(count: number, worstCaseByLargest: number | null): HopFinding['judgement'] {
  if (worstCaseByLargest === null) return 'argued'
  if (count < enoughTrials) return 'too few'
  return worstCaseByLargest <= goals.worstCaseByLargest ? 'tight' : 'loose'
}

/** Why a hop without a worst case of its own needs none. */
export function argumentFor(name: string): string {
  const formula = hops.find((hop) => hop.name === name)?.formula ?? 'no formula'
  return `its worst case is 0 under the settings in force (${formula}), so all that is seen is work, which the allowance covers`
}

/** The observations of one hop, with its limits under the configuration in force. */
export function observationsOf(name: HopName, ms: readonly number[], inputs: HopInputs): HopObservations {
  const { worstCaseMs, deadlineMs } = worstCaseOf([name], inputs)
  return { name, ms, worstCaseMs, deadlineMs }
}
