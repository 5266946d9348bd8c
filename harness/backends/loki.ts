import { z } from 'zod'
import type { DeclaredCall, DeclaredPath } from '../core/declared-call.ts'
import { ask, send } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import {
  alertsAnswer,
  instantData,
  labels,
  labelValuesAnswer,
  matrixData,
  type RulerAlert,
  type StoredSeries,
  seriesOfInstant,
  seriesOfMatrix,
  vectorAnswer,
} from './query-answers.ts'
import { askQuery } from './query-refusal.ts'
import { type RuleGroup, ruleGroupsAnswer } from './rule-groups.ts'
import { parseSampleValue } from './sample-value.ts'

/** Loki's HTTP API and its ruler's, as far as claims look at them. */

export const lokiCalls = [
  'GET /ready',
  'GET /loki/api/v1/query',
  'GET /loki/api/v1/query_range',
  'GET /loki/api/v1/series',
  'GET /loki/api/v1/labels',
  'GET /loki/api/v1/label/{name}/values',
  'GET /loki/api/v1/status/buildinfo',
  'GET /prometheus/api/v1/alerts',
  'GET /prometheus/api/v1/rules',
  'GET /config',
  'GET /metrics',
] as const satisfies readonly DeclaredCall[]

type LokiPath = DeclaredPath<typeof lokiCalls>

const streamsData = z.object({
  resultType: z.literal('streams'),
  result: z.array(z.object({ stream: labels, values: z.array(z.tuple([z.string(), z.string()])) })),
})
const streamsAnswer = z.object({ status: z.literal('success'), data: streamsData })
const rangeAnswer = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [streamsData, matrixData]),
})
const instantAnswer = z.object({ status: z.literal('success'), data: instantData })
const seriesAnswer = z.object({ status: z.literal('success'), data: z.array(labels).optional() })
const buildAnswer = z.object({ version: z.string() })

export interface LogLine {
  /** The line's own time. */
  readonly atMs: number
  readonly line: string
  /** Stream labels and structured metadata together, as Loki answers them. */
  readonly labels: Record<string, string>
}

export class Loki {
  readonly url: string
  /** Says whose lines and rules are asked for; a Loki without authentication has no tenants. */
  private readonly headers: Record<string, string>

