import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import { keptLoad } from '../../../load/compare/kept-load-doubles.ts'
import { claimDouble, recordOf } from '../../run-doubles.ts'
import {
  brokenRecord,
  fullInput,
  hostile,
  inputOf,
  panelDouble,
  panelsDouble,
  provenRecord,
  timelineDouble,
} from '../report-doubles.ts'
import { comparisonSentence, writeComparisonPage } from './comparison-page.ts'
import { type ComparedRun, changesBetween } from './run-changes.ts'
import { writeComparisonReport } from './write-comparison-report.ts'

const timed = (ms: number): ComparedRun => {
  const [first, ...hops] = timelineDouble().hops
  const timeline = timelineDouble({ hops: first === undefined ? [] : [{ ...first, ms }, ...hops] })
  return inputOf([...provenRecord(), { kind: 'timeline', timeline }])
}

test('claims whose verdict changed come first, those that broke before those that were mended', () => {
  const before = inputOf(
    recordOf([
      claimDouble('a.mended', { verdict: 'broken', reason: 'x' }),
      claimDouble('a.same'),
      claimDouble('a.breaks'),
      claimDouble('a.gone'),
      claimDouble('a.stops'),
    ]),
  )
  const after = inputOf(
    recordOf([
      claimDouble('a.mended'),
      claimDouble('a.same'),
      claimDouble('a.stops', { verdict: 'blocked', reason: 'needs a.breaks' }),
      claimDouble('a.breaks', { verdict: 'broken', reason: 'y' }),
    ]),
  )
  const { claims, sameClaims } = changesBetween(before, after)
  expect(claims.map(({ id, before: was, after: is }) => `${id} ${was} ${is}`)).toEqual([
    'a.breaks proven broken',
    'a.stops proven blocked',
    'a.mended broken proven',
    'a.gone proven null',
  ])
  expect(sameClaims).toBe(1)
})

test.each([
  [brokenRecord(), brokenRecord(), 'No claim changed its verdict: all 5 are as they were.'],
  [
    recordOf([claimDouble('a.a')]),
    recordOf([claimDouble('a.a', { verdict: 'broken', reason: 'x' })]),
    '1 claim changed its verdict: 1 broke.',
  ],
  [
    recordOf(['a.a', 'a.b'].map((id) => claimDouble(id, { verdict: 'broken', reason: 'x' }))),
    recordOf([claimDouble('a.a'), claimDouble('a.b')]),
    '2 claims changed their verdicts: 2 were mended.',
  ],
])('the change is one sentence', (before, after, sentence) => {
  expect(comparisonSentence(changesBetween(inputOf(before), inputOf(after)))).toBe(sentence)
})

test('hops of the faults that both made are side by side; others are not', () => {
  const { timelines } = changesBetween(timed(100), timed(140))
  expect(timelines).toHaveLength(1)
  expect(timelines[0]?.hops[0]).toEqual({
    name: 'stored',
    before: 100,
    after: 140,
    worstCaseMs: 150,
    deadlineMs: 900,
  })
  expect(changesBetween(timed(100), inputOf(provenRecord())).timelines).toEqual([])
})

test('times, panels, objectives and settings are compared', () => {
  const [before, after] = [fullInput(), fullInput()]
  const changed = {
    ...after,
    result: {
      ...after.result,
      readyMs: 4_000,
      set: ['loki:x=2'],
      slo: after.result.slo?.map((one) => ({ ...one, held: true, budgetSpent: 0.5 })) ?? [],
    },
    panels: panelsDouble(1, {
      panels: [
        panelDouble({
          id: 0,
          title: 'Panel 0',
          dashboard: { uid: 'd0', title: 'Dashboard 0' },
          verdict: 'convincing zero',
          reason: 'it did not move',
        }),
      ],
    }),
  }
  const changes = changesBetween(before, changed)
  expect(changes.figures.find(({ name }) => name === 'ready after')).toEqual({
    name: 'ready after',
    before: null,
    after: 4_000,
  })
  expect(changes.panels[0]).toMatchObject({ title: 'Panel 0', before: 'data', after: 'convincing zero' })
  expect(changes.panels).toHaveLength(6)
  expect(changes.objectives).toEqual([
    { name: 'shop-availability', spent: { before: 1.5, after: 0.5 }, held: { before: false, after: true } },
  ])
  expect(changes.settings).toEqual([
    { name: '--set loki:x', before: null, after: '2' },
    { name: '--set loki:limits_config.x', before: '1', after: null },
  ])
})

test('a run without panels says nothing of them', () => {
  expect(changesBetween(inputOf(provenRecord()), fullInput()).panels).toEqual([])
})

const pageOf = (before: ComparedRun, after: ComparedRun) =>
  writeComparisonPage({ before, after, changes: changesBetween(before, after), load: undefined })

test('the page says what broke, and why, with foreign text as text', () => {
  const page = pageOf(
    inputOf(provenRecord()),
    inputOf(brokenRecord(`CLAIM_BROKEN: expected ${hostile}\n  seen: x\n  try:  y`)),
  )
  expect(page).toMatch(/proven<\/span> → <span class="badge broken">broken<\/span>.*logs\.<wbr>stored/)
  expect(page).not.toMatch(/<script|<img|NaN/)
  expect(page).toContain('&lt;script&gt;')
})

test('it is written beside the second run, and says why loads cannot be compared', () => {
  const withLoad = (runId: string, dropped: boolean) => {
    const kept = keptLoad().load
    const { result } = fullInput()
    const generator = { ...kept.generator, invalidBecause: dropped ? 'dropped iterations' : null }
    return JSON.stringify({ ...result, runId, load: { ...result.load, generator } })
  }
  const folder = temporaryFolder({
    'a/result.json': withLoad('a', false),
    'b/result.json': withLoad('b', false),
    'c/result.json': withLoad('c', true),
  })
  onTestFinished(() => folder[Symbol.dispose]())
  const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder.path, name)) as [string, string, string]
  const path = writeComparisonReport(folder.path, a, b)
  expect(path).toBe(join(b, 'compared-with-a.html'))
  expect(readFileSync(path, 'utf8')).toContain('Noise unknown: 1 and 1 of at least 5 repeats each')
  expect(readFileSync(writeComparisonReport(folder.path, a, c), 'utf8')).toContain(
    'The loads were not compared: c: invalid: dropped iterations',
  )
})
