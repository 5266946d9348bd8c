import { SignalproofError } from '../core/signalproof-error.ts'
import type { RuleTimings } from './pipeline-timings.ts'

/**
 * A number out of a rule's expression, so that a fault is made for the rule as it is deployed.
 * @param pattern has the number as its only group
 * @throws SignalproofError CLAIM_BROKEN when the expression has no such number
 */
export function thresholdIn({ alert, expr }: Pick<RuleTimings, 'alert' | 'expr'>, pattern: RegExp): number {
  const value = Number(pattern.exec(expr)?.[1])
  if (Number.isFinite(value)) return value
  throw new SignalproofError('CLAIM_BROKEN', {
    expected: `${alert} to compare with a number, as ${pattern} finds it`,
    seen: expr,
    remedy: `look at the expression of ${alert}, or at the story that reads it`,
  })
}
