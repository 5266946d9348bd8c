import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { ClaimRecord, RecordEntry } from '../claims/claim-record.ts'
import { visibleLength } from '../core/wrap.ts'
import { drawRun } from './live-view.ts'
import { RunProgress } from './run-progress.ts'

const ids = [
  'platform.ready',
  'metrics.targets-up',
  'metrics.counted-once',
  'logs.stored',
  'logs.ruler-on-time',
]
const layerOf = (id: string) => id.split('.')[0] ?? ''

function progressOf(...entries: readonly RecordEntry[]): RunProgress {
  const progress = new RunProgress()
  const claims = ids.map((id) => ({ id, layer: layerOf(id), title: id, needs: [], after: [] }))
  for (const entry of [{ kind: 'selected', claims } as const, ...entries]) progress.apply(entry, 0)
  return progress
}
const started = (id: string): RecordEntry => ({ kind: 'claim-started', id })
const judged = (id: string, verdict: ClaimRecord['verdict']): RecordEntry => ({
  kind: 'claim',
  claim: { id, layer: layerOf(id), title: id, verdict, startedAt: 0, ms: 1, lookups: 1 },
})
const waiting = (id: string, condition: string): RecordEntry => ({
  kind: 'waiting',
  id,
  wait: 1,
  condition,
  withinMs: 2000,
  holds: false,
})
const draw = (progress: RunProgress, columns = 80, rows = 24, nowMs = 0) =>
  drawRun(progress, { columns, rows }, nowMs).map((line) => stripVTControlCharacters(line))

test('before anything is judged it says that the stack starts', () => {
  expect(draw(progressOf())).toEqual([
    'platform   ○ 0 of 1',
    'metrics    ○○ 0 of 2',
    'logs       ○○ 0 of 2',
    'the stack starts',
  ])
})

test('a line a layer, then what is judged now, what it waits for, and how much of the time is used', () => {
  const progress = progressOf(
    { kind: 'environment-ready', afterMs: 3000 },
    judged('platform.ready', 'proven'),
    judged('metrics.targets-up', 'broken'),
    judged('metrics.counted-once', 'blocked'),
    judged('logs.ruler-on-time', 'skipped'),
    started('logs.stored'),
    waiting('logs.stored', 'the line of request 7 in Loki'),
  )
  expect(draw(progress, 81, 24, 500)).toEqual([
    'platform   ● 1 of 1',
    'metrics    ✗· 2 of 2',
    'logs       ◌– 1 of 2',
    '  logs.stored the line of request 7 in Loki           500 ms of 2.0 s ███░░░░░░░',
  ])
})

test('time that is used up does not run over, and no bar is wider than what is there', () => {
  const progress = progressOf(started('logs.stored'), waiting('logs.stored', 'it'))
  expect(draw(progress, 60, 24, 9000).at(-1)).toMatch(/ 2\.0 s of 2\.0 s ██████████$/)
})

test('what does not fit a low terminal is counted', () => {
  const progress = progressOf(...ids.map(started))
  expect(draw(progress, 80, 8).slice(3)).toEqual(['  platform.ready', '  and 4 more'])
})

test.each([20, 33, 40, 60, 80, 200])('no line is wider than a terminal of %i columns', (columns) => {
  const progress = progressOf(
    ...ids.map(started),
    waiting('logs.stored', 'a condition whose name is as long as such names are, and then some more of it'),
  )
  const widths = drawRun(progress, { columns, rows: 24 }, 100).map(visibleLength)
  expect(Math.max(...widths)).toBeLessThan(columns)
})
