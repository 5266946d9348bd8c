import type { parser } from '@prometheus-io/lezer-promql'

/** Which labels the result of a PromQL expression can have, from its parsed tree. */

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** The labels that series of a metric have; a selector by pattern hands over its text. */
export type LabelsOfSelector = (selector: SyntaxNode) => ReadonlySet<string> | undefined

/** Undefined where it cannot be said: then no label is held to be wrong. */
export function labelsOfResult(
  node: SyntaxNode,
  expr: string,
  labelsOf: LabelsOfSelector,
): ReadonlySet<string> | undefined {
  switch (node.name) {
    case 'VectorSelector':
      return labelsOf(node)
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return new Set()
    case 'AggregateExpr':
      return ofAggregation(node, expr, labelsOf)
    case 'FunctionCall':
      return ofFunction(node, expr, labelsOf)
    case 'BinaryExpr':
      return ofBinary(node, expr, labelsOf)
    default: {
      // Parentheses, offsets, matrix selectors and the root: what is inside of them.
      const inner = childrenOf(node).find(({ name }) => expressions.has(name))
      return inner === undefined ? undefined : labelsOfResult(inner, expr, labelsOf)
    }
  }
}

export const expressions: ReadonlySet<string> = new Set([
  ...['VectorSelector', 'NumberDurationLiteral', 'StringLiteral', 'AggregateExpr', 'FunctionCall'],
  ...['BinaryExpr', 'ParenExpr', 'MatrixSelector', 'SubqueryExpr', 'OffsetExpr', 'StepInvariantExpr'],
  'UnaryExpr',
])

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child)
  return children
}

/** The names inside of `by (…)`, `on (…)` and the like. */
export const labelNamesIn = (grouping: SyntaxNode | null, expr: string): string[] =>
  grouping === null ? [] : grouping.getChildren('LabelName').map(({ from, to }) => expr.slice(from, to))

const argumentsOf = (node: SyntaxNode): SyntaxNode[] => {
  const body = node.getChild('FunctionCallBody')
  return body === null ? [] : childrenOf(body).filter(({ name }) => expressions.has(name))
}

function ofAggregation(node: SyntaxNode, expr: string, labelsOf: LabelsOfSelector) {
  const modifier = node.getChild('AggregateModifier')
  const operator = node.getChild('AggregateOp')?.firstChild?.name
  const inner = argumentsOf(node).at(-1)
  const innerLabels = inner === undefined ? undefined : labelsOfResult(inner, expr, labelsOf)
  // These choose series instead of making new ones.
  if (operator === 'Topk' || operator === 'Bottomk') return innerLabels
  const names = labelNamesIn(modifier?.getChild('GroupingLabels') ?? null, expr)
  if (modifier === null || modifier.getChild('Without') === null) return new Set(names)
  return innerLabels?.difference(new Set(names))
}

function ofFunction(node: SyntaxNode, expr: string, labelsOf: LabelsOfSelector) {
  const name = node.getChild('FunctionIdentifier')?.firstChild?.name
  const all = argumentsOf(node)
  const first = name === 'HistogramQuantile' ? all[1] : all[0]
  if (name === 'Vector' || name === 'Scalar' || name === 'Time') return new Set<string>()
  const inner = first === undefined ? new Set<string>() : labelsOfResult(first, expr, labelsOf)
  if (name === 'HistogramQuantile') return inner?.difference(new Set(['le']))
  if (name === 'Absent' || name === 'AbsentOverTime') return undefined
  if (name !== 'LabelReplace' && name !== 'LabelJoin') return inner
  const made = all[1] === undefined ? '' : expr.slice(all[1].from + 1, all[1].to - 1)
  return inner?.union(new Set([made]))
}

const setOperators = ['Or', 'And', 'Unless']

function ofBinary(node: SyntaxNode, expr: string, labelsOf: LabelsOfSelector) {
  const [left, right] = childrenOf(node).filter(({ name }) => expressions.has(name))
  if (left === undefined || right === undefined) return undefined
  const [ofLeft, ofRight] = [left, right].map((side) => labelsOfResult(side, expr, labelsOf))
  if (ofLeft === undefined || ofRight === undefined) return undefined
  const operator = childrenOf(node).find(({ name }) => setOperators.includes(name))?.name
  if (operator === 'Or') return ofLeft.union(ofRight)
  if (operator !== undefined) return ofLeft
  return ofLeft.size === 0 ? ofRight : ofLeft
}
