import { parser as logqlParser } from '@grafana/lezer-logql'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import type { AdhocFilter } from './dashboard-model.ts'

/** The filters that a dashboard puts on every query of a datasource: as matchers of every selector in it. */

const matcherOperators = ['=', '!=', '=~', '!~']

export const isMatcher = ({ operator }: AdhocFilter): boolean => matcherOperators.includes(operator)

export function addFilters(
  expr: string,
  filters: readonly AdhocFilter[],
  language: 'promql' | 'logql',
): string {
  const matchers = filters
    .filter(isMatcher)
    .map(({ key, operator, value }) => `${key}${operator}${JSON.stringify(value)}`)
  if (matchers.length === 0) return expr
  return selectorEnds(expr, language).reduceRight((text, { at, has }) => {
    if (has === 'no braces') return `${text.slice(0, at)}{${matchers.join(',')}}${text.slice(at)}`
    const separator = has === 'matchers' ? ',' : ''
    return `${text.slice(0, at)}${separator}${matchers.join(',')}${text.slice(at)}`
  }, expr)
}

interface SelectorEnd {
  /** Where its closing brace stands, or would. */
  readonly at: number
  readonly has: 'matchers' | 'braces' | 'no braces'
}

function selectorEnds(expr: string, language: 'promql' | 'logql'): SelectorEnd[] {
  const found: SelectorEnd[] = []
  const [parser, selectorName] =
    language === 'promql' ? [promqlParser, 'VectorSelector'] : [logqlParser, 'Selector']
  parser.parse(expr).iterate({
    enter: ({ name, from, to }) => {
      if (name !== selectorName) return
      const written = expr.slice(from, to)
      if (!written.endsWith('}')) {
        found.push({ at: to, has: 'no braces' })
        return
      }
      const isEmpty = /\{\s*\}$/.test(written) || /,\s*\}$/.test(written)
      found.push({ at: to - 1, has: isEmpty ? 'braces' : 'matchers' })
    },
  })
  return found.sort((a, b) => a.at - b.at)
}
