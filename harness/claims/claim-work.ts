import { availableParallelism, loadavg } from 'node:os'
import { eventually, formatMs, holds, type Look, type Seen } from '../core/eventually.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { SeenHop } from '../timeline/followed-alert.ts'
import type { ClaimRecord } from './claim-record.ts'
import type { ClaimRow } from './claim-row.ts'
import type { LookOptions, Run } from './run.ts'
import { SkippedClaim } from './skipped-claim.ts'

/**
 * What a claim works with: the run, and waits that count. A wait's deadline is always handed in, computed from the
 * configuration in force. Its functions are bound, so that a claim can take those it wants.
 */
export class ClaimWork {
  readonly run: Run
  private readonly row: ClaimRow
  private lookups = 0
  private longest: { usedMs: number; worstCaseMs: number } | undefined
  private readonly files: string[] = []
  private readonly calming = Promise.withResolvers<void>()

  constructor(run: Run, row: ClaimRow) {
    this.run = run
    this.row = row
  }

  /** Waits until `look` finds it, `worstCaseMs` plus the allowance at the longest. */
  within = async <T>(
    condition: string,
    look: (signal: AbortSignal) => Promise<Look<T>> | Look<T>,
    options: LookOptions,
  ): Promise<T> => {
    const withinMs = options.worstCaseMs + options.allowanceMs
    const seen: Seen<T> = await eventually(condition, look, {
      withinMs,
      remedy: this.row.remedy,
      signal: this.run.signal,
      onLook: () => this.looked(),
      ...(options.everyMs === undefined ? {} : { everyMs: options.everyMs }),
      lastLookMs: options.lastLookMs,
    })
    this.used(seen.usedMs, withinMs)
    return seen.value
  }

  /** Holds that `look` stays true for the whole of `forMs`. */
  holds = async (
    condition: string,
    look: (signal: AbortSignal) => Promise<Look<unknown>> | Look<unknown>,
    forMs: number,
  ): Promise<void> => {
    await holds(condition, look, {
      forMs,
      remedy: this.row.remedy,
      signal: this.run.signal,
      onLook: () => this.looked(),
    })
  }

  /** Waits for a hop of a followed fault; the hop has its own deadline. */
  hop = async <T>(hop: Promise<SeenHop<T>>): Promise<SeenHop<T>> => {
    const seen = await hop
    this.looked()
    this.used(seen.ms, seen.deadlineMs)
    if (seen.ms <= seen.deadlineMs) return seen
    throw new SignalproofError('CLAIM_BROKEN', {
      expected: `${seen.name} within ${formatMs(seen.worstCaseMs)} and the allowance`,
      seen: `${formatMs(seen.ms)}, at a load of ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
      remedy: 'look at what made it wait; where the machine was busy, run it again when it is not',
    })
  }

  /** Says something beside the verdict that a reader wants to see with it. */
  note = (text: string): void => {
    this.run.record.write({ kind: 'note', id: this.row.id, text })
  }

  /** Keeps a file with the verdict; secrets are struck out of it. */
  keep = (name: string, content: string): void => {
    this.files.push(this.run.keepEvidence(this.row.id, name, content))
  }

  /** From here on its fault disturbs no other claim: those that come after it need not wait for its verdict. */
  disturbsNothingMore = (): void => {
    this.calming.resolve()
  }

  /** Resolves when it disturbs nothing more, where it says so. */
  get calm(): Promise<void> {
    return this.calming.promise
  }

  /** Ends the claim as skipped. */
  skip = (reason: string): never => {
    throw new SkippedClaim(reason)
  }

  looked = (): void => {
    this.lookups += 1
  }

  measured(): Partial<ClaimRecord> {
    return {
      lookups: this.lookups,
      ...(this.longest === undefined ? {} : this.longest),
      ...(this.files.length === 0 ? {} : { evidence: this.files }),
    }
  }

  private used(usedMs: number, worstCaseMs: number): void {
    if (this.longest === undefined || usedMs > this.longest.usedMs) this.longest = { usedMs, worstCaseMs }
  }
}
