import { z } from 'zod'
import type { DeclaredCall, DeclaredPath } from '../core/declared-call.ts'
import { ask } from '../core/http.ts'
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

/** Prometheus' HTTP API, as far as claims look at it. */

export const prometheusCalls = [
  'GET /-/ready',
  'GET /api/v1/query',
  'GET /api/v1/query_exemplars',
  'GET /api/v1/query_range',
  'GET /api/v1/series',
  'GET /api/v1/labels',
  'GET /api/v1/label/{name}/values',
  'GET /api/v1/targets',
  'GET /api/v1/alerts',
  'GET /api/v1/rules',
  'GET /api/v1/alertmanagers',
  'GET /api/v1/status/config',
  'GET /api/v1/status/flags',
  'GET /api/v1/status/buildinfo',
  'GET /metrics',
] as const satisfies readonly DeclaredCall[]

const exemplarsAnswer = z.object({
  status: z.literal('success'),
  data: z.array(
    z.object({
      seriesLabels: labels,
      exemplars: z.array(z.object({ labels, value: z.string(), timestamp: z.number() })),
    }),
  ),
})
const matrixAnswer = z.object({ status: z.literal('success'), data: matrixData })
const instantAnswer = z.object({ status: z.literal('success'), data: instantData })
const seriesAnswer = z.object({ status: z.literal('success'), data: z.array(labels) })
const targetsAnswer = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        labels,
        scrapePool: z.string(),
        scrapeUrl: z.string(),
        health: z.enum(['up', 'down', 'unknown']),
        lastError: z.string(),
        lastScrape: z.string(),
        scrapeInterval: z.string(),
        scrapeTimeout: z.string(),
      }),
    ),
  }),
})
const configAnswer = z.object({ data: z.object({ yaml: z.string() }) })
const flagsAnswer = z.object({ data: z.record(z.string(), z.string()) })
const buildAnswer = z.object({ data: z.object({ version: z.string() }) })
const alertmanagersAnswer = z.object({
  data: z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }),
})

export type Sample = {
  readonly labels: Record<string, string>
  readonly atMs: number
  readonly value: number
}
/** One observation of a series that says where more is known about it. */
export interface Exemplar {
  /** Of the series: for a histogram, `le` is the upper edge of the observation's bucket. */
  readonly series: Record<string, string>
  /** What leads further, such as `trace_id`. */
  readonly labels: Record<string, string>
  readonly atMs: number
  readonly value: number
}
export type Target = z.output<typeof targetsAnswer>['data']['activeTargets'][number]

export class Prometheus {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** An instant query. `atMs` defaults to now, as Prometheus sees it. */
  async query(query: string, options: { atMs?: number; signal?: AbortSignal } = {}): Promise<Sample[]> {
    const time = options.atMs === undefined ? {} : { time: options.atMs / 1000 }
    const answer = await this.get('/api/v1/query', vectorAnswer, { query, ...time }, options.signal)
    return answer.data.result.map(({ metric, value: [atSeconds, value] }) => ({
      labels: metric,
      atMs: atSeconds * 1000,
      value: parseSampleValue(value),
    }))
  }

