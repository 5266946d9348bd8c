import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { readRuleTests, selectCases } from './rule-tests.ts'

const root = join(import.meta.dirname, '..', '..')
const alerts = join(root, 'alerts')
const all = readRuleTests(alerts)
const names = (tests: typeof all) =>
  [...tests.logs, ...tests.metrics].flatMap(({ cases }) => cases.map(({ name }: { name: string }) => name))

test('without a selection every case runs', () => {
  expect(names(selectCases(all))).toEqual(names(all))
  expect(names(all).length).toBeGreaterThan(50)
})

test('a file and a pattern select, and both have to hold', () => {
  const tests = readRuleTests(alerts, alerts, [join(alerts, 'tests', 'metrics', 'scraping.yaml')])
  expect(names(selectCases(tests, /watchdog/))).toEqual([
    'the watchdog fires from the first evaluation on, with no data at all',
  ])
})

test('a pattern that matches no case is wrong usage', () => {
  expect(() => selectCases(all, /no such case/)).toThrow(
    expect.objectContaining({
      code: 'USAGE_NO_CASE_MATCHES',
      message: expect.stringMatching(/none whose name matches no such case/),
    }),
  )
})

test('a file that is no test file is wrong usage', () => {
  expect(() => readRuleTests(alerts, alerts, ['nowhere.yaml'])).toThrow(
    expect.objectContaining({
      code: 'USAGE_UNKNOWN_NAME',
      message: expect.stringMatching(/expected a test file: alerts\/tests\/logs\/log-errors\.yaml, /),
    }),
  )
})

test('rules of another folder take the place of those with the same file name', () => {
  expect(() => readRuleTests(alerts, join(root, 'manifests'))).toThrow(
    /CONFIG_INVALID: expected at least one alert/,
  )
})

const rule = (alert: string) => `groups: [{ name: g, rules: [{ alert: ${alert}, expr: vector(1) }] }]\n`
const logTests = (file: string, alert: string) =>
  `rules: ../../logs/${file}\ncases: [{ name: one, logs: [], expect: [{ at: 0s, alert: ${alert}, none: true }] }]\n`
const folderWithA = (files: Readonly<Record<string, string>>) =>
  temporaryFolder({ 'logs/a.yaml': rule('A'), 'tests/logs/a.yaml': logTests('a.yaml', 'A'), ...files })

test.each([
  ['test file', 'tests/logs/b.yaml', 'rules: ['],
  ['rule file', 'logs/b.yaml', 'groups: ['],
  ['rule file on metrics', 'metrics/b.yaml', 'groups: ['],
])('a broken %s is no hindrance for another, and stops a run of all', (_, file, text) => {
  using folder = folderWithA({ [file]: text })
  const tests = readRuleTests(folder.path, folder.path, [join(folder.path, 'tests/logs/a.yaml')])
  expect(names(tests)).toEqual(['one'])
  expect(tests.rules.map(({ alert }) => alert)).toEqual(['A'])
  expect(() => readRuleTests(folder.path)).toThrow(/CONFIG_UNREADABLE: expected valid YAML/)
})

test('a selected file whose rule file is not there is refused at its first expectation', () => {
  using folder = folderWithA({ 'tests/logs/b.yaml': logTests('b.yaml', 'B') })
  expect(() => readRuleTests(folder.path, folder.path, [join(folder.path, 'tests/logs/b.yaml')])).toThrow(
    /expected an alert of the rule file: it has none, or is not there\n.*b\.yaml:2/,
  )
})

test.each([
  'logs/b.yml',
  'metrics/b.yml',
  'tests/logs/b.yml',
  'tests/metrics/b.yml',
  'tests/always-firing.yml',
])('%s is refused: it would be left out without a word', (file) => {
  using folder = folderWithA({ [file]: '' })
  expect(() => readRuleTests(folder.path)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      account: expect.objectContaining({
        where: relative(process.cwd(), join(folder.path, file)),
        remedy: expect.stringMatching(/^rename it to .*\.yaml$/),
      }),
    }),
  )
})

test('a test file that ends in .yml cannot be selected, and the words say why', () => {
  using folder = folderWithA({ 'tests/logs/b.yml': logTests('a.yaml', 'A') })
  expect(() => readRuleTests(folder.path, folder.path, [join(folder.path, 'tests/logs/b.yml')])).toThrow(
    /USAGE_UNKNOWN_NAME[\s\S]*rename it to \.yaml/,
  )
})
