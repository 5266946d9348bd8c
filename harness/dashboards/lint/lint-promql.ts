import { parser } from '@prometheus-io/lezer-promql'
import { parseDurationMs } from '../../core/prometheus-duration.ts'
import { type Finding, findingAt, type LintName, type Place, type Said } from './finding.ts'
import type { KnownSignals, Signal } from './known-signals.ts'
import { macroOf, maskQuery } from './masked-query.ts'
import { childrenOf, expressions, labelNamesIn, labelsOfResult, type SyntaxNode } from './promql-labels.ts'

/** A PromQL query of a panel: what it names exists, counters are rates, and each window holds enough samples. */

export interface PromqlQuery {
  readonly expr: string
  readonly place: Place
  /** What Grafana takes for the scrape interval: the target's least step, or the datasource's. */
  readonly stepMs: number | undefined
}

/** Functions that make something of a counter's growth. */
const ofGrowth = new Set(['Rate', 'Irate', 'Increase', 'Resets', 'Changes'])
/** What is said of a series as such, whatever its value. */
const ofPresence = new Set(['Absent', 'AbsentOverTime', 'Timestamp', 'PresentOverTime', 'CountOverTime'])

/** So many samples Grafana's own $__rate_interval holds at least: one scrape may fail, and a rate still has two. */
const leastSamples = 4

export interface PromqlJudgement {
  readonly findings: Finding[]
  /** Labels of the result; undefined where they cannot be said. */
  readonly labels?: ReadonlySet<string>
}

export function lintPromql(query: PromqlQuery, signals: KnownSignals): PromqlJudgement {
  const text = maskQuery(query.expr)
  const tree = parser.parse(text)
  const findings: Finding[] = []
  const add = (lint: LintName, said: Said) => findings.push(findingAt(lint, query.place, said))
  const error = errorIn(tree.topNode)
  if (error !== undefined) {
    add('query-parses', {
      expected: 'a PromQL expression',
      seen: `${query.expr} (it stops at "${text.slice(error.from, error.from + 20)}")`,
      remedy: 'correct the expression',
    })
    return { findings }
  }
  const look = { text, signals, query, add }
  const selectors = allOf(tree.topNode, 'VectorSelector')
  for (const selector of selectors) lintSelector(selector, look)
  for (const grouping of allOf(tree.topNode, 'GroupingLabels')) lintGrouping(grouping, look)
  const labels = labelsOfResult(tree.topNode, text, (node) => labelsOfSelector(node, text, signals))
  return labels === undefined ? { findings } : { findings, labels }
}

interface Looking {
  readonly text: string
  readonly signals: KnownSignals
  readonly query: PromqlQuery
  readonly add: (lint: LintName, said: Said) => void
}

function lintSelector(selector: SyntaxNode, { text, signals, query, add }: Looking): void {
  const named = signalsOf(selector, text, signals)
  if (named.signals.length === 0) {
    add('metric-exists', {
      expected: 'a metric of the table of signals',
      seen: named.name === '' ? 'a selector without a name' : named.name,
      remedy: `correct the name${nearest(named.name, signals)}; a new metric of a component comes into the table by npm run refresh-signals`,
    })
    return
  }
  const labels = unionOf(named.signals)
  for (const matcher of allOf(selector, 'LabelName')) {
    const label = text.slice(matcher.from, matcher.to)
    if (label === '__name__' || labels.has(label)) continue
    add('label-exists', {
      expected: `a label of ${named.name}: ${[...labels].sort().join(', ')}`,
      seen: label,
      remedy: 'correct the label: a selector with it never matches',
    })
  }
  const call = enclosingCall(selector)
  const counter = named.signals.find(({ kind }) => kind === 'counter')
  if (counter !== undefined && !ofGrowth.has(call) && !ofPresence.has(call) && !isOnlyCounted(selector)) {
    add('counter-without-rate', {
      expected: `${counter.metric} inside of rate() or increase(): it only grows`,
      seen: query.expr,
      remedy: 'ask for its growth; where the count itself is meant, say why in lint-exceptions.ts',
    })
  }
  lintWindow(selector, named.signals, { text, signals, query, add })
}

