import { join, relative, resolve } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { type AlertRule, readAlertRules, yamlFiles } from './alert-rules.ts'
import { type LogCase, type LogTestFile, readLogTestFile, shownPath } from './log-test-format.ts'
import { type MetricCase, type MetricTestFile, readMetricTestFile } from './metric-test-format.ts'

/** All test files of a project with the rules that they are for, and a selection of their cases. */

export interface SelectedLogTests {
  readonly test: LogTestFile
  readonly cases: readonly LogCase[]
}

export interface SelectedMetricTests {
  readonly test: MetricTestFile
  readonly cases: readonly MetricCase[]
}

export interface RuleTests {
  readonly rules: readonly AlertRule[]
  readonly logs: readonly SelectedLogTests[]
  readonly metrics: readonly SelectedMetricTests[]
}

export interface TestSelection {
  /** Test files from the working directory; none means all. */
  readonly files: readonly string[]
  /** Only cases whose name matches. */
  readonly casePattern?: RegExp | undefined
}

/**
 * @param shipped the project's folder of alerts, whose tests/ is read
 * @param folder where the rules are taken from
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID, also for a case of an alert that no rule raises
 */
export function readRuleTests(shipped: string, folder: string = shipped): RuleTests {
  const rules = readAlertRules(folder)
  const logs = yamlFiles(join(shipped, 'tests', 'logs')).map(readLogTestFile)
  const metrics = yamlFiles(join(shipped, 'tests', 'metrics')).map(readMetricTestFile)
  for (const { ruleFile, cases } of logs) {
    const known = alertsOf(rules, [ruleFileIn(folder, shipped, ruleFile)])
    for (const { expect, whereExpected } of cases)
      for (const [index, { alert }] of expect.entries()) requireKnown(alert, known, whereExpected(index))
  }
  for (const { ruleFiles, cases } of metrics) {
    const known = alertsOf(
      rules,
      ruleFiles.map((file) => ruleFileIn(folder, shipped, file)),
    )
    for (const { expect } of cases) for (const { alert, where } of expect) requireKnown(alert, known, where)
  }
  return {
    rules,
    logs: logs.map((test) => ({
      test: { ...test, ruleFile: ruleFileIn(folder, shipped, test.ruleFile) },
      cases: test.cases,
    })),
    metrics: metrics.map((test) => ({ test, cases: test.cases })),
  }
}

/** The file of the same name in the folder that rules are taken from. */
export function ruleFileIn(folder: string, shipped: string, file: string): string {
  const inside = relative(shipped, file)
  return inside.startsWith('..') ? file : join(folder, inside)
}

/** @throws SignalproofError USAGE_UNKNOWN_NAME for a file that is none of them, USAGE_NO_CASE_MATCHES for nothing to run */
export function selectTests(tests: RuleTests, { files, casePattern }: TestSelection): RuleTests {
  const known = [...tests.logs, ...tests.metrics].map(({ test }) => test.file)
  const wanted = files.map((file) => {
    const path = resolve(file)
    if (known.includes(path)) return path
    throw new SignalproofError('USAGE_UNKNOWN_NAME', {
      expected: `a test file: ${known.map(shownPath).join(', ') || 'there is none'}`,
      seen: file,
      remedy: 'name one of these, or none to run all of them',
    })
  })
  const select = <
    C extends { readonly name: string },
    T extends { test: { file: string }; cases: readonly C[] },
  >(
    all: readonly T[],
  ): T[] =>
    all
      .filter(({ test }) => wanted.length === 0 || wanted.includes(test.file))
      .map((each) => ({ ...each, cases: each.cases.filter(({ name }) => casePattern?.test(name) ?? true) }))
      .filter(({ cases }) => cases.length > 0)
  const selected = { ...tests, logs: select(tests.logs), metrics: select(tests.metrics) }
  if (selected.logs.length + selected.metrics.length > 0) return selected
  throw new SignalproofError('USAGE_NO_CASE_MATCHES', {
    expected: 'at least one case to run',
    seen: casePattern === undefined ? 'no test file' : `none whose name matches ${casePattern.source}`,
    remedy:
      casePattern === undefined
        ? 'write one: alerts/tests/README.md'
        : 'leave --case away: every case is listed with --json',
  })
}

function alertsOf(rules: readonly AlertRule[], files: readonly string[]): string[] {
  return rules.filter(({ file }) => files.includes(file)).map(({ alert }) => alert)
}

function requireKnown(alert: string, known: readonly string[], where: string): void {
  if (known.includes(alert)) return
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `an alert of the rule file: ${known.join(', ') || 'it has none, or is not there'}`,
    seen: alert,
    where,
    remedy: 'correct the name, or the path of the rule file',
  })
}
