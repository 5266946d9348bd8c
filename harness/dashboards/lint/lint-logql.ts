import { parser } from '@grafana/lezer-logql'
import { type Finding, findingAt, type LintName, type Place, type Said } from './finding.ts'
import type { LintSurroundings } from './lint-surroundings.ts'
import { macroOf, maskQuery } from './masked-query.ts'

/** A LogQL query of a panel: it parses, selects by labels that streams have, and groups by what lines have. */

export interface LogqlJudgement {
  readonly findings: Finding[]
  /** Labels of the result; undefined where every label of a line may be there. */
  readonly labels?: ReadonlySet<string>
}

export function lintLogql(
  { expr, place }: { readonly expr: string; readonly place: Place },
  { streamLabels, lineFields }: Pick<LintSurroundings, 'streamLabels' | 'lineFields'>,
): LogqlJudgement {
  const text = maskQuery(expr)
  const read = readLogql(text)
  const said = (lint: LintName, expected: string, seen: string, remedy: string): Finding =>
    findingAt(lint, place, { expected, seen, remedy } satisfies Said)
  if (read.error !== undefined || read.selectors === 0) {
    const seen =
      read.error === undefined ? expr : `${expr} (it stops at "${text.slice(read.error, read.error + 20)}")`
    const expected = 'a LogQL expression with a stream selector'
    return { findings: [said('query-parses', expected, seen, 'correct the expression')] }
  }
  const known = [...streamLabels, ...lineFields, ...read.made]
  const findings = [
    ...read.matched
      .filter((label) => !streamLabels.includes(label))
      .map((label) =>
        said(
          'label-exists',
          `a label of a stream: ${streamLabels.join(', ')}`,
          label,
          'select by labels of streams, and filter by what lines have after `| json`',
        ),
      ),
    ...read.grouped
      .filter((label) => !known.includes(label))
      .map((label) =>
        said(
          'label-exists',
          `a label of a stream or a field of a line: ${known.join(', ')}`,
          label,
          'correct the label: everything falls into one group of an empty one',
        ),
      ),
    ...read.windows
      .filter((window) => macroOf(window) === '__rate_interval')
      .map(() =>
        said(
          'rate-interval',
          'a window that Loki is asked with: $__auto, or a fixed one',
          '$__rate_interval, which is about scrapes',
          'use $__auto',
        ),
      ),
  ]
  return read.isMetric && read.grouped.length > 0 ? { findings, labels: new Set(read.grouped) } : { findings }
}

/** What a parsed expression names. */
function readLogql(text: string) {
  const read = {
    error: undefined as number | undefined,
    selectors: 0,
    isMetric: false,
    /** Labels of stream selectors; of `by (…)`; that the pipeline makes. */
    matched: [] as string[],
    grouped: [] as string[],
    made: [] as string[],
    windows: [] as string[],
  }
  const firstName = (inside: string) => /^\w+/.exec(inside)?.[0] ?? ''
  const readers: Readonly<Record<string, (inside: string, parent: string | undefined) => void>> = {
    Selector: () => {
      read.selectors += 1
    },
    MetricExpr: () => {
      read.isMetric = true
    },
    LabelExtractionExpression: (inside) => read.made.push(firstName(inside)),
    LabelFormatMatcher: (inside) => read.made.push(firstName(inside)),
    Labels: (inside, parent) => {
      if (parent === 'Grouping') read.grouped.push(...inside.split(',').map((label) => label.trim()))
    },
    // A filter of labels behind the selector has matchers as well; its labels come from the lines.
    Matcher: (inside, parent) => {
      if (parent === 'Matchers') read.matched.push(firstName(inside))
    },
    Duration: (inside, parent) => {
      if (parent === 'Range') read.windows.push(inside)
    },
  }
  parser.parse(text).iterate({
    enter: ({ type, name, node, from, to }) => {
      if (type.isError) read.error ??= from
      readers[name]?.(text.slice(from, to), node.parent?.name)
    },
  })
  return read
}
