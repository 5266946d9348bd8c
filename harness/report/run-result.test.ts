import { expect, test } from 'vitest'
import { faultToken, supervisorToken } from '../claims/claim-doubles.ts'
import type { RecordEntry } from '../claims/claim-record.ts'
import { claimDouble, loadedSeed, recordOf, resultOf } from './run-doubles.ts'
import { exitStatusOfVerdict, makeLoadFile } from './run-result.ts'

const broken = (id: string, reason = 'CLAIM_BROKEN: no') => claimDouble(id, { verdict: 'broken', reason })

test('a run whose claims are all proven, or skipped, is proven', () => {
  const record = recordOf([
    claimDouble('logs.a'),
    claimDouble('logs.b', { verdict: 'skipped', reason: 'no traces here' }),
  ])
  expect(resultOf(record)).toMatchObject({
    verdict: 'proven',
    firstBroken: null,
    wallMs: 10_000,
    claimsMs: 200,
  })
  expect(resultOf(record)).not.toHaveProperty('invalidBecause')
})

test('the first broken claim is the first of the table, not the first that was judged', () => {
  const claims = [claimDouble('logs.a'), broken('logs.b'), broken('alerts.c')]
  const [selected, ...judged] = recordOf(claims)
  const record = [selected, ...judged.reverse()].filter((entry) => entry !== undefined)
  expect(resultOf(record)).toMatchObject({ verdict: 'broken', firstBroken: 'logs.b' })
  expect(resultOf(record).claims.map(({ id }) => id)).toEqual(['logs.a', 'logs.b', 'alerts.c'])
})

test('each claim has its place in the chain: what it needs, and what it waits for', () => {
  const claims = [claimDouble('logs.a'), broken('logs.b'), claimDouble('alerts.c')]
  const record = recordOf(claims, { 'alerts.c': ['logs.a'] }, { 'logs.b': ['logs.a'] })
  expect(resultOf(record).claims.map(({ id, needs, after }) => ({ id, needs, after }))).toEqual([
    { id: 'logs.a', needs: [], after: [] },
    { id: 'logs.b', needs: [], after: ['logs.a'] },
    { id: 'alerts.c', needs: ['logs.a'], after: [] },
  ])
})

test.each<[string, readonly RecordEntry[], string]>([
  ['nothing selected', [], 'no claim was judged'],
  ['an empty selection', recordOf([]), 'no claim was judged'],
  [
    'nothing but skipped claims',
    recordOf([claimDouble('logs.a', { verdict: 'skipped' })]),
    'no claim was judged',
  ],
  [
    'a claim that was not judged',
    recordOf([claimDouble('logs.a'), claimDouble('logs.b')]).slice(0, 2),
    '1 of 2 claims were not judged',
  ],
  [
    'a broken environment',
    [...recordOf([broken('logs.a')]), { kind: 'environment-failed', message: 'ENV_COMPONENT_DIED: loki' }],
    'ENV_COMPONENT_DIED: loki',
  ],
  [
    'a claim that the environment kept from being judged',
    recordOf([
      broken('logs.a'),
      claimDouble('logs.b', { verdict: 'blocked', reason: 'TRAFFIC_FAILED: x', environmentFailed: true }),
    ]),
    'TRAFFIC_FAILED: x',
  ],
])('%s proves nothing and breaks nothing', (_, record, because) => {
  expect(resultOf(record)).toMatchObject({ verdict: 'invalid', invalidBecause: because })
})

test('an error outside of the claims, and an interruption, leave nothing said about the stack', () => {
  const record = recordOf([claimDouble('logs.a')])
  expect(resultOf(record, { outsideClaims: ['cannot find module'] })).toMatchObject({
    verdict: 'invalid',
    invalidBecause: 'cannot find module',
  })
  const interrupted = resultOf(record, { outsideClaims: ['cannot find module'], interrupted: true })
  expect(interrupted).toMatchObject({ verdict: 'invalid', invalidBecause: 'the run was interrupted' })
})

test('each verdict has its exit status', () => {
  expect(exitStatusOfVerdict).toEqual({ proven: 0, broken: 1, invalid: 3 })
})

