import { expect, test } from 'vitest'
import { type JudgedLoad, trialOf } from './trial-of.ts'

const reason = 'CLAIM_BROKEN: expected all objectives held\n  seen: latency of frontend: 4 % of 1 %\n  try: x'
const judged = (verdict: string, changes: Partial<JudgedLoad> = {}): JudgedLoad => ({
  verdict: 'proven',
  firstBroken: null,
  claims: [{ id: 'slo.objectives-held', verdict, reason }],
  wasLoaded: true,
  generatorGaveOut: null,
  ...changes,
})

test('the objectives decide, whatever k6 itself thinks of its thresholds', () => {
  expect(trialOf(judged('proven'), 50)).toEqual({ kind: 'kept' })
  const thresholds = { verdict: 'broken', firstBroken: 'load.thresholds-held' } as const
  expect(trialOf(judged('proven', thresholds), 50)).toEqual({ kind: 'kept' })
  expect(trialOf(judged('broken', { verdict: 'broken', firstBroken: 'slo.objectives-held' }), 50)).toEqual({
    kind: 'missed',
    objectives: 'latency of frontend: 4 % of 1 %',
  })
})

test('a generator that gave out says nothing of the system', () => {
  const result = judged('blocked', {
    verdict: 'invalid',
    invalidBecause: 'LOAD_INVALID: expected it\n  seen: k6 dropped 3 iterations',
    generatorGaveOut: 'k6 dropped 3 iterations',
  })
  expect(trialOf(result, 50)).toEqual({ kind: 'invalid', because: 'k6 dropped 3 iterations' })
})

test('a run whose generator did its work, and whose figures still cannot be judged, says nothing of its rate', () => {
  const result = judged('blocked', { verdict: 'invalid', invalidBecause: '301 by its query, 300 by k6' })
  expect(() => trialOf(result, 50)).toThrow(/LOAD_INVALID[\s\S]*can be judged[\s\S]*301 by its query/)
})

test('a run that never came to its load ends the search', () => {
  const result = judged('blocked', { verdict: 'invalid', wasLoaded: false, invalidBecause: 'no Docker' })
  expect(() => trialOf(result, 50)).toThrow(/LOAD_INVALID[\s\S]*no Docker/)
})

test.each([
  ['blocked', 'load.accounts-balance'],
  ['skipped', 'metrics.targets-up'],
])('objectives that are %s end the search with what is broken', (verdict, firstBroken) => {
  const claims = [
    { id: firstBroken, verdict: 'broken', reason: 'X: expected a\n  seen: 3 lines are missing\n  try: b' },
    { id: 'slo.objectives-held', verdict },
  ]
  const result = judged(verdict, { verdict: 'broken', firstBroken, claims })
  expect(() => trialOf(result, 50)).toThrow(
    new RegExp(`CLAIM_BROKEN[\\s\\S]*${firstBroken}: 3 lines are missing`),
  )
  expect(() => trialOf({ ...result, claims: [] }, 50)).toThrow(/it is not among the claims/)
})
