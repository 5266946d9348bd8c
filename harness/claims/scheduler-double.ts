import { vi } from 'vitest'
import type { SignalproofError } from '../core/signalproof-error.ts'
import type { ClaimRecord } from './claim-record.ts'
import type { ClaimRow } from './claim-row.ts'
import { ClaimWork } from './claim-work.ts'
import type { Run } from './run.ts'
import { type ClaimBody, ClaimScheduler } from './scheduler.ts'

export const proves: ClaimBody = ({ looked }) => looked()

export const breaks: ClaimBody = () => {
  throw new Error('five lines instead of six')
}

/** A scheduler over these rows; a row without a body of its own is proven. */
export function schedulerOf(
  rows: readonly ClaimRow[],
  bodies: Readonly<Record<string, ClaimBody | null>> = {},
  whyNotHere: (row: ClaimRow) => string | undefined = () => undefined,
  environmentEnd: () => SignalproofError | undefined = () => undefined,
) {
  const inRun = new Set(rows.map(({ id }) => id))
  const moments: string[] = []
  const records: ClaimRecord[] = []
  const keepEvidence = vi.fn(async (id: string) => [`evidence/${id}/answers.json`])
  let clock = 0
  const scheduler = new ClaimScheduler({
    rows: new Map(rows.map((row) => [row.id, row])),
    bodies: new Map(
      rows.flatMap(({ id }) => {
        const body = bodies[id] === undefined ? proves : bodies[id]
        return body === null ? [] : [[id, body] as const]
      }),
    ),
    inRun,
    whyNotHere,
    environmentEnd,
    workFor: (row) => new ClaimWork({} as Run, row),
    now: () => clock++,
    keepEvidence,
    onStarted: (id) => moments.push(`${id} starts`),
    hearWaitsOf:
      (id) =>
      ({ condition }) => {
        moments.push(`${id} waits for ${condition}`)
        return () => moments.push(`${id} has waited`)
      },
    onJudged: (record) => {
      records.push(record)
      moments.push(`${record.id} ${record.verdict}`)
    },
  })
  const verdictOf = async (id: string) => (await scheduler.judge(id)).record
  return { scheduler, moments, records, keepEvidence, verdictOf }
}
