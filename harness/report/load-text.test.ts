import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { visibleLength } from '../core/wrap.ts'
import type { GeneratorFigures } from '../load/load-figures.ts'
import type { LoadResult } from '../load/load-report.ts'
import { writeLoad, writeObjectives, writeProgress } from './load-text.ts'

const generator: GeneratorFigures = {
  window: { startedAt: 1_000, endedAt: 11_500 },
  exitCode: 99,
  iterations: 200,
  dropped: 0,
  exceptions: 0,
  virtualUsersMax: 10,
  answers: [
    { method: 'GET', route: '/v1/appoints/available-schedule', status: 200, count: 170 },
    { method: 'GET', route: '/v1/appoints/available-schedule', status: 500, count: 20 },
    { method: 'GET', route: '/', status: 0, count: 4 },
    { method: 'GET', route: '/', status: 404, count: 6 },
  ],
  latencyByRoute: { '/v1/appoints/available-schedule': { p50: 2, p95: 1_500, p99: 30, max: 90, mean: 3 } },
  thresholds: [],
  cpu: {
    generatorSeconds: 0.5,
    generatorWaitedSeconds: 0.1,
    systemSeconds: { go: 0.5, loki: 1.25 },
    cores: 2,
  },
  invalidBecause: null,
}

const load = (changes: Partial<LoadResult> = {}): LoadResult => ({
  request: {
    workload: 'steady',
    script: '/load/steady.ts',
    ratePerSecond: 20,
    durationMs: 90_000,
    slo: [],
    faults: [],
    unproven: false,
    as: 'process' as const,
    runners: 1,
  },
  signals: { basis: 'this run' },
  generator,
  faults: [{ app: 'go', route: '/v2', status: null, matched: 100, injected: 16 }],
  ...changes,
})

const plain = (text: string) => stripVTControlCharacters(text).split('\n')

test('says what was asked, what came of it by route, what was broken on purpose, and who had the processor', () => {
  expect(plain(writeLoad(load(), 100))).toEqual([
    'load steady, up to 20/s for 1m30s',
    '  200 requests in 10.5 s, 24 failed, 0 dropped',
    '  go: 16 of 100 requests made late on purpose',
    '  route                              requests failed      p50      p95      p99',
    '  GET /v1/appoints/available-schedule     190     20   2.0 ms    1.5 s  30.0 ms',
    '  GET /                                    10      4        –        –        –',
    '  CPU on 2 cores: the generator 0.5 s, which waited 0.1 s for a core; the system 1.8 s: loki 1.3 s,',
    '    go 0.5 s',
  ])
})

test.each([40, 60, 80, 120])('no line is wider than %d columns', (width) => {
  const lines = plain(writeLoad(load({ signals: { basis: 'unproven' } }), width))
  expect(lines.filter((line) => visibleLength(line) > width)).toEqual([])
})

test('says what the figures rest on where that is not this run', () => {
  const unproven = writeLoad(load({ signals: { basis: 'unproven' } }), 100)
  expect(unproven).toContain('UNPROVEN SIGNALS')
  const accepted = { basis: 'accepted run', runId: 'r7', provenAt: '2026-11-25T12:00:00.000Z' } as const
  expect(writeLoad(load({ signals: accepted }), 100)).toContain('on the signals that run r7 proved')
  expect(writeLoad(load(), 100)).not.toMatch(/UNPROVEN|proved/)
})

test('a generator that was not started has no figures', () => {
  const { generator: _, faults: __, ...notStarted } = load()
  expect(plain(writeLoad(notStarted, 80))).toEqual([
    'load steady, up to 20/s for 1m30s',
    '  the generator was not started',
  ])
})

test('each objective is a sentence, and what would alert is told with it', () => {
  const objective = {
    name: 'go-availability',
    service: 'go',
    kind: 'availability' as const,
    target: 0.99,
    total: 100,
    bad: 16,
    budgetSpent: 16,
    held: false,
    timeToExhaustionMs: 162_000_000,
    words: 'go-availability missed: 16 of 100 requests failed',
    burnByWindow: [
      { severity: 'page', long: '1h', short: '5m', factor: 14.4, burn: 0.1, alertsAfterMs: 3_240_000 },
      { severity: 'page', long: '6h', short: '30m', factor: 20, burn: 0.1, alertsAfterMs: null },
    ] as const,
  }
  expect(plain(writeObjectives([objective], 100))).toEqual([
    'objectives, over exactly the load',
    '  ✗ go-availability missed: 16 of 100 requests failed',
    '    1h/5m: the page comes after 54 m of requests as bad as these',
  ])
  expect(writeObjectives([], 80)).toBe('')
})

test('where a load stands is one line', () => {
  const progress = {
    elapsedMs: 11_020,
    requests: 220,
    ratePerSecond: 20.02,
    p95Ms: 8.16,
    failed: 0.161,
    dropped: 3,
  }
  expect(writeProgress(progress)).toBe('load 11 s: 20/s, p95 8.2 ms, 16.1 % failed, 3 dropped')
  expect(writeProgress({ ...progress, p95Ms: null })).toBe('load 11 s: 20/s, 16.1 % failed, 3 dropped')
})
