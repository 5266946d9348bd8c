import type { Capability } from '../environments/contract.ts'

/** One row of the table of claims: a sentence that can be false, and what is needed to judge it. */
export interface ClaimRow {
  /** `layer.name`; stable, since reports, mutants and people refer to it. */
  readonly id: string
  readonly layer: string
  /** The claim itself, as a sentence that can be false. */
  readonly title: string
  readonly needs: readonly Need[]
  /**
   * Claims that this one's fault would disturb, or whose fault would disturb this one: where they are part of the run they
   * come first, whatever their verdict, until they are judged or say that they disturb nothing more. Unlike a need, an
   * entry brings no claim into a run and blocks none.
   */
  readonly after?: readonly string[]
  /** Where it is set, the claim exists only in runs on a cluster, under a load, or both: elsewhere it is about nothing. */
  readonly only?: 'kubernetes' | 'load' | 'load on kubernetes'
  /** What the environment has to allow or to have; without one of them the claim is skipped, and says why. */
  readonly requires?: readonly Capability[]
  /** What is changed to judge it, for whoever decides whether that may be done to a cluster. */
  readonly changes?: string
  /** What to try when it is broken. */
  readonly remedy: string
}

/** An edge exists only where the later claim cannot be judged when the earlier is broken; `because` says why. */
export interface Need {
  readonly id: string
  readonly because: string
}

/** Layers in the order in which they are proven and reported. */
export const layers = [
  'platform',
  'metrics',
  'logs',
  'traces',
  'alerts',
  'dashboards',
  'load',
  'slo',
  // The cluster itself is changed: after everything that counts pods, lines or alerts.
  'changes',
] as const
