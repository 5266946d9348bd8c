import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BroadcastChannel } from 'node:worker_threads'
import type { HearWait } from '../core/waits.ts'
import type { RecordEntry } from './claim-record.ts'

/**
 * The run's record: one JSON line an entry, appended as things happen, so that a run that is cut short still says what
 * it knew. The test worker writes it, the reporter reads it; a channel tells whoever shows progress live.
 */

const fileIn = (runFolder: string): string => join(runFolder, 'record.jsonl')

export const recordChannel = (runId: string): string => `signalproof:${runId}`

export class RunRecord {
  private readonly file: string
  private readonly channel: BroadcastChannel
  private waits = 0

  constructor(runFolder: string, runId: string) {
    this.file = fileIn(runFolder)
    this.channel = new BroadcastChannel(recordChannel(runId))
    // Progress must never keep a finished worker alive.
    this.channel.unref()
  }

  write(entry: RecordEntry): void {
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`)
    this.tell(entry)
  }

  /** For whoever shows progress only; it is not kept. */
  tell(entry: RecordEntry): void {
    this.channel.postMessage(entry)
  }

  /** Tells of a claim's waits, for whoever shows progress. */
  tellWaitsOf(id: string): HearWait {
    return ({ condition, withinMs, kind }) => {
      this.waits += 1
      const wait = this.waits
      this.tell({ kind: 'waiting', id, wait, condition, withinMs, holds: kind === 'hold' })
      return () => this.tell({ kind: 'waited', id, wait })
    }
  }

  close(): void {
    this.channel.close()
  }
}

export function readRunRecord(runFolder: string): RecordEntry[] {
  const file = fileIn(runFolder)
  if (!existsSync(file)) return []
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      // What follows the last line break is nothing, or a line that was cut short.
      .slice(0, -1)
      .map((line) => JSON.parse(line) as RecordEntry)
  )
}