test('the critical path is the longest chain of needs by time, from the start of the command', () => {
  const took = { 'a.start': 500, 'a.short': 10, 'a.long': 300, 'a.end': 100, 'a.alone': 850, 'a.many': 1 }
  const needs = {
    'a.short': ['a.start'],
    'a.long': ['a.start'],
    'a.end': ['a.short', 'a.long'],
    'a.many': ['a.short'],
  }
  const claims = Object.entries(took).map(([id, ms], index) =>
    claimDouble(id, { ms, startedAt: 1_200 + index * 100 }),
  )
  expect(resultOf(recordOf(claims, needs))).toMatchObject({
    criticalPath: ['a.start', 'a.long', 'a.end'],
    criticalPathMs: 200 + 500 + 300 + 100,
    claimsMs: 1_761,
  })
})

test('what comes after a claim that disturbs nothing more does not wait for its verdict', () => {
  const claims = [
    claimDouble('a.long', { ms: 900, calmAfterMs: 100, startedAt: 1_000 }),
    claimDouble('a.after', { ms: 300, startedAt: 1_100 }),
    claimDouble('a.needing', { ms: 50, startedAt: 1_900 }),
  ]
  const record = (after: Record<string, readonly string[]>, needs: Record<string, readonly string[]> = {}) =>
    resultOf(recordOf(claims, needs, after)).criticalPath
  expect(record({ 'a.after': ['a.long'] })).toEqual(['a.long'])
  expect(record({ 'a.after': ['a.long'] }, { 'a.needing': ['a.long'] })).toEqual(['a.long', 'a.needing'])
  expect(record({ 'a.after': ['a.long'], 'a.needing': ['a.after'] })).toEqual(['a.long'])
})

test('a run without a claim has only its wall on its critical path', () => {
  expect(resultOf([])).toMatchObject({ criticalPath: [], criticalPathMs: 10_000, readyMs: null })
  expect(JSON.parse(JSON.stringify(resultOf([])))).toEqual(resultOf([]))
})

test('takes ready, alerts and notifications as they were last said, notes and promises all', () => {
  const firing = { alertname: 'A', app: 'go', route: '', state: 'firing' } as const
  const notification = { receiver: 'ticket', status: 'firing', labels: {}, alerts: 1, at: 5 } as const
  const promise = { id: 'p', profile: 'fast', worstCaseMs: 1, promisedMs: 2 }
  const result = resultOf([
    ...recordOf([claimDouble('logs.a')]),
    { kind: 'environment-ready', afterMs: 4_000 },
    { kind: 'note', id: 'logs.a', text: 'one' },
    { kind: 'note', id: 'logs.a', text: 'two' },
    { kind: 'promises', promises: [promise] },
    { kind: 'alerts', expected: [], seen: [] },
    { kind: 'alerts', expected: [firing], seen: [firing] },
    { kind: 'notifications', notifications: [notification] },
  ])
  expect(result).toMatchObject({
    readyMs: 4_000,
    notes: [
      { id: 'logs.a', text: 'one' },
      { id: 'logs.a', text: 'two' },
    ],
    promises: [promise],
    notifications: [notification],
  })
  expect(result.alerts).toEqual({ expected: [firing], seen: [firing] })
})

test('says what was run: environment, profile, --set and components', () => {
  const component = { name: 'loki', version: '3.7.5', provenance: 'built', location: '/cache/loki' } as const
  const set = ['loki:ruler.poll_interval=1s']
  expect(
    resultOf(recordOf([claimDouble('logs.a')]), {}, { components: [component], set, profile: 'production' }),
  ).toMatchObject({
    schemaVersion: 1,
    startedAt: '1970-01-01T00:00:01.000Z',
    environment: 'process',
    profile: 'production',
    set,
    components: [component],
  })
})

test('no secret of the run is in its result', () => {
  const leak = `Authorization: Bearer abc.def-123 and ${faultToken} and ${supervisorToken}`
  const record: RecordEntry[] = [
    ...recordOf([broken('logs.a', leak)]),
    { kind: 'note', id: 'logs.a', text: leak },
    { kind: 'environment-failed', message: leak },
  ]
  const text = JSON.stringify(resultOf(record))
  for (const secret of [faultToken, supervisorToken, 'abc.def-123']) expect(text).not.toContain(secret)
  expect(text.match(/‹removed› and ‹removed› and ‹removed›/g)).toHaveLength(3)
})

