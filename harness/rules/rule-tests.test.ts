import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRuleTests, selectTests } from './rule-tests.ts'

const root = join(import.meta.dirname, '..', '..')
const all = readRuleTests(join(root, 'alerts'))
const names = (tests: typeof all) =>
  [...tests.logs, ...tests.metrics].flatMap(({ cases }) => cases.map(({ name }: { name: string }) => name))

test('without a selection every case runs', () => {
  expect(names(selectTests(all, { files: [] }))).toEqual(names(all))
  expect(names(all).length).toBeGreaterThan(50)
})

test('a file and a pattern select, and both have to hold', () => {
  const file = join(root, 'alerts', 'tests', 'metrics', 'scraping.yaml')
  expect(names(selectTests(all, { files: [file], casePattern: /watchdog/ }))).toEqual([
    'the watchdog fires from the first evaluation on, with no data at all',
  ])
})

test.each([
  [
    { files: [], casePattern: /no such case/ },
    'USAGE_NO_CASE_MATCHES',
    /none whose name matches no such case/,
  ],
  [
    { files: ['nowhere.yaml'] },
    'USAGE_UNKNOWN_NAME',
    /expected a test file: alerts\/tests\/logs\/log-errors\.yaml, /,
  ],
])('a selection of nothing is wrong usage: %s', (selection, code, words) => {
  expect(() => selectTests(all, selection)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(words) }),
  )
})

test('rules of another folder take the place of those with the same file name', () => {
  expect(() => readRuleTests(join(root, 'alerts'), join(root, 'manifests'))).toThrow(
    /CONFIG_INVALID: expected at least one alert/,
  )
})
