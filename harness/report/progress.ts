import { styleText } from 'node:util'
import type { RecordEntry } from '../claims/claim-record.ts'
import { formatMs } from '../core/eventually.ts'
import type { LoadProgress } from '../load/k6/k6-progress.ts'
import type { InstallEvent } from '../toolchain/install-progress.ts'
import { showInstall } from '../toolchain/progress-list.ts'
import { writeProgress } from './load-text.ts'
import { writeClaim } from './summary.ts'

/** What a person sees while a run goes on: two lines that change in place in a terminal, a line a verdict elsewhere. */
export interface Progress {
  readonly onEntry: (entry: RecordEntry) => void
  readonly onInstall: (event: InstallEvent) => void
  /** Takes the live lines away and prints what stays. */
  readonly end: (text: string) => void
}

export function showProgress(stream: NodeJS.WriteStream): Progress {
  const claims = stream.isTTY ? new LiveClaims(stream) : new PlainClaims(stream)
  let install: ReturnType<typeof showInstall> | undefined
  return {
    onInstall: (event) => {
      install ??= showInstall(stream)
      install.progress(event)
    },
    onEntry: (entry) => {
      void install?.end()
      install = undefined
      claims.show(entry)
    },
    end: (text) => {
      void install?.end()
      claims.clear()
      stream.write(text)
    },
  }
}

const loadLineEveryMs = 10_000

class PlainClaims {
  private readonly stream: NodeJS.WriteStream
  private nextLoadLineMs = 0

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream
  }

  show(entry: RecordEntry): void {
    if (entry.kind === 'selected' && entry.claims.length > 0)
      this.stream.write(`${entry.claims.length} claims\n`)
    if (entry.kind === 'environment-ready') this.stream.write(`ready after ${formatMs(entry.afterMs)}\n`)
    if (entry.kind === 'claim') this.stream.write(`${writeClaim(entry.claim, 80)}\n`)
    if (entry.kind === 'load-progress') this.showLoad(entry.progress)
  }

  /** A line now and then: whoever reads a log wants to know that it goes on, not every second of it. */
  private showLoad(progress: LoadProgress): void {
    if (progress.elapsedMs < this.nextLoadLineMs) return
    this.nextLoadLineMs = progress.elapsedMs + loadLineEveryMs
    this.stream.write(`  ${writeProgress(progress)}\n`)
  }

  clear(): void {}
}

/** One line of verdicts so far, one of what is waited for. */
class LiveClaims {
  private readonly stream: NodeJS.WriteStream
  private readonly running = new Set<string>()
  private verdicts = ''
  private total = 0
  private judged = 0
  private drawn = false
  private load = ''

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream
  }

  show(entry: RecordEntry): void {
    if (entry.kind === 'selected') this.total = entry.claims.length
    else if (entry.kind === 'load-progress') this.load = writeProgress(entry.progress)
    else if (entry.kind === 'load') this.load = ''
    else if (entry.kind === 'claim-started') this.running.add(entry.id)
    else if (entry.kind === 'claim') {
      this.running.delete(entry.claim.id)
      this.judged += 1
      const [colour, sign] =
        entry.claim.verdict === 'proven'
          ? (['green', '●'] as const)
          : entry.claim.verdict === 'broken'
            ? (['red', '✗'] as const)
            : (['yellow', '·'] as const)
      this.verdicts += styleText(colour, sign)
    } else return
    this.draw()
  }

  clear(): void {
    if (this.drawn) this.stream.write('\x1b[1A\x1b[2K\x1b[1A\x1b[2K')
    this.drawn = false
  }

  private draw(): void {
    this.clear()
    const width = Math.max(20, (this.stream.columns ?? 80) - 1)
    const waiting =
      this.load !== ''
        ? this.load
        : this.running.size === 0
          ? 'the stack starts'
          : [...this.running].join(', ')
    this.stream.write(
      `${this.verdicts} ${this.judged} of ${this.total}\n${styleText('gray', waiting.slice(0, width))}\n`,
    )
    this.drawn = true
  }
}
