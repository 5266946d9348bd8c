import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { formatDuration, parseDurationMs } from '../core/prometheus-duration.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import type { CaseFailure } from './case-results.ts'
import { listed, writeLabels } from './log-case.ts'
import { shownPath } from './log-test-format.ts'
import type { MetricCase, MetricTestFile } from './metric-test-format.ts'
import {
  type PromtoolReport,
  readAlerts,
  readMismatch,
  readPromtoolReport,
  type WrittenAlert,
} from './promtool-report.ts'

/** Runs promtool on test files of its own format, and shows what it says as cases. */

export interface MetricRun {
  readonly promtool: string
  /** Where the files for promtool are written; the caller removes it. */
  readonly folder: string
  /** The rule files to test, instead of those that the test file names: the same names in another folder. */
  readonly ruleFileOf: (shipped: string) => string
  /** File and line of an alert's expression. */
  readonly placeOf: (alert: string) => string
  readonly signal: AbortSignal
}

/** The failures of each of the cases, which are some or all of the file's, in their order. */
export async function judgeMetricCases(
  test: MetricTestFile,
  cases: readonly MetricCase[],
  run: MetricRun,
): Promise<CaseFailure[][]> {
  const report = await runPromtool(test, cases, run)
  return cases.map((each) => {
    const failures = report.get(each.name)
    if (failures === undefined) {
      return [
        {
          expected: 'promtool to run the case',
          seen: 'no case of this name in its report',
          where: each.where,
          remedy: 'run `promtool test rules` on the file: its own output says why',
        },
      ]
    }
    return failures.map((failure) => describeFailure(failure, each, test, run.placeOf))
  })
}

async function runPromtool(
  test: MetricTestFile,
  cases: readonly MetricCase[],
  { promtool, folder, ruleFileOf, signal }: MetricRun,
): Promise<PromtoolReport> {
  const file = join(folder, basename(test.file))
  const reportFile = `${file}.xml`
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, test.textFor(test.ruleFiles.map(ruleFileOf)))
  const selection = `--run=^(?:${cases.map(({ name }) => asPattern(name)).join('|')})$`
  const ended = await execa(promtool, ['test', 'rules', selection, `--junit=${reportFile}`, file], {
    all: true,
    reject: false,
    cancelSignal: signal,
    env: { GOMAXPROCS: '1' },
  })
  signal.throwIfAborted()
  if (ended.exitCode === undefined) {
    throw new SignalproofError('TOOL_DOES_NOT_RUN', {
      expected: 'promtool to run',
      seen: ended.shortMessage ?? 'it did not end',
      where: promtool,
      remedy: 'signalproof toolchain install prometheus',
    })
  }
  const output = (ended.all ?? '').replaceAll(file, shownPath(test.file))
  return readPromtoolReport(readReport(reportFile), output, shownPath(test.file))
}

/** A pattern that matches the text and nothing else, in Go's notation. */
const asPattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

function readReport(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    return describeThrown(thrown)
  }
}

function describeFailure(
  failure: string,
  test: MetricCase,
  file: MetricTestFile,
  placeOf: MetricRun['placeOf'],
): CaseFailure {
  const mismatch = readMismatch(failure)
  const rules = file.ruleFiles.map((path) => basename(path)).join(', ')
  if (mismatch === undefined) {
    return {
      expected: 'rules and series that can be evaluated',
      seen: failure.trim(),
      where: test.where,
      remedy: `correct the case, or the rule in ${rules}`,
    }
  }
  const { alert, time } = mismatch
  const [expected, seen] = [readAlerts(mismatch.expected), readAlerts(mismatch.seen)]
  const atMs = parseDurationMs(time) ?? Number.NaN
  const where = test.expect.find((each) => each.alert === alert && each.atMs === atMs)?.where ?? test.where
  return {
    expected: `at ${formatDuration(atMs)} ${alert} ${describeAlerts(expected, seen)}`,
    seen: describeAlerts(seen, expected),
    where,
    remedy: `compare the series of the case with the expression at ${placeOf(alert)}`,
  }
}

/** The alerts by their labels; where the other side has the same labels, by the annotations that differ. */
function describeAlerts(alerts: readonly WrittenAlert[], others: readonly WrittenAlert[]): string {
  const shown = alerts.map(({ labels, annotations }) => {
    const other = others.find((each) => writeLabels(each.labels) === writeLabels(labels))
    const differing = Object.entries(annotations).filter(([name, text]) => other?.annotations[name] !== text)
    const said = other === undefined ? [] : differing.map(([name, text]) => `${name} "${text}"`)
    return `firing ${writeLabels(labels)}${said.length === 0 ? '' : ` with\n  ${said.join('\n  ')}`}`
  })
  return listed(shown, 'not firing')
}