  constructor(url: string, { tenant }: { tenant?: string } = {}) {
    this.url = url
    this.headers = tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }
  }

  /** Lines of a log query between two moments, oldest first. An answer of `limit` lines is refused: there may be more. */
  async lines(
    query: string,
    range: { fromMs: number; toMs: number; limit?: number; signal?: AbortSignal },
  ): Promise<LogLine[]> {
    const limit = range.limit ?? 5_000
    const params = { query, start: toNs(range.fromMs), end: toNs(range.toMs), limit, direction: 'forward' }
    const answer = await this.get('/loki/api/v1/query_range', streamsAnswer, params, range.signal)
    const lines = linesOf(answer.data)
    if (lines.length >= limit) {
      throw new SignalproofError('BACKEND_BAD_ANSWER', {
        expected: `fewer than ${limit} lines for ${query}`,
        seen: `${lines.length}, so that some may be missing`,
        remedy: 'narrow the query or the time range',
      })
    }
    return lines.sort((a, b) => a.atMs - b.atMs)
  }

  /** An instant metric query. */
  async query(
    query: string,
    options: { atMs?: number; signal?: AbortSignal } = {},
  ): Promise<{ labels: Record<string, string>; value: number }[]> {
    const time = options.atMs === undefined ? {} : { time: toNs(options.atMs) }
    const answer = await this.get('/loki/api/v1/query', vectorAnswer, { query, ...time }, options.signal)
    return answer.data.result.map(({ metric, value }) => ({
      labels: metric,
      value: parseSampleValue(value[1]),
    }))
  }

  /**
   * Any query over a range of time: series of a metric query, or the newest `limit` lines of a log query.
   * @throws BACKEND_BAD_ANSWER with Loki's words for a query it refuses
   */
  async queryRange(
    query: string,
    range: { fromMs: number; toMs: number; stepMs: number; limit: number; signal?: AbortSignal },
  ): Promise<{ readonly series: StoredSeries[] } | { readonly lines: LogLine[] }> {
    const { fromMs, toMs, stepMs, limit, signal } = range
    const params = {
      query,
      start: toNs(fromMs),
      end: toNs(toMs),
      step: stepMs / 1000,
      limit,
      direction: 'backward',
    }
    const request = this.request('/loki/api/v1/query_range', params, signal)
    const { data } = await askQuery(request, query, rangeAnswer)
    return data.resultType === 'matrix' ? { series: seriesOfMatrix(data) } : { lines: linesOf(data) }
  }

  /** An instant metric query of any type. @throws BACKEND_BAD_ANSWER as above */
  async queryInstant(
    query: string,
    { atMs, signal }: { atMs: number; signal?: AbortSignal },
  ): Promise<StoredSeries[]> {
    const request = this.request('/loki/api/v1/query', { query, time: toNs(atMs) }, signal)
    return seriesOfInstant((await askQuery(request, query, instantAnswer)).data)
  }

  /** The names of the labels of all streams. */
  async labelNames(range: { fromMs: number; toMs: number; signal?: AbortSignal }): Promise<string[]> {
    const params = { start: toNs(range.fromMs), end: toNs(range.toMs) }
    return (await this.get('/loki/api/v1/labels', labelValuesAnswer, params, range.signal)).data ?? []
  }

  /** The values of a label, or of those streams that a selector matches. */
  async labelValues(
    label: string,
    range: { selector?: string; fromMs: number; toMs: number; signal?: AbortSignal },
  ): Promise<string[]> {
    const { selector, fromMs, toMs, signal } = range
    const params = {
      start: toNs(fromMs),
      end: toNs(toMs),
      ...(selector === undefined ? {} : { query: selector }),
    }
    const request = this.request('/loki/api/v1/label/{name}/values', params, signal)
    const url = request.url.replace('{name}', encodeURIComponent(label))
    return (await askQuery({ ...request, url }, selector ?? label, labelValuesAnswer)).data ?? []
  }

  /** The label sets of the streams that match a selector: index labels only, which `lines` mixes with metadata. */
  async series(
    selector: string,
    range: { fromMs: number; toMs: number; signal?: AbortSignal },
  ): Promise<Record<string, string>[]> {
    const params = { 'match[]': selector, start: toNs(range.fromMs), end: toNs(range.toMs) }
    return (await this.get('/loki/api/v1/series', seriesAnswer, params, range.signal)).data ?? []
  }

  async alerts(signal?: AbortSignal): Promise<RulerAlert[]> {
    return (await this.get('/prometheus/api/v1/alerts', alertsAnswer, {}, signal)).data.alerts ?? []
  }

  async ruleGroups(signal?: AbortSignal): Promise<RuleGroup[]> {
    return (await this.get('/prometheus/api/v1/rules', ruleGroupsAnswer, {}, signal)).data.groups
  }

  /** The configuration in force, as YAML. */
  async configYaml(signal?: AbortSignal): Promise<string> {
    const path: LokiPath = '/config'
    const response = await send({
      backend: 'loki',
      url: `${this.url}${path}`,
      ...(signal === undefined ? {} : { signal }),
    })
    if (response.status === 200 && typeof response.data === 'string') return response.data
    throw new SignalproofError('BACKEND_BAD_ANSWER', {
      expected: `loki's configuration at ${this.url}/config`,
      seen: `status ${response.status}`,
      remedy: 'look at the log of loki',
    })
  }

  async version(signal?: AbortSignal): Promise<string> {
    return (await this.get('/loki/api/v1/status/buildinfo', buildAnswer, {}, signal)).version
  }

  private get<T>(
    path: LokiPath,
    schema: z.ZodType<T>,
    params: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<T> {
    return ask(this.request(path, params, signal), schema)
  }

  private request(path: LokiPath, params: Record<string, unknown>, signal?: AbortSignal) {
    return {
      backend: 'loki',
      url: `${this.url}${path}`,
      params,
      headers: this.headers,
      ...(signal === undefined ? {} : { signal }),
    }
  }
}

const linesOf = ({ result }: z.output<typeof streamsData>): LogLine[] =>
  result.flatMap(({ stream, values }) =>
    values.map(([ns, line]) => ({ atMs: Number(BigInt(ns) / 1000n) / 1000, line, labels: stream })),
  )

const toNs = (ms: number): string => (BigInt(Math.floor(ms * 1000)) * 1000n).toString()
