import { eventually, found, notYet } from '../core/eventually.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/**
 * Whether network policies deny what they forbid. A denial alone proves nothing, since a connection that never worked is
 * refused as well: the same connections succeed before it, and again once the policies are gone.
 */

/** No API says when a policy is in force on every node; those that enforce them need a moment after the object is there. */
export const policyWithinMs = 5_000

export interface PolicyTrial {
  /** The connections that are tried, as words: `a pod of another namespace to loki.observability:3100`. */
  readonly connections: readonly string[]
  /** Tries each by a new connection, since one that is open may stay so; answers with those that are made. */
  open(): Promise<readonly string[]>
  /** Puts the policies in force, as far as the API server knows them. */
  enforce(): Promise<void>
  /** Takes them away. */
  lift(): Promise<void>
}

export type PolicyVerdict =
  | { readonly kind: 'enforced' }
  /** With the policies in force these connections are still made. */
  | { readonly kind: 'not-enforced'; readonly open: readonly string[] }
  /** Without any policy these connections are not made, so that their denial says nothing. */
  | { readonly kind: 'never-open'; readonly closed: readonly string[] }
  /** They were denied, and stay so although the policies are gone: something else denies them. */
  | { readonly kind: 'still-closed'; readonly closed: readonly string[] }

/**
 * Whether a policy that denies nothing is the node's lack, which says nothing about the policies: upstream's k3s brings what
 * enforces them, the node that is built here does not, and of somebody else's cluster nothing is known.
 */
export const lacksEnforcement = (
  verdict: PolicyVerdict,
  nodeKind: 'k3s' | 'kubernetes' | undefined,
): boolean => verdict.kind === 'not-enforced' && nodeKind !== 'k3s'

export interface PolicyWait {
  /** The longest that a change may take to be in force on every node. */
  readonly withinMs: number
  readonly signal: AbortSignal
  readonly onLook: () => void
}

/** Lifts the policies, tries; enforces them, tries; lifts them, tries again. They are lifted in the end. */
export async function tryPolicies(trial: PolicyTrial, wait: PolicyWait): Promise<PolicyVerdict> {
  await trial.lift()
  const closedBefore = await closedAfter(trial, wait, 'none')
  if (closedBefore.length > 0) return { kind: 'never-open', closed: closedBefore }
  await trial.enforce()
  const closed = await closedAfter(trial, wait, 'all')
  const open = trial.connections.filter((name) => !closed.includes(name))
  await trial.lift()
  if (open.length > 0) return { kind: 'not-enforced', open }
  const closedAgain = await closedAfter(trial, wait, 'none')
  return closedAgain.length > 0 ? { kind: 'still-closed', closed: closedAgain } : { kind: 'enforced' }
}

/** The connections that are not made, once none or all of them are closed, or at the end of the wait. */
async function closedAfter(
  trial: PolicyTrial,
  { withinMs, signal, onLook }: PolicyWait,
  wanted: 'none' | 'all',
): Promise<readonly string[]> {
  let closed: readonly string[] = trial.connections
  await eventually(
    `${wanted} of ${trial.connections.length} connections closed`,
    async () => {
      const open = await trial.open()
      closed = trial.connections.filter((name) => !open.includes(name))
      const wantedCount = wanted === 'all' ? trial.connections.length : 0
      return closed.length === wantedCount ? found(closed) : notYet(`closed: ${closed.join(', ') || 'none'}`)
    },
    { withinMs, signal, onLook, remedy: 'the caller judges what is left' },
  ).catch((thrown: unknown) => {
    // Which connections differ is the verdict.
    if (!(thrown instanceof SignalproofError) || thrown.code !== 'WAIT_TIMEOUT') throw thrown
  })
  return closed
}
