import { parser as logqlParser } from '@grafana/lezer-logql'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import type { QueryLanguage } from '../config/range-windows.ts'

type SyntaxNode = ReturnType<typeof promqlParser.parse>['topNode']

const comparisons = new Set(['Gtr', 'Gte', 'Lss', 'Lte', 'Neq', 'Eql', 'EqlC'])

/** The left side of an expression whose outermost operator compares, and the comparison; undefined for any other. */
export function withoutThreshold(
  language: QueryLanguage,
  expr: string,
): { expr: string; comparison: string } | undefined {
  const parser = language === 'logql' ? logqlParser : promqlParser
  let node: SyntaxNode | null = parser.parse(expr).topNode
  while (node !== null && node.name !== 'BinOpExpr' && node.name !== 'BinaryExpr') {
    node = node.firstChild?.nextSibling === null ? node.firstChild : null
  }
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) {
    if (comparisons.has(child.name))
      return { expr: expr.slice(0, child.from).trim(), comparison: expr.slice(child.from).trim() }
  }
  return undefined
}

/** Whether an expression is `vector(…)` of one number: it has an answer at all times, whatever the data. */
export function isConstantVector(language: QueryLanguage, expr: string): boolean {
  const tree = (language === 'logql' ? logqlParser : promqlParser).parse(expr).toString()
  return /^LogQL\(Expr\(MetricExpr\(VectorExpr\(Vector,Number\)\)\)\)$|^PromQL\(FunctionCall\(FunctionIdentifier\(Vector\),FunctionCallBody\(NumberDurationLiteral\)\)\)$/.test(
    tree,
  )
}
