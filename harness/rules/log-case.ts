import { formatDuration } from '../core/prometheus-duration.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { type ActiveAlert, AlertModel, keyOf, type Labels } from './alert-model.ts'
import type { AlertRule } from './alert-rules.ts'
import type { CaseFailure } from './case-results.ts'
import type { LogCase, LogExpectation } from './log-test-format.ts'
import { answerAt } from './tenant-loki.ts'
import { withoutThreshold } from './threshold.ts'

/**
 * A case judged by the shipped expressions: a real Loki answers them at the moments at which the ruler would ask, and
 * alert-model.ts makes alerts of the answers, so that nobody waits for `for`.
 */

export interface LogCaseContext {
  readonly url: string
  readonly tenant: string
  /** The case's zero, epoch ms. */
  readonly baseMs: number
  readonly evaluationMs: number
  readonly ruleOf: (alert: string) => AlertRule
  readonly signal: AbortSignal
}

export async function judgeLogCase(test: LogCase, context: LogCaseContext): Promise<CaseFailure[]> {
  const alerts = [...new Set(test.expect.map(({ alert }) => alert))]
  const failures = await Promise.all(alerts.map((alert) => judgeAlert(test, context.ruleOf(alert), context)))
  return failures.flat()
}

async function judgeAlert(test: LogCase, rule: AlertRule, context: LogCaseContext): Promise<CaseFailure[]> {
  const expected = test.expect.flatMap((each, index) =>
    each.alert === rule.alert ? [{ ...each, where: test.whereExpected(index) }] : [],
  )
  const times = expected.map(({ at }) => at)
  const model = new AlertModel(rule)
  const failures: CaseFailure[] = []
  for (const atMs of evaluationTimes(rule, times, context.evaluationMs)) {
    const due = expected.filter(({ at }) => at === atMs)
    let active: ActiveAlert[]
    try {
      const answer = await answerAt(context, rule.expr, context.baseMs + atMs, context.signal)
      active = model.evaluate(
        atMs,
        answer.map(({ labels }) => labels),
      )
    } catch (thrown) {
      context.signal.throwIfAborted()
      if (thrown instanceof SignalproofError && thrown.code === 'BACKEND_UNREACHABLE') throw thrown
      const [{ where, at } = { where: test.where, at: atMs }] = due.length > 0 ? due : expected
      return [...failures, refused(rule, at, where, describeThrown(thrown))]
    }
    for (const expectation of due) {
      if (isAsExpected(expectation, active)) continue
      failures.push({
        expected: `at ${formatDuration(atMs)} ${rule.alert} ${writeExpected(expectation)}`,
        seen: `${writeActive(active)}${await explain(rule, atMs, context)}`,
        where: expectation.where,
        remedy: `compare the lines of the case with the expression at ${rule.lineOf('expr')}`,
      })
    }
  }
  return failures
}

/** Without a memory a rule's answer at a moment says everything; with one, every evaluation before it counts. */
function evaluationTimes(rule: AlertRule, times: readonly number[], everyMs: number): number[] {
  if (rule.forMs === 0 && rule.keepFiringForMs === 0) return [...new Set(times)].sort((a, b) => a - b)
  return Array.from({ length: Math.max(...times) / everyMs + 1 }, (_, index) => index * everyMs)
}

function isAsExpected(
  { pending = [], firing = [] }: LogExpectation,
  active: readonly ActiveAlert[],
): boolean {
  const keys = (state: ActiveAlert['state'], labels: readonly Labels[]) =>
    labels.map((each) => `${state} ${keyOf(each)}`)
  const wanted = [
    ...keys(
      'pending',
      pending.map(({ labels }) => labels),
    ),
    ...keys(
      'firing',
      firing.map(({ labels }) => labels),
    ),
  ]
  const seen = active.map(({ labels: { alertname: _, ...labels }, state }) => `${state} ${keyOf(labels)}`)
  return wanted.sort().join('\n') === seen.sort().join('\n')
}

export const writeLabels = ({ alertname: _, ...labels }: Labels): string =>
  `{${Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`

function writeExpected({ pending = [], firing = [] }: LogExpectation): string {
  const parts = [
    ...firing.map(({ labels }) => `firing ${writeLabels(labels)}`),
    ...pending.map(({ labels }) => `pending ${writeLabels(labels)}`),
  ]
  return listed(parts, 'neither pending nor firing')
}

function writeActive(active: readonly ActiveAlert[]): string {
  const shown = active.map(({ labels, state }) => `${state} ${writeLabels(labels)}`)
  return listed(shown, 'neither pending nor firing')
}

/** A line each, the first few. */
export function listed(entries: readonly string[], none: string): string {
  if (entries.length === 0) return none
  const shown = entries.slice(0, 3)
  return [...shown, ...(entries.length > 3 ? [`and ${entries.length - 3} more`] : [])].join('\n')
}

/** What the expression has before it compares: how far it was from the other side. */
async function explain(rule: AlertRule, atMs: number, context: LogCaseContext): Promise<string> {
  const compared = withoutThreshold('logql', rule.expr)
  if (compared === undefined) return ''
  const values = await answerAt(context, compared.expr, context.baseMs + atMs, context.signal)
  const shown = values.map(({ labels, value }) => `${value} for ${writeLabels(labels)}`)
  return `\nbefore \`${compared.comparison}\` there is ${listed(shown, 'nothing')}`
}

function refused(rule: AlertRule, atMs: number, where: string, seen: string): CaseFailure {
  return {
    expected: `an answer of Loki to the expression of ${rule.alert} at ${formatDuration(atMs)}`,
    seen,
    where,
    remedy: `correct the expression at ${rule.lineOf('expr')}: the ruler gets the same answer, and then no alert`,
  }
}
