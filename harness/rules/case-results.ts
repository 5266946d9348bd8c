import type { Signal } from './alert-rules.ts'

/** What became of the cases: plain data, as `--json` prints it. */

/** One thing that is not as a case has it. */
export interface CaseFailure {
  readonly expected: string
  readonly seen: string
  /** File and line in the test file. */
  readonly where: string
  readonly remedy: string
}

export interface CaseResult {
  readonly name: string
  readonly signal: Signal
  /** The test file, from the working directory. */
  readonly file: string
  /** File and line of the case. */
  readonly where: string
  /** Whether it went through the real ruler to a real Alertmanager, too. */
  readonly delivered: boolean
  /** Empty for a case that passed. */
  readonly failures: readonly CaseFailure[]
}

export interface RuleTestReport {
  readonly verdict: 'passed' | 'failed'
  readonly wallMs: number
  readonly counts: { readonly passed: number; readonly failed: number; readonly delivered: number }
  /** Where the logs of the stack stay, from the working directory: when a case failed on one. */
  readonly logs: string | null
  readonly cases: readonly CaseResult[]
}

export function reportOf(
  cases: readonly CaseResult[],
  wallMs: number,
  logs: string | null = null,
): RuleTestReport {
  const failed = cases.filter(({ failures }) => failures.length > 0).length
  return {
    verdict: failed === 0 && cases.length > 0 ? 'passed' : 'failed',
    wallMs: Math.round(wallMs),
    counts: {
      passed: cases.length - failed,
      failed,
      delivered: cases.filter(({ delivered }) => delivered).length,
    },
    logs,
    cases,
  }
}
