import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BroadcastChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { eventually, found, notYet } from '../core/eventually.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { faultToken, rowDouble, seedDouble, supervisorToken } from './claim-doubles.ts'
import type { RecordEntry } from './claim-record.ts'
import { ClaimWork } from './claim-work.ts'
import { Run } from './run.ts'
import { RunRecord, readRunRecord, recordChannel } from './run-record.ts'

const entries: readonly RecordEntry[] = [
  { kind: 'claim-started', id: 'logs.stored' },
  { kind: 'note', id: 'logs.stored', text: 'two\nlines, "quoted"' },
]

test('reads back what was written, in order, over several writers', () => {
  using folder = temporaryFolder()
  for (const entry of entries) {
    const record = new RunRecord(folder.path, 'r1')
    record.write(entry)
    record.close()
  }
  expect(readRunRecord(folder.path)).toEqual(entries)
})

test('a run that never began has an empty record', () => {
  using folder = temporaryFolder()
  expect(readRunRecord(folder.path)).toEqual([])
})

test('a run that was cut short in the middle of a line still says what it knew', () => {
  using folder = temporaryFolder()
  const record = new RunRecord(folder.path, 'r2')
  for (const entry of entries) record.write(entry)
  record.close()
  appendFileSync(join(folder.path, 'record.jsonl'), '{"kind":"claim-star')
  expect(readRunRecord(folder.path)).toEqual(entries)
})

test('tells whoever listens to this run, and nobody else', async () => {
  using folder = temporaryFolder()
  const heard: unknown[] = []
  const [mine, other] = ['r3', 'r4'].map((runId) => new BroadcastChannel(recordChannel(runId)))
  for (const channel of [mine, other]) {
    if (channel !== undefined)
      channel.onmessage = (message: unknown) =>
        heard.push([channel === mine, (message as { data: unknown }).data])
  }
  const record = new RunRecord(folder.path, 'r3')
  for (const entry of entries) record.write(entry)
  await eventually('both entries', () => (heard.length >= 2 ? found(heard) : notYet(`${heard.length}`)), {
    withinMs: 2_000,
    remedy: 'none',
  })
  expect(heard).toEqual(entries.map((entry) => [true, entry]))
  for (const channel of [record, mine, other]) channel?.close()
})

test('evidence is kept below its claim, without the secrets of the run', () => {
  using folder = temporaryFolder()
  const run = new Run(seedDouble(folder.path))
  const work = new ClaimWork(run, rowDouble('logs.stored'))
  work.keep(
    'answer.json',
    `{"sent":"${faultToken}","asked":"${supervisorToken}","password":"x y","status":500}`,
  )
  run.record.close()
  expect(work.measured().evidence).toEqual(['evidence/logs.stored/answer.json'])
  expect(readFileSync(join(folder.path, 'evidence/logs.stored/answer.json'), 'utf8')).toBe(
    '{"sent":"‹removed›","asked":"‹removed›","password":"‹removed›","status":500}',
  )
})
