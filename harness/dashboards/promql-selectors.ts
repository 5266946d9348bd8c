import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** One matcher of a selector, as written and in its parts. */
export interface Matcher {
  readonly label: string
  readonly operator: string
  /** Without its quotes. */
  readonly value: string
  readonly written: string
}

export interface Selector {
  /** Undefined where a matcher on `__name__`, or none at all, says which metrics are meant. */
  readonly metric?: string
  readonly matchers: readonly Matcher[]
  readonly written: string
}

/** Every series selector of a PromQL expression, in the order in which they are written; equal ones once. */
export function promqlSelectors(expr: string): Selector[] {
  const found = new Map<string, Selector>()
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name !== 'VectorSelector') return
      const written = expr.slice(node.from, node.to)
      found.set(written, readSelector(node, expr))
    },
  })
  return [...found.values()]
}

function readSelector(node: SyntaxNode, expr: string): Selector {
  const textOf = (part: SyntaxNode | null): string => (part === null ? '' : expr.slice(part.from, part.to))
  const matchers: Matcher[] = []
  let quotedName = ''
  node.cursor().iterate(({ name, node: part }) => {
    if (name === 'UnquotedLabelMatcher' || name === 'QuotedLabelMatcher') {
      const label = textOf(part.getChild('LabelName')) || unquoted(textOf(part.getChild('QuotedLabelName')))
      const operator = textOf(part.getChild('MatchOp'))
      const value = unquoted(textOf(part.getChild('StringLiteral')))
      matchers.push({ label, operator, value, written: textOf(part) })
      return false
    }
    if (name === 'QuotedLabelName') quotedName = unquoted(textOf(part))
    return true
  })
  const metric = textOf(node.getChild('Identifier')) || quotedName || nameOf(matchers)
  const named = matchers.filter(({ label, operator }) => !(label === '__name__' && operator === '='))
  return { ...(metric === undefined ? {} : { metric }), matchers: named, written: textOf(node) }
}

const nameOf = (matchers: readonly Matcher[]): string | undefined =>
  matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value

/** The text of a string literal, as far as it can be told without its escapes. */
export function unquoted(literal: string): string {
  if (literal.startsWith('`')) return literal.slice(1, -1)
  try {
    return JSON.parse(`"${literal.slice(1, -1).replaceAll(/(?<!\\)"/g, '\\"')}"`) as string
  } catch {
    return literal.slice(1, -1)
  }
}

/** What a selector may be called without quotes. */
const plainName = /^[a-zA-Z_:][\w:]*$/

/** A selector of some matchers of one metric. */
export function writeSelector(metric: string | undefined, matchers: readonly Matcher[]): string {
  const name = metric ?? ''
  const quoted = name === '' || plainName.test(name) ? [] : [JSON.stringify(name)]
  return `${quoted.length > 0 ? '' : name}{${[...quoted, ...matchers.map(({ written }) => written)].join(', ')}}`
}
