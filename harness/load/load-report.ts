import type { ClosedAccounts } from './accounts/close-accounts.ts'
import type { ExplainedLatency } from './latency-gap.ts'
import type { GeneratorFigures } from './load-figures.ts'
import type { LoadRequest } from './load-request.ts'

/** What a run knows of its load, from the request to the objectives: plain data, kept in the run's folder. */

/**
 * What the figures rest on: the signals proven in this run, in an earlier one of the same configuration, or nowhere, since
 * somebody wanted it so.
 */
export type SignalsBasis =
  | { readonly basis: 'this run' }
  | { readonly basis: 'accepted run'; readonly runId: string; readonly provenAt: string }
  | { readonly basis: 'unproven' }

/** What the test worker is handed of a load. */
export interface LoadSeed {
  readonly request: LoadRequest
  readonly signals: SignalsBasis
  /** The program that generates it. */
  readonly k6Path: string
}

/** What became of one fault that was made during the load. */
export interface LoadFaultDone {
  readonly app: string
  readonly route: string
  readonly status: number | null
  /** How many requests it was asked about, and how many of them it broke. */
  readonly matched: number
  readonly injected: number
}

/** What a run found out about its load; each part is there as soon as it is known. */
export interface LoadFindings {
  readonly generator?: GeneratorFigures
  readonly faults?: readonly LoadFaultDone[]
  readonly accounts?: ClosedAccounts
  readonly latency?: ExplainedLatency
}

/** The part of result.json about a load. */
export interface LoadResult extends Omit<LoadFindings, 'accounts'> {
  readonly request: LoadRequest
  readonly signals: SignalsBasis
  /** Of the accounts, what a reader needs; all of their rows are in load.json. */
  readonly accounts?: {
    readonly requests: number
    readonly drainedMs: number | null
    readonly partedAt: ClosedAccounts['balance']['partedAt']
  }
}

/** All findings of a run, the newest of each part. */
export const mergeFindings = (findings: readonly LoadFindings[]): LoadFindings =>
  Object.assign({}, ...findings)

export function loadResult(
  { request, signals }: Pick<LoadSeed, 'request' | 'signals'>,
  { accounts, ...findings }: LoadFindings,
): LoadResult {
  return {
    request,
    signals,
    ...findings,
    ...(accounts === undefined
      ? {}
      : {
          accounts: {
            requests: accounts.balance.requests,
            drainedMs: accounts.drainedMs,
            partedAt: accounts.balance.partedAt,
          },
        }),
  }
}
