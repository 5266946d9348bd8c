import { parser } from '@grafana/lezer-logql'
import { type Matcher, unquoted } from './promql-selectors.ts'

/** What a LogQL query is made of, as its grammar has it. */

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** A metric query answers with series, a log query with lines. */
export function isMetricQuery(query: string): boolean {
  let found = false
  parser.parse(query).iterate({
    enter: ({ name }) => {
      if (name === 'MetricExpr') found = true
    },
  })
  return found
}

/** A stream selector with what its lines go through. */
export interface LogPipeline {
  readonly selector: string
  readonly matchers: readonly Matcher[]
  /** The stages one by one, each with the query up to it: `{app="a"} |= "x" | json`. */
  readonly stages: readonly { readonly written: string; readonly upTo: string }[]
}

/** The pipelines of a query, in the order in which they are written; equal ones once. */
export function logPipelines(query: string): LogPipeline[] {
  const found = new Map<string, LogPipeline>()
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      const selector = node.getChild('Selector')
      if ((name !== 'LogExpr' && name !== 'LogRangeExpr') || selector === null) return
      const pipeline = readPipeline(node, selector, query)
      found.set(pipeline.stages.at(-1)?.upTo ?? pipeline.selector, pipeline)
    },
  })
  return [...found.values()]
}

function readPipeline(node: SyntaxNode, selector: SyntaxNode, query: string): LogPipeline {
  const matchers: Matcher[] = []
  // A pipeline is nested to the left: every part of it ends where one of its prefixes does.
  const ends = new Set<number>()
  node.cursor().iterate(({ name, node: part }) => {
    if (name === 'PipelineExpr' || name === 'LineFilters') ends.add(part.to)
    if (name !== 'Matcher') return
    const [label, operator, value] = [part.firstChild, part.firstChild?.nextSibling, part.lastChild].map(
      (child) => (child ? query.slice(child.from, child.to) : ''),
    )
    matchers.push({
      label: label ?? '',
      operator: operator ?? '',
      value: unquoted(value ?? ''),
      written: query.slice(part.from, part.to),
    })
  })
  let last = selector.to
  const stages = [...ends]
    .sort((a, b) => a - b)
    .map((end) => {
      const written = query.slice(last, end).trim()
      last = end
      return { written, upTo: query.slice(selector.from, end) }
    })
  return { selector: query.slice(selector.from, selector.to), matchers, stages }
}