test('what the environment kept from being judged is told by the verdict, not by a field of its own', () => {
  const claim = claimDouble('logs.a', { verdict: 'blocked', environmentFailed: true })
  expect(resultOf(recordOf([claim])).claims[0]).not.toHaveProperty('environmentFailed')
})

const faults = [{ app: 'go', route: '/v2', status: 500, matched: 100, injected: 16 }]
const thisRun = { basis: 'this run' } as const

test('a run that a load was asked for says what was asked, what it rests on, and all that is known of it', () => {
  const seed = loadedSeed(thisRun)
  const record: RecordEntry[] = [
    ...recordOf([claimDouble('load.generated')]),
    { kind: 'load', load: { faults: [] } },
    { kind: 'load', load: { faults } },
    { kind: 'slo', objectives: [] },
  ]
  const result = resultOf(record, { seed })
  expect(result).toMatchObject({
    verdict: 'proven',
    digest: 'd1',
    load: { request: seed.load?.request, signals: thisRun, faults },
    slo: [],
  })
  expect(result).not.toHaveProperty('unproven')
  expect(makeLoadFile(result, record)).toMatchObject({ runId: result.runId, digest: 'd1', faults, slo: [] })
})

test('without a load there is none in the result, and no file about it', () => {
  const result = resultOf(recordOf([claimDouble('logs.a')]))
  expect(result).not.toHaveProperty('load')
  expect(makeLoadFile(result, [])).toBeUndefined()
})

test('what running the panels found is in the result, the last of it, without secrets', () => {
  const panels = (reason: string) => ({
    total: 2,
    byVerdict: { data: 1, broken: 1 },
    broken: [{ dashboard: 'shop', panel: 'Requests', reason }],
  })
  const record: RecordEntry[] = [
    ...recordOf([claimDouble('dashboards.panels-alive')]),
    { kind: 'panels', panels: panels('earlier') },
    { kind: 'panels', panels: panels(`seen ${faultToken}`) },
  ]
  const result = resultOf(record)
  expect(result.panels).toMatchObject({ total: 2, byVerdict: { data: 1, broken: 1 } })
  expect(result.panels?.broken).toEqual([
    { dashboard: 'shop', panel: 'Requests', reason: expect.not.stringContaining(faultToken) },
  ])
  expect(result.panels?.broken[0]?.reason).toMatch(/^seen /)
  expect(resultOf(recordOf([claimDouble('logs.a')]))).not.toHaveProperty('panels')
})

test('unproven signals are said in the result and in the file', () => {
  const record = recordOf([claimDouble('load.generated')])
  const result = resultOf(record, { seed: loadedSeed({ basis: 'unproven' }) })
  expect(result.unproven).toBe(true)
  expect(makeLoadFile(result, record)).toMatchObject({ unproven: true, signals: { basis: 'unproven' } })
})

test('a load that was asked for and not made proves nothing, whatever else is proven', () => {
  const skipped = claimDouble('load.generated', { verdict: 'skipped', reason: 'no request may be sent here' })
  const result = resultOf(recordOf([claimDouble('logs.a'), skipped]), { seed: loadedSeed(thisRun) })
  expect(result).toMatchObject({
    verdict: 'invalid',
    invalidBecause: 'no load was made: no request may be sent here',
  })
  const without = resultOf(recordOf([claimDouble('logs.a')]), { seed: loadedSeed(thisRun) })
  expect(without.invalidBecause).toBe('no load was made: no claim about it is among the scenarios')
})

test('a load that a broken signal kept from being made is no invalid run: the signal is the answer', () => {
  const blocked = claimDouble('load.generated', {
    verdict: 'blocked',
    reason: 'needs logs.a, which is broken',
  })
  const result = resultOf(recordOf([broken('logs.a'), blocked]), { seed: loadedSeed(thisRun) })
  expect(result).toMatchObject({ verdict: 'broken', firstBroken: 'logs.a' })
  expect(result.load?.generator).toBeUndefined()
})
