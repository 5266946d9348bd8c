import type { ServerResponse } from 'node:http'
import { type AskedRequest, backendDouble } from '../core/backend-double.ts'
import { type Matcher, promqlSelectors } from './promql-selectors.ts'

type Labels = Readonly<Record<string, string>>

/** What a query is answered with: series of values from the beginning of the range on, a point for each step. */
export type DoubleSeries = { readonly labels: Labels; readonly values: readonly number[] }

export interface PrometheusStock {
  /** The label sets that are stored, `__name__` among them; selectors are really matched against them. */
  readonly stored?: readonly Labels[]
  /** Range and instant queries by their expression; an error is a refusal in those words. */
  readonly answers?: (expr: string) => readonly DoubleSeries[] | { readonly error: string }
}

/** A Prometheus with some stored series and canned answers. */
export const prometheusDouble = ({ stored = [], answers = () => [] }: PrometheusStock) =>
  backendDouble(({ path, query }, response) => {
    const selector = query.get('match[]')
    const matching = selector === null ? stored : stored.filter((labels) => isMatched(labels, selector))
    const pathname = new URL(path, 'http://double').pathname
    const label = /^\/api\/v1\/label\/(.+)\/values$/.exec(pathname)?.[1]
    if (label !== undefined) {
      return answer(response, unique(matching.flatMap((labels) => labels[decodeURIComponent(label)] ?? [])))
    }
    if (pathname === '/api/v1/labels') return answer(response, unique(matching.flatMap(Object.keys)))
    if (pathname === '/api/v1/series') return answer(response, matching)
    return answerQuery({ query }, response, answers(query.get('query') ?? ''))
  })

function answerQuery(
  { query }: Pick<AskedRequest, 'query'>,
  response: ServerResponse,
  found: readonly DoubleSeries[] | { readonly error: string },
): void {
  if ('error' in found) {
    response.statusCode = 400
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: 'error', errorType: 'bad_data', error: found.error }))
    return
  }
  const step = Number(query.get('step'))
  if (query.has('step')) {
    const start = Number(query.get('start'))
    const result = found.map(({ labels, values }) => ({
      metric: labels,
      values: values.map((value, index) => [start + index * step, String(value)]),
    }))
    answer(response, { resultType: 'matrix', result })
    return
  }
  const result = found.map(({ labels, values }) => ({
    metric: labels,
    value: [Number(query.get('time')), String(values.at(-1) ?? Number.NaN)],
  }))
  answer(response, { resultType: 'vector', result })
}

/** A Loki whose streams are matched and whose queries have canned answers: lines, or series of an instant query. */
export const lokiDouble = ({
  streams,
  lines = () => 0,
  linesFromMs = 0,
  series = () => [],
}: {
  readonly streams: readonly Labels[]
  /** How many lines a log query finds. */
  readonly lines?: (query: string) => number
  /** Where the first of them is; one follows each second. */
  readonly linesFromMs?: number
  readonly series?: (query: string) => readonly DoubleSeries[] | { readonly error: string }
}) =>
  backendDouble(({ path, query }, response) => {
    const pathname = new URL(path, 'http://double').pathname
    const asked = query.get('query') ?? ''
    const selector = query.get('match[]') ?? asked
    const matching = selector === '' ? streams : streams.filter((labels) => isMatched(labels, selector))
    const label = /^\/loki\/api\/v1\/label\/(.+)\/values$/.exec(pathname)?.[1]
    if (label !== undefined)
      return answer(response, unique(matching.flatMap((labels) => labels[label] ?? [])))
    if (pathname === '/loki/api/v1/labels') return answer(response, unique(streams.flatMap(Object.keys)))
    if (pathname === '/loki/api/v1/series') return answer(response, matching)
    if (query.has('step') && asked.startsWith('{')) return answerLines(response, lines(asked), linesFromMs)
    const counted = /^sum\(count_over_time\((.*) \[\d+s\]\)\)$/.exec(asked)?.[1]
    return answerQuery({ query }, response, counted === undefined ? series(asked) : sumOf(lines(counted)))
  })

function answerLines(response: ServerResponse, count: number, fromMs: number): void {
  const values = Array.from({ length: count }, (_, index) => [`${fromMs + index * 1_000}000000`, 'a line'])
  const result = count === 0 ? [] : [{ stream: {}, values }]
  answer(response, { resultType: 'streams', result })
}

const sumOf = (count: number): DoubleSeries[] => (count > 0 ? [{ labels: {}, values: [count] }] : [])

function answer(response: ServerResponse, data: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'success', data }))
}

const unique = (values: readonly string[]): string[] => [...new Set(values)].sort()

function isMatched(labels: Labels, text: string): boolean {
  const [selector] = promqlSelectors(text)
  if (selector === undefined) return false
  const { metric, matchers } = selector
  return (metric === undefined || labels.__name__ === metric) && matchers.every((one) => fits(labels, one))
}

function fits(labels: Labels, { label, operator, value }: Matcher): boolean {
  const own = labels[label] ?? ''
  const isFit = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(own) : own === value
  return operator.startsWith('!') ? !isFit : isFit
}
