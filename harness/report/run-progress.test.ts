import { expect, test } from 'vitest'
import type { ClaimRecord, RecordEntry } from '../claims/claim-record.ts'
import { RunProgress } from './run-progress.ts'

const selected: RecordEntry = {
  kind: 'selected',
  claims: [
    { id: 'logs.stored', layer: 'logs', title: 'a line is stored', needs: [], after: [] },
    { id: 'metrics.targets-up', layer: 'metrics', title: 'targets are up', needs: [], after: [] },
    { id: 'own.claim', layer: 'own', title: 'of another repository', needs: [], after: [] },
  ],
}
const judged = (id: string, layer: string, verdict: ClaimRecord['verdict']): RecordEntry => ({
  kind: 'claim',
  claim: { id, layer, title: id, verdict, startedAt: 0, ms: 1, lookups: 1 },
})
const waiting = (id: string, wait: number, condition: string): RecordEntry => ({
  kind: 'waiting',
  id,
  wait,
  condition,
  withinMs: 1000,
  holds: false,
})

function progressOf(...entries: readonly RecordEntry[]): RunProgress {
  const progress = new RunProgress()
  for (const [index, entry] of entries.entries()) progress.apply(entry, index * 100)
  return progress
}

test('layers stand in the order of the chain, those it does not know last', () => {
  expect([...progressOf(selected).byLayer.keys()]).toEqual(['metrics', 'logs', 'own'])
})

test('a claim keeps its place in its layer, and those that are judged stand in the order in which they began', () => {
  const claims = ['logs.a', 'logs.b', 'logs.c'].map((id) => ({
    id,
    layer: 'logs',
    title: id,
    needs: [],
    after: [],
  }))
  const progress = progressOf(
    { kind: 'selected', claims },
    { kind: 'claim-started', id: 'logs.c' },
    { kind: 'claim-started', id: 'logs.a' },
  )
  expect(progress.byLayer.get('logs')?.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'logs.a running',
    'logs.b not yet',
    'logs.c running',
  ])
  expect(progress.running.map(({ id }) => id)).toEqual(['logs.c', 'logs.a'])
})

test('counts what is judged, and lists what is being judged with the wait that began last', () => {
  const progress = progressOf(
    selected,
    { kind: 'claim-started', id: 'metrics.targets-up' },
    { kind: 'claim-started', id: 'logs.stored' },
    waiting('logs.stored', 1, 'the line'),
    waiting('logs.stored', 2, 'its stream'),
    judged('metrics.targets-up', 'metrics', 'proven'),
  )
  expect([progress.judged, progress.total]).toEqual([1, 3])
  expect(progress.running).toEqual([
    { id: 'logs.stored', wait: expect.objectContaining({ condition: 'its stream', sinceMs: 400 }) },
  ])
})

test('a wait that is over uncovers the one before it, and a judged claim waits for nothing', () => {
  const before = [
    selected,
    { kind: 'claim-started', id: 'logs.stored' } as const,
    waiting('logs.stored', 1, 'the line'),
    waiting('logs.stored', 2, 'its stream'),
    { kind: 'waited', id: 'logs.stored', wait: 2 } as const,
  ]
  expect(progressOf(...before).running[0]?.wait?.condition).toBe('the line')
  expect(progressOf(...before, judged('logs.stored', 'logs', 'broken')).running).toEqual([])
})

test('the load is shown while it goes on', () => {
  const load: RecordEntry = {
    kind: 'load-progress',
    progress: { elapsedMs: 1000, requests: 50, ratePerSecond: 50, p95Ms: null, failed: 0, dropped: 0 },
  }
  expect(progressOf(load).load?.requests).toBe(50)
  expect(progressOf(load, { kind: 'load', load: {} }).load).toBeUndefined()
})
