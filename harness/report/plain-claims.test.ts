import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ClaimRecord, RecordEntry } from '../claims/claim-record.ts'
import { PlainClaims } from './plain-claims.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function log() {
  const lines: string[] = []
  const claims = new PlainClaims({ write: (text) => lines.push(String(text)) > 0 }, () => Date.now() - began)
  return { lines, claims }
}
let began = 0
beforeEach(() => {
  began = Date.now()
})

const selected: RecordEntry = {
  kind: 'selected',
  claims: ['logs.stored', 'alerts.delivered'].map((id) => ({
    id,
    layer: 'logs',
    title: id,
    needs: [],
    after: [],
  })),
}
const judged = (id: string, more: Partial<ClaimRecord>): RecordEntry => ({
  kind: 'claim',
  claim: { id, layer: 'logs', title: id, verdict: 'proven', startedAt: 0, ms: 1, lookups: 1, ...more },
})

test('each line says when, how far and what', () => {
  const { lines, claims } = log()
  claims.show(selected)
  vi.advanceTimersByTime(2500)
  claims.show({ kind: 'environment-ready', afterMs: 2400 })
  claims.show({ kind: 'claim-started', id: 'logs.stored' })
  claims.show(judged('logs.stored', { usedMs: 120, worstCaseMs: 400 }))
  claims.show(
    judged('alerts.delivered', { verdict: 'broken', reason: 'CLAIM_BROKEN: expected it\n  seen: nothing' }),
  )
  claims.clear()
  expect(lines).toEqual([
    '   +0.0 s  2 claims to judge\n',
    '   +2.5 s  stack ready after 2.4 s\n',
    '   +2.5 s  1 of 2  proven   logs.stored, waited 120 ms of 400 ms\n',
    '   +2.5 s  2 of 2  BROKEN   alerts.delivered: CLAIM_BROKEN: expected it\n',
  ])
})

test('after ten quiet seconds it says what is waited for, and how long that may take', () => {
  const { lines, claims } = log()
  claims.show(selected)
  claims.show({ kind: 'claim-started', id: 'logs.stored' })
  claims.show({ kind: 'claim-started', id: 'alerts.delivered' })
  claims.show({
    kind: 'waiting',
    id: 'alerts.delivered',
    wait: 1,
    condition: 'the notification',
    withinMs: 30_000,
    holds: false,
  })
  vi.advanceTimersByTime(10_000)
  claims.clear()
  vi.advanceTimersByTime(60_000)
  expect(lines.slice(1)).toEqual([
    '  +10.0 s  alerts.delivered waits for: the notification (10.0 s of at most 30.0 s), and 1 more claims go on\n',
  ])
})

test('nothing is said of waits that do not take long', () => {
  const { lines, claims } = log()
  claims.show({ kind: 'claim-started', id: 'logs.stored' })
  claims.show({ kind: 'waited', id: 'logs.stored', wait: 1 })
  claims.clear()
  expect(lines).toEqual([])
})
