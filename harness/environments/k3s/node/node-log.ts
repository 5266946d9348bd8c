import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { isNotFound } from '../../../images/docker-images.ts'

/** So much of a log tells why a node ended; more hides it. */
const shownLines = 25

/** The last lines that a container wrote; nothing once the container is gone. */
export async function lastLines(container: Docker.Container): Promise<string[]> {
  try {
    const log = await container.logs({ stdout: true, stderr: true, tail: shownLines })
    return linesOf(withoutFrames(log))
  } catch (thrown) {
    if (isNotFound(thrown) || isInRemoval(thrown)) return []
    throw thrown
  }
}

/** Docker's word for something that cannot be asked of a container in its present state. */
export const isInRemoval = (thrown: unknown) => (thrown as { statusCode?: number }).statusCode === 409

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

const frameHeaderBytes = 8

/** Docker puts a header before each piece of a container's output: the stream, three zeros and the length. */
function withoutFrames(log: Buffer): string {
  const pieces: Buffer[] = []
  for (let at = 0; at + frameHeaderBytes <= log.length; ) {
    const end = at + frameHeaderBytes + log.readUInt32BE(at + 4)
    pieces.push(log.subarray(at + frameHeaderBytes, end))
    at = end
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Keeps the end of a log as it grows, for the moment when the container that wrote it is removed already. */
export class LogTail {
  #lines: string[] = []
  #rest = ''
  /** When the log is whole: once its container has ended, and at once where no log was ever followed. */
  ended: Promise<void> = Promise.resolve()

  /** @param onLine called for each whole line */
  follow(stream: Readable, onLine: (line: string) => void): void {
    this.ended = new Promise((resolve) => stream.once('end', resolve).once('close', resolve))
    stream.on('data', (piece: Buffer | string) => {
      const lines = (this.#rest + piece.toString()).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) onLine(line)
      this.#lines = [...this.#lines, ...lines].slice(-shownLines)
    })
  }

  get lines(): string[] {
    return this.#lines.filter((line) => line.trim() !== '')
  }
}

/** What the node that is built here says of its start, without the time it puts before; undefined for any other line. */
export const activityOf = (line: string): string | undefined => /^\[ *\d+\.\d\d s\] (.+)$/.exec(line)?.[1]
