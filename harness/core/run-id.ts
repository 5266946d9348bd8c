import { randomBytes } from 'node:crypto'

/** A run's id: sorts by start, is unique among runs of the same second, and is safe in file names, labels and headers. */
export function newRunId(startedAt = new Date()): string {
  const stamp = startedAt.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${stamp}-${randomBytes(3).toString('hex')}`
}