/** Four samples fit into the window, whatever the panel's width is. */
function lintWindow(selector: SyntaxNode, signals: readonly Signal[], { text, query, add }: Looking): void {
  const matrix = selector.parent
  if (matrix?.name !== 'MatrixSelector' || !ofGrowth.has(enclosingCall(selector))) return
  const duration = matrix.getChild('DurationExpr')
  const everyMs = Math.max(...signals.map((signal) => signal.everyMs ?? 0))
  if (duration === null || everyMs === 0) return
  const written = text.slice(duration.from, duration.to)
  const macro = macroOf(written)
  const what = `${signals[0]?.metric} has a sample every ${everyMs / 1000} s`
  const needed = leastSamples * everyMs
  if (macro === '__rate_interval') {
    if (query.stepMs !== undefined && leastSamples * query.stepMs >= needed) return
    add('rate-interval', {
      expected: `a $__rate_interval of ${needed / 1000} s at least: ${what}`,
      seen: `${query.stepMs === undefined ? 'no interval that it is made from' : `one made from ${query.stepMs / 1000} s`}`,
      remedy: `give the target the least step that its metric has: "interval": "${everyMs / 1000}s"`,
    })
  } else if (macro === '__interval' || macro === '__auto') {
    add('rate-interval', {
      expected: `a window that holds ${leastSamples} samples: ${what}`,
      seen: `$${macro}, which may be shorter on a wide panel`,
      remedy: 'use $__rate_interval',
    })
  } else if (macro === undefined) {
    const ms = parseDurationMs(written)
    if (ms !== null && ms >= needed) return
    add('rate-interval', {
      expected: `a window of ${needed / 1000} s at least: ${what}`,
      seen: `[${written}]`,
      remedy: 'use $__rate_interval, or a longer window',
    })
  }
}

/** Labels that series are grouped, matched or joined by are labels of what they are taken from. */
function lintGrouping(grouping: SyntaxNode, { text, signals, add }: Looking): void {
  const owner = grouping.parent?.parent
  if (owner === null || owner === undefined) return
  const parts =
    owner.name === 'AggregateExpr'
      ? childrenOf(owner.getChild('FunctionCallBody') ?? owner).filter(({ name }) => expressions.has(name))
      : childrenOf(owner).filter(({ name }) => expressions.has(name))
  const perPart = parts.map((part) =>
    labelsOfResult(part, text, (node) => labelsOfSelector(node, text, signals)),
  )
  if (perPart.some((labels) => labels === undefined)) return
  const there = perPart.reduce<Set<string>>((all, labels) => all.union(labels ?? new Set()), new Set())
  if (there.size === 0) return
  for (const label of labelNamesIn(grouping, text)) {
    if (there.has(label)) continue
    add('label-exists', {
      expected: `a label of what is grouped: ${[...there].sort().join(', ')}`,
      seen: label,
      remedy: 'correct the label: everything falls into one group of an empty one',
    })
  }
}

/** The metrics that a selector can be about: the one it names, or all that fit its pattern. */
function signalsOf(
  selector: SyntaxNode,
  text: string,
  signals: KnownSignals,
): { name: string; signals: Signal[] } {
  const identifier = selector.getChild('Identifier')
  if (identifier !== null) {
    const name = text.slice(identifier.from, identifier.to)
    const signal = signals.get(name)
    return { name, signals: signal === undefined ? [] : [signal] }
  }
  const pattern = /__name__\s*=~\s*"([^"]*)"/.exec(text.slice(selector.from, selector.to))?.[1] ?? ''
  const fitting = new RegExp(`^(?:${pattern})$`)
  return { name: pattern, signals: [...signals.values()].filter(({ metric }) => fitting.test(metric)) }
}

const unionOf = (signals: readonly Signal[]): ReadonlySet<string> =>
  signals.reduce<Set<string>>((all, { labels }) => all.union(labels), new Set())

function labelsOfSelector(node: SyntaxNode, text: string, signals: KnownSignals) {
  const named = signalsOf(node, text, signals).signals
  return named.length === 0 ? undefined : unionOf(named)
}

/** The function that a selector is the argument of. */
function enclosingCall(selector: SyntaxNode): string {
  let node: SyntaxNode | null = selector.parent
  while (node !== null && ['MatrixSelector', 'OffsetExpr', 'ParenExpr', 'SubqueryExpr'].includes(node.name))
    node = node.parent
  if (node?.name !== 'FunctionCallBody') return ''
  return node.parent?.getChild('FunctionIdentifier')?.firstChild?.name ?? ''
}

/** `count by (app) (counter)` says how many series there are. */
function isOnlyCounted(selector: SyntaxNode): boolean {
  const aggregation = selector.parent?.name === 'FunctionCallBody' ? selector.parent.parent : null
  const operator = aggregation?.getChild('AggregateOp')?.firstChild?.name
  return operator === 'Count' || operator === 'Group'
}

function allOf(root: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = []
  root.cursor().iterate((node) => {
    if (node.name === name) found.push(node.node)
  })
  return found
}

function errorIn(root: SyntaxNode): { from: number } | undefined {
  let error: { from: number } | undefined
  root.cursor().iterate(({ type, from }) => {
    if (type.isError) error ??= { from }
  })
  return error
}

/** A name of the table that starts and ends alike, for whoever mistyped it. */
function nearest(name: string, signals: KnownSignals): string {
  const close = [...signals.keys()].find((known) => known !== name && distanceIsSmall(known, name))
  return close === undefined ? '' : `: ${close}`
}

/** At most two characters were left out, added or changed in one place. */
function distanceIsSmall(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  return Math.max(a.length, b.length) - start - end <= 2
}
