import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { goTestOutput } from './go-test-output.ts'
import { readJunit } from './test-reports.ts'
import {
  failureLines,
  judgeReport,
  type RunnerResult,
  runTests,
  type TestRunner,
  totalLine,
} from './test-runners.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalproof-runners-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const green = '<testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>'
const red = '<testsuite><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>'
const untouched = new AbortController().signal

function runner(change: Partial<TestRunner> = {}): TestRunner {
  const report = join(folder, 'reports/junit.xml')
  return {
    name: 'unit',
    command: ['true'],
    cwd: folder,
    report,
    read: readJunit,
    remedy: 'make test',
    ...change,
  }
}

/** A runner that is a small program: it writes this report, if any, and ends with this status. */
function program(report: string | undefined, exitCode: number): TestRunner {
  const write = `require('node:fs').writeFileSync(process.argv[1], process.argv[2]); `
  const script = `${report === undefined ? '' : write}process.exit(${exitCode})`
  const one = runner()
  return { ...one, command: [process.execPath, '-e', script, '--', one.report, report ?? ''] }
}

describe('a program that ran', () => {
  test('is judged by its report', async () => {
    expect(await runTests(program(green, 0), untouched)).toEqual({
      name: 'unit',
      counts: { passed: 1, failed: 0, skipped: 1 },
      problems: [],
      failures: [],
    })
    expect(await runTests(program(red, 1), untouched)).toMatchObject({
      counts: { passed: 1, failed: 1 },
      problems: [],
      failures: [{ test: 'b', words: '' }],
    })
  })

  test('and reported a failure has failed, even if it ends well', async () => {
    expect(await runTests(program(red, 0), untouched)).toMatchObject({
      counts: { passed: 1, failed: 1 },
      problems: [],
    })
  })

  test('and crashed after a green report has failed', async () => {
    const { counts, problems } = await runTests(program(green, 3), untouched)
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: 1 })
    expect(problems).toEqual([
      expect.stringMatching(/^expected the program to end well, as no test failed; seen: .*exit code 3/),
    ])
  })

  test('and left no report has failed, in words', async () => {
    const { counts, problems } = await runTests(program(undefined, 0), untouched)
    expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 })
    expect(problems).toEqual([
      expect.stringMatching(/^expected a report at .*junit\.xml; seen: ENOENT.*the program ended well/),
    ])
  })

  test('and left half a report has failed', async () => {
    const { counts, problems } = await runTests(program(red.slice(0, -5), 1), untouched)
    expect(counts.failed).toBe(1)
    expect(problems[0]).toContain('seen: expected a JUnit report; the text')
  })

  test.each(['<testsuite/>', '<testsuite><testcase><skipped/></testcase></testsuite>'])(
    'and ran no test has failed: %s',
    async (nothing) => {
      const { counts, problems } = await runTests(program(nothing, 0), untouched)
      expect(counts.failed).toBe(1)
      expect(problems).toEqual(['expected at least one test that ran; seen none'])
    },
  )
})

test('a program that does not exist has failed, with what to do', async () => {
  const { counts, problems } = await runTests(runner({ command: [join(folder, 'no-python')] }), untouched)
  expect(counts.failed).toBe(1)
  expect(problems).toEqual([
    expect.stringMatching(/^expected a program that starts; seen: .*no-python.*; try make test$/),
  ])
})

test('a program ends with the run that is ended, in its own time', async () => {
  const ending = new AbortController()
  const script = `process.on('SIGTERM', () => { require('node:fs').writeFileSync(process.argv[1], 'ended in order'); process.exit(0) }); console.log('up'); setInterval(() => {}, 1000)`
  const marker = join(folder, 'marker')
  const show = () => () => {
    ending.abort()
    return ''
  }
  await runTests(runner({ command: [process.execPath, '-e', script, '--', marker], show }), ending.signal)
  expect(readFileSync(marker, 'utf8')).toBe('ended in order')
})

test('standard output that is the report is kept whole and shown in part', async () => {
  const seen: string[] = []
  const show = () => (line: string) => {
    seen.push(line)
    return ''
  }
  const one = runner({ command: ['printf', '<testsuite>\\n<testcase/></testsuite>\\n'], show })
  expect(await runTests(one, untouched)).toMatchObject({ counts: { passed: 1, failed: 0 } })
  expect(seen).toEqual(['<testsuite>', '<testcase/></testsuite>'])
})

test('a report that was there before is no proof of a run that was not started', () => {
  const report = join(folder, 'junit.xml')
  writeFileSync(report, green)
  const { counts, problems } = judgeReport(runner({ report }), { notStarted: 'spawn go ENOENT' })
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 })
  expect(problems).toHaveLength(1)
})

test('the last line sums up all runners', () => {
  const result = (passed: number, failed: number, skipped: number): RunnerResult => ({
    name: 'x',
    counts: { passed, failed, skipped },
    problems: [],
    failures: [],
  })
  expect(totalLine([result(3, 0, 1), result(10, 2, 0)])).toBe('tests: 13 passed, 2 failed, 1 skipped')
})

test('failed tests are named with their first words, without the frames of a stack', () => {
  const failures = [
    {
      test: 'alerts.delivered',
      words: 'WAIT_TIMEOUT: expected it\n\n  seen: nothing\n    at claim (a.ts:3:1)\n',
    },
    { test: 'logs.stored', words: [1, 2, 3, 4, 5, 6, 7].map((line) => `line ${line}`).join('\n') },
  ]
  const none = { counts: { passed: 1, failed: 0, skipped: 0 }, problems: [], failures: [] }
  expect(
    failureLines([
      { ...none, name: 'unit' },
      { ...none, name: 'layers', failures },
    ]),
  ).toEqual([
    '✗ layers: alerts.delivered',
    '    WAIT_TIMEOUT: expected it',
    '      seen: nothing',
    '✗ layers: logs.stored',
    ...[1, 2, 3, 4, 5, 6].map((line) => `    line ${line}`),
  ])
})

test('of go test, packages and builds are shown as they come, a test when it has failed', () => {
  const show = goTestOutput()
  const shown = [
    { Action: 'build-output', ImportPath: 'p', Output: 'p.go:3: undefined\n' },
    { Action: 'output', Package: 'p', Test: 'TestGood', Output: '=== RUN   TestGood\n' },
    { Action: 'output', Package: 'p', Test: 'TestBad', Output: 'p_test.go:3: no\n' },
    { Action: 'output', Package: 'p', Test: 'TestBad', Output: '--- FAIL: TestBad\n' },
    { Action: 'pass', Package: 'p', Test: 'TestGood' },
    { Action: 'fail', Package: 'p', Test: 'TestBad' },
    { Action: 'output', Package: 'p', Output: 'FAIL\tp\t0.003s\n' },
  ].map((event) => show(JSON.stringify(event)))
  expect(shown.join('')).toBe('p.go:3: undefined\np_test.go:3: no\n--- FAIL: TestBad\nFAIL\tp\t0.003s\n')
})
