import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BroadcastChannel } from 'node:worker_threads'
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
