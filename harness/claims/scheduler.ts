import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { type HearWait, hearWaits } from '../core/waits.ts'
import type { ClaimRecord, Verdict } from './claim-record.ts'
import type { ClaimRow } from './claim-row.ts'
import type { ClaimWork } from './claim-work.ts'
import { SkippedClaim } from './skipped-claim.ts'

/**
 * Orders claims by what they need and by whom their faults would disturb, and by nothing else: a claim starts the moment
 * all it needs is proven and all it comes after is judged or disturbs nothing more, next to every other claim that can be
 * judged then. Asked twice, a claim is judged once.
 */

export type ClaimBody = (work: ClaimWork) => Promise<void> | void

export interface SchedulerParts {
  readonly rows: ReadonlyMap<string, ClaimRow>
  readonly bodies: ReadonlyMap<string, ClaimBody>
  /** The claims that are judged in this run: of those that a row comes after, only these are waited for. */
  readonly inRun: ReadonlySet<string>
  /** Why a claim cannot be judged in this environment; it is skipped then, whatever became of what it needs. */
  readonly whyNotHere?: (row: ClaimRow) => string | undefined
  /** What a claim works with; one a claim, since it counts what the claim does. */
  readonly workFor: (row: ClaimRow) => ClaimWork
  readonly now: () => number
  /** What the environment failed of, once it has: a claim that breaks from then on saw it go down. */
  readonly environmentEnd?: () => SignalproofError | undefined
  readonly onStarted?: (id: string) => void
  /** Hears what a claim waits for. A step that several claims share is waited for by the one that asked first. */
  readonly hearWaitsOf?: (id: string) => HearWait
  /** Keeps what a reader wants to see of the stack at the moment a claim broke; answers with the files' paths. */
  readonly keepEvidence?: (id: string) => Promise<readonly string[]>
  readonly onJudged?: (record: ClaimRecord, thrown: unknown) => void
}

export interface Judgement {
  readonly record: ClaimRecord
  /** What the claim threw, for the test that reports it. */
  readonly thrown?: unknown
}

export class ClaimScheduler {
  private readonly parts: SchedulerParts
  private readonly judging = new Map<string, Promise<Judgement>>()
  private readonly calming = new Map<string, PromiseWithResolvers<void>>()

  constructor(parts: SchedulerParts) {
    this.parts = parts
  }

  /** The judgement of a claim; judges it, and first all it needs, when nobody has asked before. */
  judge(id: string): Promise<Judgement> {
    const known = this.judging.get(id)
    if (known !== undefined) return known
    const judging = this.judgeOnce(this.rowOf(id))
    this.judging.set(id, judging)
    return judging
  }

  private async judgeOnce(row: ClaimRow): Promise<Judgement> {
    const whyNot = this.parts.whyNotHere?.(row)
    if (whyNot !== undefined) return this.done(row, this.parts.now(), 'skipped', { reason: whyNot })
    const needed = await Promise.all(
      row.needs.map(async (need) => ({ need, judgement: await this.judge(need.id) })),
    )
    const { inRun } = this.parts
    await Promise.all((row.after ?? []).filter((id) => inRun.has(id)).map((id) => this.calmed(id)))
    const startedAt = this.parts.now()
    const stopper = needed.find(({ judgement }) => judgement.record.verdict !== 'proven')
    if (stopper !== undefined) {
      const { verdict } = stopper.judgement.record
      const root = rootOf(stopper.judgement.record)
      const reason = `needs ${root.id}, which is ${root.verdict}: ${stopper.need.because}`
      return this.done(row, startedAt, verdict === 'skipped' ? 'skipped' : 'blocked', {
        reason,
        ...(stopper.judgement.record.environmentFailed === true ? { environmentFailed: true } : {}),
      })
    }
    this.parts.onStarted?.(row.id)
    const body = this.parts.bodies.get(row.id)
    const work = this.parts.workFor(row)
    let calm: Pick<ClaimRecord, 'calmAfterMs'> = {}
    void work.calm.then(() => {
      calm = { calmAfterMs: this.parts.now() - startedAt }
      this.calmingOf(row.id).resolve()
    })
    try {
      if (body === undefined) throw missingSuite(row.id)
      const hear = this.parts.hearWaitsOf?.(row.id)
      await (hear === undefined ? body(work) : hearWaits(hear, () => body(work)))
      const measured = work.measured()
      // Nothing passes on nothing: a claim that never looked cannot have seen that it is true.
      if (measured.lookups === 0) throw lookedAtNothing(row)
      return this.done(row, startedAt, 'proven', { ...measured, ...calm })
    } catch (thrown) {
      return await this.failed(row, startedAt, work, thrown)
    }
  }

