import { parser as logqlParser } from '@grafana/lezer-logql'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import type { QueryLanguage } from '../../harness/config/range-windows.ts'
import type { Problem } from '../readme/problem.ts'
import { lineAt, shellBlocks } from './commands.ts'

/** What a runbook's commands ask Prometheus and Loki: whether it parses, and whether what it names exists. */

export interface Expression {
  readonly language: QueryLanguage
  readonly expr: string
  readonly line: number
}

/** What expressions may name. */
export interface KnownNames {
  readonly metrics: ReadonlySet<string>
  readonly streamLabels: readonly string[]
  readonly alerts: readonly string[]
}

/** How runbooks ask: the small functions that each of them defines, and Loki's API with a query of its own. */
const asked: readonly { readonly language: QueryLanguage; readonly call: RegExp }[] = [
  { language: 'promql', call: /(?<![\w-])promql (?=\S)(?!\(\))/g },
  { language: 'logql', call: /(?<![\w-])log(?:ql|lines) (?=\S)/g },
  { language: 'logql', call: /--data-urlencode (?='query=)/g },
]

/** Every expression, with `value` where the shell puts a variable's value; those that are wholly a variable are left out. */
export function expressionsOf(text: string): Expression[] {
  return shellBlocks(text).flatMap(({ text: script, line }) =>
    asked.flatMap(({ language, call }) =>
      [...script.matchAll(call)].flatMap(({ 0: prefix, index }) => {
        const word = firstWord(script.slice(index + prefix.length))
        const expr = word.replace(/^query=/, '')
        return /^value$/.test(expr) ? [] : [{ language, expr, line: line + lineAt(script, index) - 1 }]
      }),
    ),
  )
}

/** The first word of a command line as the shell would pass it on. */
function firstWord(rest: string): string {
  const piece = /'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s;|)'"]+)/y
  let word = ''
  for (let match = piece.exec(rest); match !== null; match = piece.exec(rest)) {
    const [, single, double, bare] = match
    word += single ?? (double ?? bare ?? '').replace(/\$\{?\w+\}?/g, 'value')
  }
  return word
}

export function checkExpressions(text: string, known: KnownNames): Problem[] {
  const alerts = [...text.matchAll(/\balertname=\\?"(\w+)/g)].flatMap(
    ({ 1: name = '', index }): Problem[] => {
      if (known.alerts.includes(name)) return []
      const remedy = 'name the alert as its rule does'
      return [{ line: lineAt(text, index), expected: 'an alert of alerts/', seen: name, remedy }]
    },
  )
  return [...alerts, ...expressionsOf(text).flatMap((expression) => problemsOf(expression, known))]
}

function problemsOf({ language, expr, line }: Expression, known: KnownNames): Problem[] {
  const problems: Problem[] = []
  const parser = language === 'promql' ? promqlParser : logqlParser
  let parses = true
  const named: { kind: 'metric' | 'metric pattern' | 'stream label'; name: string }[] = []
  parser.parse(expr).iterate({
    enter: ({ type, name, node, from, to }) => {
      if (type.isError) parses = false
      const text = expr.slice(from, to)
      if (language === 'promql' && name === 'VectorSelector') {
        const identifier = node.getChild('Identifier')
        if (identifier === null) named.push({ kind: 'metric pattern', name: namePattern(text) })
        else named.push({ kind: 'metric', name: expr.slice(identifier.from, identifier.to) })
      }
      // A filter of labels behind the selector has matchers as well; its labels come from the lines.
      if (language === 'logql' && name === 'Matcher' && node.parent?.name === 'Matchers') {
        const label = node.getChild('Identifier')
        if (label !== null) named.push({ kind: 'stream label', name: expr.slice(label.from, label.to) })
      }
    },
  })
  const add = (expected: string, seen: string, remedy: string) =>
    problems.push({ line, expected, seen, remedy })
  if (!parses) {
    add(`a valid ${language === 'promql' ? 'PromQL' : 'LogQL'} expression`, expr, 'correct the expression')
    return problems
  }
  if (named.length === 0) add('an expression that selects something', expr, 'name a metric or a stream')
  for (const { kind, name } of named) {
    if (kind === 'stream label' ? known.streamLabels.includes(name) : isMetric(kind, name, known)) continue
    const remedy =
      kind === 'stream label'
        ? `select by ${known.streamLabels.join(', ')}`
        : 'correct the name, or add it to the metrics that the test knows once you have seen it on /metrics'
    add(`a ${kind} that exists`, name, remedy)
  }
  return problems
}

const isMetric = (kind: string, name: string, { metrics }: KnownNames): boolean =>
  kind === 'metric'
    ? metrics.has(name)
    : [...metrics].some((metric) => new RegExp(`^(?:${name})$`).test(metric))

const namePattern = (selector: string): string => /__name__=~"([^"]*)"/.exec(selector)?.[1] ?? ''

/** The metrics that a PromQL expression names: what the rules ask for has been proven to exist by the rules' own claims. */
export function metricsOf(expr: string): string[] {
  const names: string[] = []
  promqlParser.parse(expr).iterate({
    enter: ({ name, node }) => {
      const identifier = name === 'VectorSelector' ? node.getChild('Identifier') : null
      if (identifier !== null) names.push(expr.slice(identifier.from, identifier.to))
    },
  })
  return names
}
