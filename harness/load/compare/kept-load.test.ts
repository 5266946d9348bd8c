import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { readKeptSeries } from './kept-load.ts'
import { keptLoad } from './kept-load-doubles.ts'

function checkout(results: Readonly<Record<string, unknown>>) {
  const folder = temporaryFolder(
    Object.fromEntries(
      Object.entries(results).map(([run, result]) => [
        `.signalproof/runs/${run}/result.json`,
        typeof result === 'string' ? result : JSON.stringify(result),
      ]),
    ),
  )
  onTestFinished(() => folder[Symbol.dispose]())
  return folder.path
}

const invalid = {
  ...keptLoad(),
  verdict: 'invalid',
  invalidBecause: 'LOAD_INVALID: expected it\n  seen: k6 dropped 12 iterations',
}

test('a run is found by its id and by its folder', () => {
  const root = checkout({ r1: keptLoad() })
  expect(readKeptSeries(root, 'r1').runs).toEqual([keptLoad()])
  expect(readKeptSeries('/nowhere', join(root, '.signalproof/runs/r1')).name).toBe('r1')
})

test('a series is all of its numbered runs, in their order; one that is invalid is left out, and said so', () => {
  const results = { 's/10': keptLoad({ p95: 10 }), 's/2': keptLoad({ p95: 2 }), 's/3': invalid }
  const { runs, leftOut } = readKeptSeries(checkout(results), 's')
  expect(runs.map(({ load }) => load.generator.latencyByRoute['/v1']?.p95)).toEqual([2, 10])
  expect(leftOut).toEqual([{ run: '3', why: 'invalid: k6 dropped 12 iterations' }])
})

const { load: _, ...withoutLoad } = keptLoad()
const withGenerator = (changes: object) => {
  const run = keptLoad()
  return { ...run, load: { ...run.load, generator: { ...run.load.generator, ...changes } } }
}

test.each([
  ['an invalid run', invalid, 'LOAD_NOT_COMPARABLE', 'k6 dropped 12 iterations'],
  [
    'a run whose generator never started',
    { ...withoutLoad, verdict: 'broken', load: { request: {} } },
    'LOAD_NOT_COMPARABLE',
    'broken, without a load',
  ],
  ['a run of verify', withoutLoad, 'LOAD_NOT_COMPARABLE', 'proven, without a load'],
  [
    'a run without an answer',
    withGenerator({ answers: [] }),
    'LOAD_NOT_COMPARABLE',
    'no request was answered',
  ],
  ['figures that are none', withGenerator({ dropped: 'x' }), 'CONFIG_INVALID', 'load.generator.dropped'],
  ['a file that was cut short', '{"runId":', 'CONFIG_UNREADABLE', 'result.json'],
])('%s is refused', (_name, result, code, words) => {
  const root = checkout({ r1: result })
  expect(() => readKeptSeries(root, 'r1')).toThrow(expect.objectContaining({ code }))
  expect(() => readKeptSeries(root, 'r1')).toThrow(words)
})

test('a name that is no run is refused with the newest ones', () => {
  const root = checkout({ r1: keptLoad() })
  expect(() => readKeptSeries(root, 'r2')).toThrow(/USAGE_UNKNOWN_NAME[\s\S]*the newest runs are r1/)
  expect(() => readKeptSeries(checkout({ 'empty/x': keptLoad() }), 'empty')).toThrow(/no result.json/)
})
