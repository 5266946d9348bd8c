import type { RecordEntry } from '../claims/claim-record.ts'
import { drawRun } from './live-view.ts'
import { RunProgress } from './run-progress.ts'

/** Times run on while nothing happens; more often than this nobody reads them. */
const redrawEveryMs = 250

/** The lines of a run that change in place, in a terminal. */
export class LiveClaims {
  private readonly stream: NodeJS.WriteStream
  private readonly progress = new RunProgress()
  private timer: NodeJS.Timeout | undefined
  private drawnLines = 0
  private drawnAt = Number.NEGATIVE_INFINITY

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream
  }

  show(entry: RecordEntry): void {
    this.progress.apply(entry, performance.now())
    if (this.timer === undefined) {
      this.timer = setInterval(() => this.draw(), redrawEveryMs)
      // What is drawn must never keep a finished run alive.
      this.timer.unref()
    }
    // Many claims are judged at once: their lines can wait for the next drawing, a first one cannot.
    if (performance.now() - this.drawnAt >= redrawEveryMs) this.draw()
  }

  /** Takes the lines away, and draws no more until something happens. */
  clear(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.drawnAt = Number.NEGATIVE_INFINITY
    this.stream.write(this.erasure())
    this.drawnLines = 0
  }

  private draw(): void {
    this.drawnAt = performance.now()
    const { columns = 80, rows = 24 } = this.stream
    const lines = drawRun(this.progress, { columns, rows }, this.drawnAt)
    // In one piece, or a terminal shows the moment between.
    this.stream.write(`${this.erasure()}${lines.map((line) => `${line}\n`).join('')}`)
    this.drawnLines = lines.length
  }

  private erasure(): string {
    return this.drawnLines === 0 ? '' : `\x1b[${this.drawnLines}A\x1b[0J`
  }
}
