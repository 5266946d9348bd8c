import type { ClaimRecord, RecordEntry } from '../claims/claim-record.ts'
import { formatMs } from '../core/eventually.ts'
import { writeProgress } from './load-text.ts'
import { RunProgress } from './run-progress.ts'

/** A run in a log: each line says when it was, how far the run is, and what happened, and needs no other line to be understood. */

/** Whoever reads a log wants to know that it goes on, not every second of it. */
const quietForMs = 10_000

export class PlainClaims {
  private readonly stream: Pick<NodeJS.WriteStream, 'write'>
  private readonly now: () => number
  private readonly startedAt: number
  private readonly progress = new RunProgress()
  private timer: NodeJS.Timeout | undefined

  /** @param now milliseconds of a clock that only goes forward */
  constructor(stream: Pick<NodeJS.WriteStream, 'write'>, now: () => number = () => performance.now()) {
    this.stream = stream
    this.now = now
    this.startedAt = now()
  }

  show(entry: RecordEntry): void {
    this.progress.apply(entry, this.now())
    const text = this.textOf(entry)
    if (text !== undefined) this.print(text)
  }

  clear(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  private textOf(entry: RecordEntry): string | undefined {
    if (entry.kind === 'selected' && entry.claims.length > 0) return `${entry.claims.length} claims to judge`
    if (entry.kind === 'environment-ready') return `stack ready after ${formatMs(entry.afterMs)}`
    if (entry.kind === 'environment-failed') return `environment failed: ${firstLine(entry.message)}`
    if (entry.kind === 'claim')
      return `${this.progress.judged} of ${this.progress.total}  ${judgement(entry.claim)}`
    return undefined
  }

  private print(text: string): void {
    this.stream.write(`${this.elapsed()}  ${text}\n`)
    clearInterval(this.timer)
    this.timer = setInterval(() => this.stream.write(`${this.elapsed()}  ${this.whatGoesOn()}\n`), quietForMs)
    this.timer.unref()
  }

  private elapsed(): string {
    return `+${((this.now() - this.startedAt) / 1000).toFixed(1)} s`.padStart(9)
  }

  /** What it waits for, longest first. */
  whatGoesOn(): string {
    if (this.progress.load !== undefined) return writeProgress(this.progress.load)
    const [first, ...others] = this.progress.running.toSorted(
      (a, b) => Number(b.wait !== undefined) - Number(a.wait !== undefined),
    )
    if (first === undefined) return 'waiting for the stack to start'
    const more = others.length === 0 ? '' : `, and ${others.length} more claims go on`
    const { wait } = first
    if (wait === undefined) return `judging ${first.id}${more}`
    const used = `${formatMs(this.now() - wait.sinceMs)} of at most ${formatMs(wait.withinMs)}`
    return `${first.id} waits for: ${wait.condition} (${used})${more}`
  }
}

function judgement({ id, verdict, reason, usedMs, worstCaseMs }: ClaimRecord): string {
  const waited =
    usedMs === undefined || worstCaseMs === undefined
      ? ''
      : `, waited ${formatMs(usedMs)} of ${formatMs(worstCaseMs)}`
  if (verdict === 'proven') return `proven   ${id}${waited}`
  const shown = verdict === 'broken' ? 'BROKEN' : verdict
  return `${shown.padEnd(8)} ${id}: ${firstLine(reason ?? 'no reason is known')}`
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
