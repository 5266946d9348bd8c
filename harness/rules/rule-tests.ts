import { join, relative, resolve } from 'node:path'
import { refuseYml, yamlFilesNamed } from '../config/yaml-folder.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { type AlertRule, foldersOf, readAlertRules } from './alert-rules.ts'
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

/**
 * @param shipped the project's folder of alerts, whose tests/ is read
 * @param folder where the rules are taken from
 * @param files the test files to read, from the working directory, with the rules that they are for: what is broken in
 *   others is no hindrance. None means all test files and all rules
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID, also for a case of an alert that no rule raises;
 *   USAGE_UNKNOWN_NAME for a file that is no test file
 */
export function readRuleTests(
  shipped: string,
  folder: string = shipped,
  files: readonly string[] = [],
): RuleTests {
  const [logFiles, metricFiles] = testFiles(shipped, files)
  const logs = logFiles.map(readLogTestFile).map((test) => ({
    test: { ...test, ruleFile: ruleFileIn(folder, shipped, test.ruleFile) },
    cases: test.cases,
  }))
  const metrics = metricFiles.map(readMetricTestFile).map((test) => ({
    test,
    cases: test.cases,
    rules: test.ruleFiles.map((file) => ruleFileIn(folder, shipped, file)),
  }))
  const needed = [...logs.map(({ test }) => test.ruleFile), ...metrics.flatMap((each) => each.rules)]
  const rules = readAlertRules(folder, files.length === 0 ? undefined : needed)
  for (const { test, cases } of logs) {
    const known = alertsOf(rules, [test.ruleFile])
    for (const { expect, whereExpected } of cases)
      for (const [index, { alert }] of expect.entries()) requireKnown(alert, known, whereExpected(index))
  }
  for (const { cases, rules: ruleFiles } of metrics) {
    const known = alertsOf(rules, ruleFiles)
    for (const { expect } of cases) for (const { alert, where } of expect) requireKnown(alert, known, where)
  }
  return { rules, logs, metrics: metrics.map(({ test, cases }) => ({ test, cases })) }
}

/** The test files on logs and on metrics, all or those that are named. */
function testFiles(shipped: string, named: readonly string[]): [logs: string[], metrics: string[]] {
  const folder = join(shipped, 'tests')
  if (named.length === 0) refuseYml(folder, { deep: true })
  const [logs, metrics] = [foldersOf.logs, foldersOf.metrics].map((names) =>
    names.flatMap((name) => yamlFilesNamed(join(folder, name))),
  ) as [string[], string[]]
  const known = [...logs, ...metrics]
  const wanted = named.map((file) => {
    const path = resolve(file)
    if (known.includes(path)) return path
    throw new SignalproofError('USAGE_UNKNOWN_NAME', {
      expected: `a test file: ${known.map(shownPath).join(', ') || 'there is none'}`,
      seen: file,
      remedy: file.endsWith('.yml')
        ? 'rename it to .yaml: only these are read'
        : 'name one of these, or none to run all of them',
    })
  })
  const selected = (all: readonly string[]) =>
    all.filter((file) => wanted.length === 0 || wanted.includes(file))
  return [selected(logs), selected(metrics)]
}

/** The file of the same name in the folder that rules are taken from. */
export function ruleFileIn(folder: string, shipped: string, file: string): string {
  const inside = relative(shipped, file)
  return inside.startsWith('..') ? file : join(folder, inside)
}

/** The cases whose name matches, of all that were read. @throws SignalproofError USAGE_NO_CASE_MATCHES for nothing to run */
export function selectCases(tests: RuleTests, casePattern?: RegExp): RuleTests {
  const select = <C extends { readonly name: string }, T extends { cases: readonly C[] }>(
    all: readonly T[],
  ): T[] =>
    all
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
