import { SignalproofError } from '../../core/signalproof-error.ts'
import { seenOf } from '../seen-of.ts'
import type { Trial } from './search-limit.ts'

/** The claim that decides whether a rate is kept. */
const decidingClaim = 'slo.objectives-held'

/** What is read of a run's result. */
export interface JudgedLoad {
  readonly verdict: 'proven' | 'broken' | 'invalid'
  readonly firstBroken: string | null
  readonly invalidBecause?: string | undefined
  readonly claims: readonly {
    readonly id: string
    readonly verdict: string
    readonly reason?: string | undefined
  }[]
  /** Why the generator's figures say nothing; null where they do, or where it never ran. */
  readonly generatorGaveOut: string | null
  /** Whether the generator was started at all. */
  readonly wasLoaded: boolean
}

/**
 * What a run says about its rate. Only the objectives decide; where they could not be judged, because the accounts part
 * or a signal is broken, there is nothing to search by.
 * @throws SignalproofError CLAIM_BROKEN, LOAD_INVALID
 */
export function trialOf(result: JudgedLoad, ratePerSecond: number): Trial {
  const { verdict, firstBroken, invalidBecause = 'no reason is known', claims, generatorGaveOut } = result
  if (verdict === 'invalid') {
    if (generatorGaveOut !== null) return { kind: 'invalid', because: generatorGaveOut }
    throw new SignalproofError('LOAD_INVALID', {
      expected: `a run at ${ratePerSecond}/s that can be judged`,
      seen: invalidBecause,
      remedy: 'run `signalproof load` alone at that rate until it starts',
    })
  }
  const deciding = claims.find(({ id }) => id === decidingClaim)
  if (deciding?.verdict === 'proven') return { kind: 'kept' }
  if (deciding?.verdict === 'broken') return { kind: 'missed', objectives: seenOf(deciding.reason) }
  throw new SignalproofError('CLAIM_BROKEN', {
    expected: `${decidingClaim} to be judged at ${ratePerSecond}/s: by it the search goes up or down`,
    seen: `${deciding?.verdict ?? 'it is not among the claims'}; first broken is ${firstBroken ?? 'none'}: ${seenOf(claims.find(({ id }) => id === firstBroken)?.reason)}`,
    remedy: 'mend what is broken first; `signalproof load` alone shows it with its evidence',
  })
}