  /** Resolves when a claim is judged, or has said that it disturbs nothing more. */
  private async calmed(id: string): Promise<void> {
    await Promise.race([this.judge(id), this.calmingOf(id).promise])
  }

  private calmingOf(id: string): PromiseWithResolvers<void> {
    const known = this.calming.get(id) ?? Promise.withResolvers<void>()
    this.calming.set(id, known)
    return known
  }

  private async failed(
    row: ClaimRow,
    startedAt: number,
    work: ClaimWork,
    thrown: unknown,
  ): Promise<Judgement> {
    if (thrown instanceof SkippedClaim)
      return this.done(row, startedAt, 'skipped', { ...work.measured(), reason: thrown.message })
    const ofEnvironment =
      thrown instanceof SignalproofError && thrown.family !== 'stack' ? thrown : this.parts.environmentEnd?.()
    if (ofEnvironment !== undefined) {
      const reason = ofEnvironment.message
      return this.done(
        row,
        startedAt,
        'blocked',
        { ...work.measured(), reason, environmentFailed: true },
        ofEnvironment,
      )
    }
    const { evidence = [], ...measured } = work.measured()
    const kept = (await this.parts.keepEvidence?.(row.id)) ?? []
    return this.done(
      row,
      startedAt,
      'broken',
      { ...measured, reason: describeBreak(thrown, row), evidence: [...evidence, ...kept] },
      thrown,
    )
  }

  private done(
    row: ClaimRow,
    startedAt: number,
    verdict: Verdict,
    more: Partial<ClaimRecord>,
    thrown?: unknown,
  ): Judgement {
    const { id, layer, title } = row
    const record: ClaimRecord = {
      id,
      layer,
      title,
      verdict,
      startedAt,
      ms: this.parts.now() - startedAt,
      lookups: 0,
      ...more,
    }
    this.parts.onJudged?.(record, thrown)
    return thrown === undefined ? { record } : { record, thrown }
  }

  private rowOf(id: string): ClaimRow {
    const row = this.parts.rows.get(id)
    if (row !== undefined) return row
    throw new SignalproofError('USAGE_UNKNOWN_NAME', {
      expected: 'a claim of the table',
      seen: id,
      remedy: 'add its row to harness/claims/table.ts, or hand the row over with the claim',
    })
  }
}

/** Expected, seen, try: an assertion library's message says the first two in its own way, and the row says the third. */
function describeBreak(thrown: unknown, row: ClaimRow): string {
  if (thrown instanceof SignalproofError) return thrown.message
  const { expected, actual } = thrown as { expected?: unknown; actual?: unknown }
  const values =
    expected === undefined && actual === undefined
      ? []
      : [`  expected: ${brief(expected)}`, `  seen: ${brief(actual)}`]
  // What stands before it is what was judged; the values follow in lines of their own.
  const [what] =
    values.length === 0 ? [describeThrown(thrown)] : describeThrown(thrown).split(/: expected (?=.* to )/s)
  return [`CLAIM_BROKEN: ${what}`, ...values, `  try:  ${row.remedy}`].join('\n')
}

const brief = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > 800 ? `${text.slice(0, 800)}…` : text
}

/** The claim at the root of a block, with its own verdict, so that a long chain names its first link. */
function rootOf(record: ClaimRecord): { id: string; verdict: string } {
  const [, id = record.id, verdict = record.verdict] =
    /^needs (\S+), which is (\w+):/.exec(record.reason ?? '') ?? []
  return { id, verdict }
}

const lookedAtNothing = ({ id }: ClaimRow): SignalproofError =>
  new SignalproofError('CLAIM_BROKEN', {
    expected: `${id} to look at something`,
    seen: 'no look at all',
    remedy: 'use within(), holds() or hop(), or call looked() at every answer that is judged',
  })

const missingSuite = (id: string): SignalproofError =>
  new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: `a suite that judges ${id}`,
    seen: 'none in the scenario files',
    remedy: 'write it, or take the row out of the table',
  })
