import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { readLogTestFile } from './log-test-format.ts'
import { readMetricTestFile } from './metric-test-format.ts'

const line = '{ app: go, at: 0s, text: x }'
const silent = '{ at: 0s, alert: A, none: true }'
const logFile = (logs: string, expected = silent, name = 'one') =>
  `rules: ../../logs/a.yaml\ncases:\n  - name: ${name}\n    logs:\n      - ${logs}\n    expect:\n      - ${expected}\n`

test.each([
  ['{ app: go, at: 0s, text: x, json: {} }', silent, ':5', 'exactly one of `json`, `access` and `text`'],
  ['{ app: go, at: 0s }', silent, ':5', 'exactly one of `json`, `access` and `text`'],
  ['{ at: 0s, text: x }', silent, ':5', 'either `app` or `stream`'],
  [
    '{ app: go, at: soon, text: x }',
    silent,
    ':5 cases[0].logs[0].at',
    'expected a duration such as 1m30s, seen soon',
  ],
  ['{ app: go, at: 0s, count: 0, text: x }', silent, ':5 cases[0].logs[0].count', 'Too small'],
  ['{ app: go, at: 0s, text: x, tail: y }', silent, ':5', 'tail'],
  [line, '{ at: 0s, alert: A }', ':7 cases[0].expect[0]', 'either `none: true`'],
  [line, '{ at: 0s, alert: A, none: true, firing: [{ labels: {} }] }', ':7', 'either `none: true`'],
  [line, '{ at: 0s, alert: A, firing: [] }', ':7 cases[0].expect[0].firing', 'Too small'],
])('%s with %s is refused at its line', (logs, expected, where, why) => {
  using folder = temporaryFolder({ 'a.yaml': logFile(logs, expected) })
  const file = join(folder.path, 'a.yaml')
  expect(() => readLogTestFile(file)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      account: expect.objectContaining({
        where: expect.stringContaining(`${relative(process.cwd(), file)}${where}`),
        seen: expect.stringContaining(why),
      }),
    }),
  )
})

test.each([
  ['a misspelt key', /^cases:/m, 'case:', /a\.yaml:2 cases\n.*undefined; no key of the format: `case`/],
  [
    'a missing key',
    / {4}logs:\n.*\n/,
    '',
    /a\.yaml:3 cases\[0\]\.logs\n.*undefined; the keys there are `name`, `expect`\n {2}try: {2}write `logs` there/,
  ],
])('%s is named with what stands there', (_, from, to, words) => {
  using folder = temporaryFolder({ 'a.yaml': logFile(line).replace(from, to) })
  expect(() => readLogTestFile(join(folder.path, 'a.yaml'))).toThrow(words)
})

test('a name that stands twice is refused: results go by it', () => {
  const twice = `${logFile(line)}  - { name: one, logs: [${line}], expect: [${silent}] }\n`
  using folder = temporaryFolder({ 'a.yaml': twice })
  expect(() => readLogTestFile(join(folder.path, 'a.yaml'))).toThrow(
    /a\.yaml:8 cases\[1\]\.name\n.*stands twice: one/,
  )
})

test('what is no YAML is refused with line and column', () => {
  using folder = temporaryFolder({ 'a.yaml': 'rules: [\n' })
  expect(() => readLogTestFile(join(folder.path, 'a.yaml'))).toThrow(
    /CONFIG_UNREADABLE: expected valid YAML\n {2}at: .*a\.yaml:2:1/,
  )
})

const metricFile = `rule_files: [../../metrics/a.yaml]
evaluation_interval: 10s
tests:
  - name: one
    interval: 10s
    input_series: [{ series: up, values: 0x40 }]
    alert_rule_test: [{ eval_time: 10s, alertname: A, exp_alerts: [] }]
`

test('a metric test without a name is refused', () => {
  using folder = temporaryFolder({
    'a.yaml': metricFile.replace('  - name: one\n    interval', '  - interval'),
  })
  expect(() => readMetricTestFile(join(folder.path, 'a.yaml'))).toThrow(
    /a\.yaml:4 tests\[0\]\.name\n.*expected a name/,
  )
})

test('a metric test without eval_time says what is missing', () => {
  using folder = temporaryFolder({ 'a.yaml': metricFile.replace('eval_time: 10s, ', '') })
  expect(() => readMetricTestFile(join(folder.path, 'a.yaml'))).toThrow(
    /a\.yaml:7 tests\[0\]\.alert_rule_test\[0\]\.eval_time\n.*expected a duration such as 1m30s, seen nothing/,
  )
})

test.each([
  ['on one line', 'rule_files: [../../metrics/a.yaml]'],
  ['in brackets over lines', 'rule_files: [\n  ../../metrics/a.yaml,\n  ../../metrics/b.yaml ] # both'],
  [
    'as a list',
    'rule_files: # of these\n  # the first\n  - ../../metrics/a.yaml\n\n  - ../../metrics/b.yaml\n',
  ],
  ['as a list without indent', 'rule_files:\n- ../../metrics/a.yaml # the first\n- ../../metrics/b.yaml'],
])('promtool gets other rule files and every other line as it is, where they stand %s', (_, written) => {
  const original = `# head\n${metricFile.replace('rule_files: [../../metrics/a.yaml]', written)}`
  using folder = temporaryFolder({ 'a.yaml': original })
  const text = readMetricTestFile(join(folder.path, 'a.yaml')).textFor(['/else/a.yaml'])
  expect(parse(text)).toEqual({ ...parse(original), rule_files: ['/else/a.yaml'] })
  expect(text).toContain('values: 0x40')
  const lineOf = (whole: string) => whole.split('\n').indexOf('  - name: one')
  expect(lineOf(text)).toBe(lineOf(original))
  expect(text.split('\n')).toHaveLength(original.split('\n').length)
})
