import { parser } from '@prometheus-io/lezer-promql'

/** A selector of counters as an objective names it: one metric and matchers, and nothing around it. */
export interface CounterSelector {
  readonly metric: string
  /** The matchers that ask for equality. */
  readonly equalities: Readonly<Record<string, string>>
}

/** Undefined where the text is no plain selector of one metric: the rules put the window and the sum around it. */
export function readCounterSelector(text: string): CounterSelector | undefined {
  const expression = parser.parse(text).topNode.firstChild
  if (expression?.name !== 'VectorSelector' || expression.nextSibling !== null) return undefined
  const identifier = expression.getChild('Identifier')
  if (identifier === null || hasError(text)) return undefined
  const equalities: Record<string, string> = {}
  expression.cursor().iterate(({ name, node }) => {
    if (name !== 'UnquotedLabelMatcher') return
    const [label, operator, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((child) => {
      const part = node.getChild(child)
      return part === null ? '' : text.slice(part.from, part.to)
    })
    if (operator === '=' && label) equalities[label] = (value ?? '').slice(1, -1)
  })
  return { metric: text.slice(identifier.from, identifier.to), equalities }
}

function hasError(text: string): boolean {
  let found = false
  parser.parse(text).iterate({
    enter: ({ type }) => {
      if (type.isError) found = true
    },
  })
  return found
}
