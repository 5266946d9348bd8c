import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { execa } from 'execa'
import type { TestCounts, TestFailure, TestReport } from './test-reports.ts'

/** One of the programs that run tests, and how its report is read. */
export interface TestRunner {
  readonly name: string
  readonly command: readonly [file: string, ...args: string[]]
  readonly cwd: string
  /** Where the report is found when the program has ended. */
  readonly report: string
  readonly read: (report: string) => TestReport
  /** For a program whose standard output is its report: what of a line is shown to the reader. */
  readonly show?: () => (line: string) => string
  /** What to do when the program cannot be started. */
  readonly remedy: string
}

export interface RunnerResult {
  readonly name: string
  readonly counts: TestCounts
  /** Why the counts alone do not tell the truth; each reason is counted as a failure. */
  readonly problems: readonly string[]
  readonly failures: readonly TestFailure[]
}

/** Runs one program with its output streamed, and judges its report. An aborted `signal` ends it by SIGTERM, and it has the time it needs for that. */
export async function runTests(runner: TestRunner, signal: AbortSignal): Promise<RunnerResult> {
  const { command, cwd, report, show } = runner
  const [file, ...args] = command
  mkdirSync(dirname(report), { recursive: true })
  const child = execa(file, args, {
    cwd,
    preferLocal: true,
    reject: false,
    buffer: false,
    cancelSignal: signal,
    forceKillAfterDelay: false,
    stdin: 'ignore',
    stdout: show === undefined ? 'inherit' : [{ file: report }, 'pipe'],
    stderr: 'inherit',
  })
  if (show !== undefined) await showLines(child, show())
  const { exitCode, code, shortMessage, originalMessage } = await child
  return judgeReport(
    runner,
    code === 'ENOENT' ? { notStarted: originalMessage } : { exitCode, ended: shortMessage },
  )
}

/** How a program ended: `exitCode` is undefined when a signal ended it. */
export interface ProgramEnd {
  readonly exitCode?: number | undefined
  readonly ended?: string | undefined
  readonly notStarted?: string | undefined
}

/** What a runner's report is worth, given how the program ended. No test, no report or a crash is never a pass. */
export function judgeReport({ name, report, read, remedy }: TestRunner, end: ProgramEnd): RunnerResult {
  const none = { passed: 0, failed: 0, skipped: 0, failures: [] }
  const judged = ({ passed, failed, skipped, failures }: TestReport, problems: string[]) => ({
    name,
    counts: { passed, failed: failed + problems.length, skipped },
    problems,
    failures,
  })
  if (end.notStarted !== undefined) {
    return judged(none, [`expected a program that starts; seen: ${end.notStarted}; try ${remedy}`])
  }
  let found: TestReport
  try {
    found = read(readFileSync(report, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return judged(none, [
      `expected a report at ${report}; seen: ${why} (${end.ended ?? 'the program ended well'})`,
    ])
  }
  if (found.passed + found.failed === 0)
    return judged(found, ['expected at least one test that ran; seen none'])
  if (end.exitCode !== 0 && found.failed === 0) {
    return judged(found, [`expected the program to end well, as no test failed; seen: ${end.ended}`])
  }
  return judged(found, [])
}

/** So much of what a failed test said stands beside its name; the whole lies in its report. */
const shownLines = 6

/** The failed tests of all runners by name, with the first lines of what each said: the end of a long log is what is read. */
export function failureLines(results: readonly RunnerResult[]): string[] {
  return results.flatMap(({ name, failures }) =>
    failures.flatMap(({ test, words }) => {
      const lines = words.split('\n').filter((line) => line.trim() !== '' && !/^\s+at .*:\d+/.test(line))
      return [`✗ ${name}: ${test}`, ...lines.slice(0, shownLines).map((line) => `    ${line}`)]
    }),
  )
}

/** The one line over all runners. */
export function totalLine(results: readonly RunnerResult[]): string {
  const sum = (of: keyof TestCounts) => results.reduce((total, { counts }) => total + counts[of], 0)
  return `tests: ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`
}

async function showLines(lines: AsyncIterable<unknown>, show: (line: string) => string): Promise<void> {
  for await (const line of lines) process.stdout.write(show(String(line)))
}
