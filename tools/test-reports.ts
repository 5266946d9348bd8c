/**
 * What a runner's own report says: how many tests passed, failed and were skipped, and which failed with which words.
 * Every reader throws on what is no such report.
 */
import { z } from 'zod'
import { junitCases } from './junit-cases.ts'

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface TestFailure {
  readonly test: string
  /** As the runner wrote them; may be empty. */
  readonly words: string
}

export interface TestReport extends TestCounts {
  /** As many as `failed`. */
  readonly failures: readonly TestFailure[]
}

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.enum(['passed', 'failed', 'pending']),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.enum(['passed', 'failed', 'skipped', 'pending', 'todo', 'disabled']),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})

/** Vitest's json reporter. A file that failed without a failed test (it could not be read) is one failure. */
export function readVitest(report: string): TestReport {
  const files = vitestReport.parse(JSON.parse(report)).testResults
  const tests = files.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ test: fullName, words: (failureMessages ?? []).join('\n') }))
  const brokenFiles = files
    .filter(
      (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
    )
    .map(({ name, message }) => ({ test: name, words: message ?? '' }))
  const passed = tests.filter(({ status }) => status === 'passed').length
  const failures = [...failed, ...brokenFiles]
  return { passed, failed: failures.length, skipped: tests.length - passed - failed.length, failures }
}

/** JUnit's XML, as pytest and `signalproof verify` write it. An error counts as a failure. */
export function readJunit(report: string): TestReport {
  const cases = junitCases(report)
  const failures = cases
    .filter(({ parts }) => parts.includes('failure') || parts.includes('error'))
    .map(({ name, failure }) => ({ test: name, words: failure }))
  const skipped = cases.filter(({ parts }) => parts.includes('skipped')).length
  return {
    passed: cases.length - failures.length - skipped,
    failed: failures.length,
    skipped,
    failures,
  }
}

const goEvent = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
})

/**
 * The events of `go test -json`. A test with subtests is counted by its subtests, unless it failed by itself; a package
 * that failed without a failed test (it was not built, or it panicked) is one failure.
 */
export function readGo(report: string): TestReport {
  const lines = report.split('\n').filter((line) => line !== '')
  if (lines.length === 0) throw new Error('the report has no event')
  const events = lines.map((line) => goEvent.parse(JSON.parse(line)))

  const ended = new Map<string, string>()
  for (const { Action, Package, Test } of events) {
    if (Test !== undefined && ['pass', 'fail', 'skip'].includes(Action))
      ended.set(`${Package} ${Test}`, Action)
  }
  const all = [...ended]
  const counted = all.filter(([test, action]) => {
    const below = all.filter(([other]) => other.startsWith(`${test}/`))
    return below.length === 0 || (action === 'fail' && !below.some(([, each]) => each === 'fail'))
  })
  const brokenPackages = events.filter(
    ({ Action, Package, Test }) =>
      Action === 'fail' &&
      Test === undefined &&
      !all.some(([test, each]) => each === 'fail' && test.startsWith(`${Package} `)),
  )
  const named = (action: string) => counted.filter(([, each]) => each === action).map(([test]) => test)
  const said = (subject: string) =>
    events
      .filter(({ Package, Test }) => (Test === undefined ? `${Package}` : `${Package} ${Test}`) === subject)
      .map(({ Output = '' }) => Output)
      .join('')
  const failures = [...named('fail'), ...brokenPackages.map(({ Package }) => `${Package}`)].map((test) => ({
    test,
    words: said(test),
  }))
  return {
    passed: named('pass').length,
    failed: failures.length,
    skipped: named('skip').length,
    failures,
  }
}
