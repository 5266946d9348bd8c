import { parser as logqlParser } from '@grafana/lezer-logql'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/** Range windows (`[5m]`) of PromQL and LogQL expressions, found in the parsed expression. */

export type QueryLanguage = 'promql' | 'logql'

interface Window {
  readonly from: number
  readonly to: number
  readonly duration: string
}

/** Every window of an expression in milliseconds, in the order of the text. @throws CONFIG_INVALID where the expression or a window does not parse */
export function windowsMs(language: QueryLanguage, expr: string): number[] {
  return findWindows(language, expr).map(({ duration }) => {
    const ms = parseDurationMs(duration)
    if (ms !== null) return ms
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'a range window such as [5m]',
      seen: `[${duration}] in ${expr}`,
      remedy: 'write the window as a plain duration',
    })
  })
}

/** The expression with every window's duration passed through `change`. */
export function mapWindows(
  language: QueryLanguage,
  expr: string,
  change: (duration: string) => string,
): string {
  return findWindows(language, expr).reduceRight(
    (text, { from, to, duration }) => text.slice(0, from) + change(duration) + text.slice(to),
    expr,
  )
}

function findWindows(language: QueryLanguage, expr: string): Window[] {
  const found: Window[] = []
  const parser = language === 'promql' ? promqlParser : logqlParser
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) {
        throw new SignalproofError('CONFIG_INVALID', {
          expected: `a valid ${language === 'promql' ? 'PromQL' : 'LogQL'} expression`,
          seen: `a syntax error at character ${node.from}: …${expr.slice(Math.max(0, node.from - 20), node.from + 20)}…`,
          remedy: 'correct the expression in its rule file',
        })
      }
      const duration = node.node.getChild(rangeNodes[language][node.name] ?? '')
      if (duration !== null) {
        const { from, to } = duration
        found.push({ from, to, duration: expr.slice(from, to) })
      }
    },
  })
  return found.sort((a, b) => a.from - b.from)
}

/** The nodes that have a range window, and the child of each that is its duration. */
const rangeNodes: Record<QueryLanguage, Readonly<Record<string, string>>> = {
  promql: { MatrixSelector: 'DurationExpr', SubqueryExpr: 'DurationExpr' },
  logql: { Range: 'Duration' },
}