  /**
   * Every stored sample of a series selector in the `windowMs` before `atMs`, which is now where it is not said, with the
   * times at which they were scraped.
   */
  async samples(
    selector: string,
    windowMs: number,
    { atMs, signal }: { atMs?: number | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<{ labels: Record<string, string>; samples: { atMs: number; value: number }[] }[]> {
    const answer = await this.get(
      '/api/v1/query',
      matrixAnswer,
      {
        query: `${selector}[${Math.ceil(windowMs)}ms]`,
        ...(atMs === undefined ? {} : { time: atMs / 1000 }),
      },
      signal,
    )
    return answer.data.result.map(({ metric, values }) => ({
      labels: metric,
      samples: values.map(([atSeconds, value]) => ({
        atMs: atSeconds * 1000,
        value: parseSampleValue(value),
      })),
    }))
  }

  /** The exemplars of the series that a query reads, with times from `fromMs` to `toMs`. */
  async exemplars(
    query: string,
    { fromMs, toMs, signal }: { fromMs: number; toMs: number; signal?: AbortSignal },
  ): Promise<Exemplar[]> {
    const params = { query, start: fromMs / 1000, end: toMs / 1000 }
    const answer = await this.get('/api/v1/query_exemplars', exemplarsAnswer, params, signal)
    return answer.data.flatMap(({ seriesLabels, exemplars }) =>
      exemplars.map(({ labels: own, value, timestamp }) => ({
        series: seriesLabels,
        labels: own,
        atMs: timestamp * 1000,
        value: parseSampleValue(value),
      })),
    )
  }

  /** A query over a range of time, a point for each step. @throws BACKEND_BAD_ANSWER with Prometheus' words for a query it refuses */
  async queryRange(
    query: string,
    { fromMs, toMs, stepMs, signal }: { fromMs: number; toMs: number; stepMs: number; signal?: AbortSignal },
  ): Promise<StoredSeries[]> {
    const params = { query, start: fromMs / 1000, end: toMs / 1000, step: stepMs / 1000 }
    const request = this.request('/api/v1/query_range', params, signal)
    return seriesOfMatrix((await askQuery(request, query, matrixAnswer)).data)
  }

  /** An instant query of any type; scalars and samples are series of one point. @throws BACKEND_BAD_ANSWER as above */
  async queryInstant(
    query: string,
    { atMs, signal }: { atMs: number; signal?: AbortSignal },
  ): Promise<StoredSeries[]> {
    const request = this.request('/api/v1/query', { query, time: atMs / 1000 }, signal)
    return seriesOfInstant((await askQuery(request, query, instantAnswer)).data)
  }

  /** The label sets that match a selector, at most `limit`; of all that is stored where no range is said. */
  async series(
    selector: string,
    { fromMs, toMs, limit, signal }: MetadataRange & { limit?: number } = {},
  ): Promise<Record<string, string>[]> {
    const params = {
      'match[]': selector,
      ...rangeParams({ fromMs, toMs }),
      ...(limit === undefined ? {} : { limit }),
    }
    return (await askQuery(this.request('/api/v1/series', params, signal), selector, seriesAnswer)).data
  }

  /** The names of all labels, or of those that the series of a selector have. */
  async labelNames({
    selector,
    signal,
    ...range
  }: MetadataRange & { selector?: string } = {}): Promise<string[]> {
    const params = { ...(selector === undefined ? {} : { 'match[]': selector }), ...rangeParams(range) }
    const request = this.request('/api/v1/labels', params, signal)
    return (await askQuery(request, selector ?? '', labelValuesAnswer)).data ?? []
  }

  /** The values of a label; `__name__` has the names of all metrics. */
  async labelValues(
    label: string,
    { selector, signal, ...range }: MetadataRange & { selector?: string } = {},
  ): Promise<string[]> {
    const params = { ...(selector === undefined ? {} : { 'match[]': selector }), ...rangeParams(range) }
    const request = this.request('/api/v1/label/{name}/values', params, signal)
    const url = request.url.replace('{name}', encodeURIComponent(label))
    return (await askQuery({ ...request, url }, selector ?? label, labelValuesAnswer)).data ?? []
  }

  async targets(signal?: AbortSignal): Promise<Target[]> {
    return (await this.get('/api/v1/targets', targetsAnswer, { state: 'active' }, signal)).data.activeTargets
  }

  async alerts(signal?: AbortSignal): Promise<RulerAlert[]> {
    return (await this.get('/api/v1/alerts', alertsAnswer, {}, signal)).data.alerts ?? []
  }

  async ruleGroups(signal?: AbortSignal): Promise<RuleGroup[]> {
    return (await this.get('/api/v1/rules', ruleGroupsAnswer, {}, signal)).data.groups
  }

  /** The configuration in force, as YAML. */
  async configYaml(signal?: AbortSignal): Promise<string> {
    return (await this.get('/api/v1/status/config', configAnswer, {}, signal)).data.yaml
  }

  /** The command line flags in force. */
  async flags(signal?: AbortSignal): Promise<Record<string, string>> {
    return (await this.get('/api/v1/status/flags', flagsAnswer, {}, signal)).data
  }

  async version(signal?: AbortSignal): Promise<string> {
    return (await this.get('/api/v1/status/buildinfo', buildAnswer, {}, signal)).data.version
  }

  async activeAlertmanagers(signal?: AbortSignal): Promise<string[]> {
    return (
      await this.get('/api/v1/alertmanagers', alertmanagersAnswer, {}, signal)
    ).data.activeAlertmanagers.map(({ url }) => url)
  }

  private get<T>(
    path: DeclaredPath<typeof prometheusCalls>,
    schema: z.ZodType<T>,
    params: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<T> {
    return ask(this.request(path, params, signal), schema)
  }

  private request(
    path: DeclaredPath<typeof prometheusCalls>,
    params: Record<string, unknown>,
    signal?: AbortSignal,
  ) {
    return {
      backend: 'prometheus',
      url: `${this.url}${path}`,
      params,
      ...(signal === undefined ? {} : { signal }),
    }
  }
}

interface MetadataRange {
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const rangeParams = ({ fromMs, toMs }: Omit<MetadataRange, 'signal'>): Record<string, number> => ({
  ...(fromMs === undefined ? {} : { start: fromMs / 1000 }),
  ...(toMs === undefined ? {} : { end: toMs / 1000 }),
})
