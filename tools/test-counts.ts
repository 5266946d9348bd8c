/** How many tests a runner's own report says passed, failed and were skipped. Every reader throws on what is no such report. */
import { z } from 'zod'
import { junitCases } from './junit-cases.ts'

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      status: z.enum(['passed', 'failed', 'pending']),
      assertionResults: z.array(
        z.object({ status: z.enum(['passed', 'failed', 'skipped', 'pending', 'todo', 'disabled']) }),
      ),
    }),
  ),
})

/** Vitest's json reporter. A file that failed without a failed test (it could not be read) is one failure. */
export function countVitest(report: string): TestCounts {
  const files = vitestReport.parse(JSON.parse(report)).testResults
  const tests = files.flatMap(({ assertionResults }) => assertionResults)
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const passed = tests.filter(({ status }) => status === 'passed').length
  const failed = tests.filter(({ status }) => status === 'failed').length
  return { passed, failed: failed + brokenFiles.length, skipped: tests.length - passed - failed }
}

/** JUnit's XML, as pytest and `signalproof verify` write it. An error counts as a failure. */
export function countJunit(report: string): TestCounts {
  const cases = junitCases(report)
  const failed = cases.filter((parts) => parts.includes('failure') || parts.includes('error')).length
  const skipped = cases.filter((parts) => parts.includes('skipped')).length
  return { passed: cases.length - failed - skipped, failed, skipped }
}

const goEvent = z.object({ Action: z.string(), Package: z.string().optional(), Test: z.string().optional() })

/**
 * The events of `go test -json`. A test with subtests is counted by its subtests, unless it failed by itself; a package
 * that failed without a failed test (it was not built, or it panicked) is one failure.
 */
export function countGo(report: string): TestCounts {
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
  const count = (action: string) => counted.filter(([, each]) => each === action).length
  return { passed: count('pass'), failed: count('fail') + brokenPackages.length, skipped: count('skip') }
}
