/** The end of a component's log, as its writer meant it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const longestTailBytes = 64 * 1024
const criPrefix = /^\S+ (?:stdout|stderr) [FP] /

/** The last lines of a log; those of the `cri` kind without what the container runtime's format puts before them. */
export function readLastLines(logFile: string, kind: 'plain' | 'cri', count = 20): string[] {
  const lines = readTail(logFile).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines.slice(-count).map((line) => (kind === 'cri' ? line.replace(criPrefix, '') : line))
}

function readTail(logFile: string): string {
  const log = openSync(logFile, 'r')
  try {
    const { size } = fstatSync(log)
    const tail = Buffer.alloc(Math.min(size, longestTailBytes))
    const length = readSync(log, tail, 0, tail.length, size - tail.length)
    return tail.toString('utf8', 0, length)
  } finally {
    closeSync(log)
  }
}
