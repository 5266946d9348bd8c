import { parser as logqlParser } from '@grafana/lezer-logql'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import { type QueryLanguage, windowsMs } from '../../harness/config/range-windows.ts'
import { parseDurationMs } from '../../harness/core/prometheus-duration.ts'
import type { Problem } from '../readme/problem.ts'
import { lineAt } from './commands.ts'

/** Numbers that a runbook repeats from its rule and from the configuration: each has to be the one in force. */

/** What a runbook's rule and the configuration say, in milliseconds; several where any of them may be meant. */
export interface RuleNumbers {
  readonly severity: string
  readonly expr: string
  readonly language: QueryLanguage
  readonly forMs: number
  readonly keepFiringForMs: number
  /** By the name of the setting as runbooks call it: `scrape`, `evaluation`, `group_wait` and so on. */
  readonly settingsMs: ReadonlyMap<string, readonly number[]>
}

/** `30 s (group_wait)` in a sum, or `group_interval 1 min` in a sentence. */
const stated = /(\d+(?:\.\d+)?) (s|min|h) \((\w+)\)|\b([a-z]+_[a-z_]+) (\d+(?:\.\d+)?) (s|min|h)\b/g

export function checkNumbers(text: string, rule: RuleNumbers): Problem[] {
  const expected = settingsOf(rule)
  const said = new Set<string>()
  const problems: Problem[] = []
  for (const match of text.matchAll(stated)) {
    const [, amount, unit = '', name, nameBefore, amountAfter, unitAfter = ''] = match
    const setting = name ?? nameBefore ?? ''
    const valid = expected.get(setting)
    if (valid === undefined) continue
    said.add(setting)
    const ms = parseDurationMs(`${amount ?? amountAfter}${(unit || unitAfter).replace('min', 'm')}`)
    if (ms !== null && valid.includes(ms)) continue
    problems.push({
      line: lineAt(text, match.index),
      expected: `${setting} as configured: ${valid.map(shown).join(' or ') || 'the rule has none'}`,
      seen: match[0],
      remedy: 'write the number of the rule or of the configuration',
    })
  }
  for (const name of ['window', 'for', 'keep_firing_for']) {
    const [ms] = expected.get(name) ?? []
    if (ms === undefined || said.has(name)) continue
    const seen = 'nowhere'
    problems.push({ line: 1, expected: `"${shown(ms)} (${name})" in a sum of times`, seen, remedy: 'add it' })
  }
  return [...problems, ...checkSeverity(text, rule), ...checkThresholds(text, rule)]
}

function settingsOf({ expr, language, forMs, keepFiringForMs, settingsMs }: RuleNumbers) {
  const some = (ms: number) => (ms === 0 ? [] : [ms])
  return new Map<string, readonly number[]>([
    ...settingsMs,
    ['window', [...new Set(windowsMs(language, expr))]],
    ['for', some(forMs)],
    ['keep_firing_for', some(keepFiringForMs)],
  ])
}

function checkSeverity(text: string, { severity }: RuleNumbers): Problem[] {
  const seen = /^Severity: `(\w+)`/m.exec(text)?.[1] ?? 'no severity'
  const remedy = 'say how soon to look, as the rule does'
  return seen === severity ? [] : [{ line: 3, expected: `Severity: \`${severity}\``, seen, remedy }]
}

/** A threshold between 0 and 1 is a share, said in per cent; above 1 it is a count; 0 and 1 are said in words. */
function checkThresholds(text: string, { expr, language }: RuleNumbers): Problem[] {
  const words = text.replace(/\s+/g, ' ').toLowerCase()
  const wanted = [
    ...thresholdsOf(expr, language).flatMap((value) => {
      if (value > 0 && value < 1) return [`${Number((value * 100).toPrecision(6))} %`]
      return value > 1 ? [`more than ${Math.floor(value)}`] : []
    }),
    ...[...expr.matchAll(/\ble="([\d.]+)"/g)].map(([, edge]) => `${edge} s`),
  ]
  return [...new Set(wanted)]
    .filter((sentence) => !words.includes(sentence))
    .map((sentence) => ({
      line: 1,
      expected: `"${sentence}", which the rule compares with`,
      seen: 'nowhere',
      remedy: 'say in Meaning what the rule says',
    }))
}

/** The numbers on the right of the comparisons of an expression, without those that filter lines. */
export function thresholdsOf(expr: string, language: QueryLanguage): number[] {
  const parser = language === 'promql' ? promqlParser : logqlParser
  const values: number[] = []
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name !== 'BinaryExpr' && name !== 'BinOpExpr') return
      const text = expr.slice(node.from, node.to)
      const value = /[<>]=?\s*(\d+(?:\.\d+)?)$/.exec(text)?.[1]
      if (value !== undefined) values.push(Number(value))
    },
  })
  return values
}

const shown = (ms: number): string => {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`
}
