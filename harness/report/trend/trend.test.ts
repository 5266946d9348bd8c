import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { claimDouble, recordOf, resultOf } from '../run-doubles.ts'
import type { RunResult } from '../run-result.ts'
import { readTrend, type TrendRun, trendRun } from './read-trend.ts'
import { trendSvg } from './trend-svg.ts'
import { writeTrend } from './trend-text.ts'

const timeline = (totalMs: number | null, kind: 'request' | 'outage' = 'request') => ({
  id: 'a fault',
  kind,
  alert: 'LogsErrorBurst',
  hops: [],
  totalMs,
  worstCaseMs: 2000,
})
const resultAt = (minute: number, changes: Partial<RunResult> = {}): RunResult => ({
  ...resultOf(recordOf([claimDouble('logs.stored')])),
  runId: `run-${minute}`,
  startedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  readyMs: 3000,
  wallMs: 50_000,
  timelines: [timeline(1500), timeline(900), timeline(9000, 'outage')],
  ...changes,
})
const runAt = (minute: number, changes: Partial<TrendRun> = {}): TrendRun => ({
  ...trendRun(resultAt(minute)),
  ...changes,
})

test('a run is its readiness, its slowest delivered fault and its wall time', () => {
  expect(runAt(0)).toMatchObject({ kind: 'process, fast', readyMs: 3000, detectionMs: 1500, wallMs: 50_000 })
  expect(trendRun(resultAt(0, { timelines: [timeline(null)] })).detectionMs).toBeNull()
})

test('runs are read oldest first, and what cannot be read is left out with its reason', () => {
  using folder = temporaryFolder({ 'torn/result.json': '{', 'no-run/other.txt': '' })
  for (const minute of [5, 1]) {
    const run = join(folder.path, `run-${minute}`)
    mkdirSync(run)
    writeFileSync(join(run, 'result.json'), JSON.stringify(resultAt(minute)))
  }
  const { runs, leftOut } = readTrend(folder.path)
  expect(runs.map(({ runId }) => runId)).toEqual(['run-1', 'run-5'])
  expect(leftOut).toEqual([{ folder: 'torn', why: expect.stringContaining('JSON') }])
})

test.each([
  ['a folder without runs', {}, 'none'],
  ['a folder whose runs cannot be read', { 'torn/result.json': '{' }, 'none that can be read; torn: '],
])('%s is refused', (_, files, seen) => {
  using folder = temporaryFolder(files)
  expect(() => readTrend(folder.path)).toThrow(seen)
  expect(() => readTrend(join(folder.path, 'missing'))).toThrow('USAGE_UNKNOWN_NAME')
})

test('the newest proven run is held against the median of as large ones before it', () => {
  const runs = [
    runAt(0, { wallMs: 40_000 }),
    runAt(1, { wallMs: 50_000 }),
    runAt(2, { wallMs: 1000, claims: 0 }),
    runAt(3, { wallMs: 1000, verdict: 'broken' }),
    runAt(4, { wallMs: 75_000, detectionMs: null }),
  ]
  expect(writeTrend({ runs, leftOut: [{ folder: 'torn', why: 'no JSON' }] }, 100)).toBe(
    [
      'process, fast: 5 runs, 4 proven, 1 broken',
      '  newest proven run-4, 1 claims',
      '  ready               3.0 s  1.00 × the median of 2 before it (3.0 s)',
      '  detection    not measured  nothing to compare with',
      '  wall               75.0 s  1.50 × the median of 2 before it (50.0 s)',
      'left out torn: no JSON',
      '',
    ].join('\n'),
  )
})

test('runs that are not proven are compared with nothing', () => {
  expect(writeTrend({ runs: [runAt(0, { verdict: 'invalid' })], leftOut: [] }, 100)).toContain(
    'none is proven: there is nothing to compare',
  )
})

test('the picture has a mark for every figure there is, and names each kind of run', async () => {
  const runs = [runAt(0), runAt(1, { detectionMs: null }), runAt(2, { kind: '<k3s>, fast' })]
  const svg = await trendSvg({ runs })
  const dots = [...svg.matchAll(/<g [^>]*aria-label="dot".*?<\/g>/gs)].map(
    ([group]) => group.match(/<path /g)?.length,
  )
  expect(dots, 'readiness, detection, wall time').toEqual([3, 2, 3])
  expect(svg).toContain('process, fast')
  expect(svg).toContain('&lt;k3s&gt;, fast')
  expect(svg).not.toContain('<k3s>')
})

test('one run alone is a picture, too', async () => {
  expect(await trendSvg({ runs: [runAt(0)] })).not.toContain('NaN')
})
