import { formatDuration } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { keyOf } from './alert-model.ts'
import { deliveredExpectations } from './delivered-case.ts'
import type { LogCase } from './log-test-format.ts'

/** What a log case may ask for, so that all that stands in it is judged: refused before anything is started. */

/** Loki takes a line of a stream unless it is an hour older than the newest: a case may send them in any order. */
export const longestCaseMs = 60 * 60_000

/**
 * @param evaluationMs how often the ruler evaluates
 * @throws SignalproofError CONFIG_INVALID with file and line
 */
export function requireJudgeable(cases: readonly LogCase[], evaluationMs: number): void {
  for (const { logs, expect, whereLines, whereExpected } of cases) {
    for (const [index, { at, over }] of logs.entries()) requireWithinCase(at, over, whereLines(index))
    for (const [index, { at }] of expect.entries()) requireMoment(at, evaluationMs, whereExpected(index))
  }
  requireDeliverable(cases)
}

function requireWithinCase(atMs: number, overMs: number, where: string): void {
  if (atMs + overMs < longestCaseMs) return
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `lines less than ${formatDuration(longestCaseMs)} after the start of the case`,
    seen: `the last at ${formatDuration(atMs + overMs)}`,
    where,
    remedy: overMs === 0 ? 'correct `at`' : 'correct `at` or `over`: the last line is at their sum',
  })
}

function requireMoment(atMs: number, evaluationMs: number, where: string): void {
  if (atMs % evaluationMs === 0 && atMs <= longestCaseMs) return
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `a moment at which the ruler evaluates: every ${formatDuration(evaluationMs)}, for ${formatDuration(longestCaseMs)} at most`,
    seen: formatDuration(atMs),
    where,
    remedy: 'correct `at`',
  })
}

/**
 * Alertmanager knows no tenants and no simulated time: what one expectation delivers must not be taken for what another
 * does, so that an alert of the same labels is delivered once.
 */
function requireDeliverable(cases: readonly LogCase[]): void {
  const seen = new Map<string, string>()
  for (const { expectation, where } of cases.flatMap(deliveredExpectations)) {
    if (expectation.pending !== undefined) {
      throw new SignalproofError('CONFIG_INVALID', {
        expected: 'annotations at a moment at which nothing of the alert is pending',
        seen: '`pending` beside them',
        where,
        remedy:
          'give them at another moment: the ruler gets the lines at once, so all that they raise fires together',
      })
    }
    for (const { labels } of expectation.firing ?? []) {
      const key = `${expectation.alert} ${keyOf(labels)}`
      const other = seen.get(key)
      if (other !== undefined) {
        throw new SignalproofError('CONFIG_INVALID', {
          expected: 'annotations at one moment only for an alert with these labels: it is delivered once',
          seen: `others at ${other}`,
          where,
          remedy: 'leave them away here, or use another app or route in a case of its own',
        })
      }
      seen.set(key, where)
    }
  }
}
