/**
 * Writes a process's output as a container runtime does into /var/log/pods on a Kubernetes node, so that the same
 * collector pipeline reads both. One line of the file is `<time> <stdout|stderr> <F|P> <text>`: F ends a line of the
 * process, P is a piece of a longer one. The rules (16 KiB a piece, CRLF loses its CR, an unfinished last line is
 * a P) are those of containerd with its default configuration.
 */
import { writeSync } from 'node:fs'

export type OutputStream = 'stdout' | 'stderr'

const longestPieceBytes = 16 * 1024
const newline = 0x0a
const carriageReturn = 0x0d

export class CriLogWriter {
  readonly #file: number
  readonly #now: () => bigint
  readonly #unfinished: Record<OutputStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }
  #lastTime = 0n
  #held: Buffer[] | undefined

  /** @param file descriptor opened for appending; the caller closes it */
  constructor(file: number, now: () => bigint = wallClockNanoseconds) {
    this.#file = file
    this.#now = now
  }

  /** Takes output as it comes, in any pieces; every line that is complete is in the file when this returns. */
  write(stream: OutputStream, chunk: Buffer): void {
    const held = this.#unfinished[stream]
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const entries: Buffer[] = []
    let start = 0
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      const line = bytes.subarray(start, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end)
      const rest = this.#cutPartials(stream, line, entries)
      entries.push(...this.#entry(stream, 'F', rest))
      start = end + 1
    }
    const rest = this.#cutPartials(stream, bytes.subarray(start), entries)
    // A copy, so that a few bytes do not keep a whole chunk alive.
    this.#unfinished[stream] = Buffer.from(rest)
    this.#append(entries)
  }

  /** The process closed this stream: what it left without a newline is written as it is. */
  end(stream: OutputStream): void {
    const rest = this.#unfinished[stream]
    if (rest.length > 0) this.#append(this.#entry(stream, 'P', rest))
    this.#unfinished[stream] = Buffer.alloc(0)
  }

  /** A disk that takes nothing: lines wait, with the time at which they were written. */
  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.#append(held)
  }

  #cutPartials(stream: OutputStream, line: Buffer, entries: Buffer[]): Buffer {
    let rest = line
    while (rest.length > longestPieceBytes) {
      entries.push(...this.#entry(stream, 'P', rest.subarray(0, longestPieceBytes)))
      rest = rest.subarray(longestPieceBytes)
    }
    return rest
  }

  #entry(stream: OutputStream, tag: 'F' | 'P', text: Buffer): Buffer[] {
    return [Buffer.from(`${formatTime(this.#nextTime())} ${stream} ${tag} `), text, Buffer.of(newline)]
  }

  /** Loki drops a line that equals another in labels, text and time, so no two lines share a time. */
  #nextTime(): bigint {
    const now = this.#now()
    this.#lastTime = now > this.#lastTime ? now : this.#lastTime + 1n
    return this.#lastTime
  }

  #append(entries: readonly Buffer[]): void {
    if (this.#held !== undefined) {
      this.#held.push(Buffer.concat(entries))
      return
    }
    let bytes = Buffer.concat(entries)
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.#file, bytes))
  }
}

/** RFC 3339 in UTC with nine digits of a second. */
function formatTime(nanoseconds: bigint): string {
  const milliseconds = nanoseconds / 1_000_000n
  const belowMillisecond = String(nanoseconds % 1_000_000n).padStart(6, '0')
  return `${new Date(Number(milliseconds)).toISOString().slice(0, -1)}${belowMillisecond}Z`
}

/**
 * The wall clock has milliseconds here, the monotonic one nanoseconds but no date, and it stands still while a
 * laptop sleeps. So the milliseconds are the wall clock's, and the other one only refines them.
 */
function wallClockNanoseconds(): bigint {
  const wall = Date.now()
  const refined = performance.timeOrigin + performance.now()
  const belowMillisecond = Math.floor((refined - Math.floor(refined)) * 1e6)
  return BigInt(wall) * 1_000_000n + BigInt(Math.floor(refined) === wall ? belowMillisecond : 0)
}
