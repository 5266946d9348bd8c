import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { readFastRules } from './fast-rules.ts'
import { readRuleTests } from './rule-tests.ts'

const rules = (alert: string, expr: string) =>
  `groups: [{ name: g, rules: [{ alert: ${alert}, expr: '${expr}', for: 1m }] }]\n`
const tests = (file: string, alert: string, annotations: string) =>
  `rules: ../../logs/${file}\ncases: [{ name: one, logs: [], expect: [{ at: 0s, alert: ${alert}, firing: [{ labels: {}${annotations} }] }] }]\n`

const fastRulesOf = (files: Readonly<Record<string, string>>) => {
  using folder = temporaryFolder({
    'logs/a.yaml': rules('A', 'count_over_time({a="b"}[5m]) > 1'),
    'tests/logs/a.yaml': tests('a.yaml', 'A', ', annotations: { summary: s }'),
    ...files,
  })
  return new Map(
    [...readFastRules(readRuleTests(folder.path))].map(([file, rule]) => [
      file.slice(folder.path.length),
      rule,
    ]),
  )
}

test('the rule file of a case that gives annotations is shortened', () => {
  expect(fastRulesOf({})).toEqual(
    new Map([
      [
        join('/', 'logs', 'a.yaml'),
        { groups: [{ name: 'g', rules: [expect.objectContaining({ for: '1s' })] }] },
      ],
    ]),
  )
})

test('a window that the fast profile does not know is no hindrance in rules that the ruler does not get', () => {
  const fast = fastRulesOf({
    'metrics/m.yaml': rules('M', 'rate(x[10m]) > 1'),
    'logs/b.yaml': rules('B', 'count_over_time({a="b"}[10m]) > 1'),
    'tests/logs/b.yaml': tests('b.yaml', 'B', ''),
  })
  expect([...fast.keys()]).toEqual([join('/', 'logs', 'a.yaml')])
})

test('in one that the ruler gets, it is refused with the file and the alert', () => {
  expect(() => fastRulesOf({ 'logs/a.yaml': rules('A', 'count_over_time({a="b"}[10m]) > 1') })).toThrow(
    /CONFIG_INVALID: expected a duration that the fast profile has an entry for .*\n {2}at: .*logs\/a\.yaml log-rules: A \(.*\), range window\n {2}seen: 10m\n {2}try: .*a case that gives annotations/,
  )
})
