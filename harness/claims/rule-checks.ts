import { parser as logqlParser } from '@grafana/lezer-logql'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import { findAlertingRule, type RuleGroup } from '../backends/rule-groups.ts'
import type { QueryLanguage } from '../config/range-windows.ts'
import { parseRfc3339Ms } from '../core/clock.ts'
import { found, type Look, notYet } from '../core/eventually.ts'
import { ruleOf } from '../timeline/pipeline-timings.ts'
import type { Run } from './run.ts'

/** What can be asked of the rules that a ruler has loaded. */

/** Whether a ruler has every wanted alert, all of them healthy and evaluated within the last interval. */
export function rulesOnTime(
  groups: readonly RuleGroup[],
  wanted: readonly string[],
  { askedAt, allowanceMs }: { readonly askedAt: number; readonly allowanceMs: number },
): Look<number> {
  const missing = wanted.filter((alert) => findAlertingRule(groups, alert) === undefined)
  if (missing.length > 0)
    return notYet(
      `no rule for ${missing.join(', ')}; groups loaded: ${groups.map(({ name }) => name).join(', ') || 'none'}`,
    )
  const late = groups.flatMap((group) =>
    group.rules.flatMap((rule) => {
      if (rule.health !== 'ok')
        return [`${rule.name} is ${rule.health}: ${rule.lastError ?? 'not evaluated yet'}`]
      const ageMs = askedAt - parseRfc3339Ms(rule.lastEvaluation)
      const limitMs = group.interval * 1000 + rule.evaluationTime * 1000 + allowanceMs
      return ageMs <= limitMs
        ? []
        : [
            `${rule.name} was evaluated ${Math.round(ageMs)} ms ago, its interval is ${group.interval * 1000} ms`,
          ]
    }),
  )
  return late.length === 0 ? found(wanted.length) : notYet(late.join('; '))
}

/** Every selector of the deployed rule that raises an alert: what stands in braces, with its metric's name in PromQL. */
export async function selectorsOf(run: Run, language: QueryLanguage, alert: string): Promise<string[]> {
  const { expr } = ruleOf(await run.timings(), alert)
  const [parser, node] = language === 'promql' ? [promqlParser, 'VectorSelector'] : [logqlParser, 'Selector']
  const selectors = new Set<string>()
  parser.parse(expr).iterate({
    enter: ({ name, from, to }) => {
      if (name === node) selectors.add(expr.slice(from, to))
    },
  })
  return [...selectors]
}
