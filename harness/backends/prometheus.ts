import { z } from 'zod'
import type { DeclaredCall, DeclaredPath } from '../core/declared-call.ts'
import { ask } from '../core/http.ts'
import { alertsAnswer, labels, type RulerAlert, vectorAnswer } from './query-answers.ts'
import { type RuleGroup, ruleGroupsAnswer } from './rule-groups.ts'
import { parseSampleValue } from './sample-value.ts'

/** Prometheus' HTTP API, as far as claims look at it. */

export const prometheusCalls = [
  'GET /-/ready',
  'GET /api/v1/query',
  'GET /api/v1/query_exemplars',
  'GET /api/v1/targets',
  'GET /api/v1/alerts',
  'GET /api/v1/rules',
  'GET /api/v1/alertmanagers',
  'GET /api/v1/status/config',
  'GET /api/v1/status/flags',
  'GET /api/v1/status/buildinfo',
  'GET /metrics',
] as const satisfies readonly DeclaredCall[]

const matrixAnswer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
})
const exemplarsAnswer = z.object({
  status: z.literal('success'),
  data: z.array(
    z.object({
      seriesLabels: labels,
      exemplars: z.array(z.object({ labels, value: z.string(), timestamp: z.number() })),
    }),
  ),
})
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
    return ask(
      {
        backend: 'prometheus',
        url: `${this.url}${path}`,
        params,
        ...(signal === undefined ? {} : { signal }),
      },
      schema,
    )
  }
}
