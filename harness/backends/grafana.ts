import { z } from 'zod'
import type { DeclaredCall, DeclaredPath } from '../core/declared-call.ts'
import { ask, readAnswer, send } from '../core/http.ts'

/** Grafana's HTTP API, as far as claims look at it: what everybody who may look can ask. */

const grafanaCalls = [
  'GET /api/health',
  'GET /api/datasources/uid/{uid}/health',
  'GET /api/datasources/proxy/uid/{uid}/ready',
  'GET /api/datasources/proxy/uid/{uid}/-/ready',
  'GET /api/dashboards/uid/{uid}',
  'POST /api/ds/query',
] as const satisfies readonly DeclaredCall[]

type GrafanaPath = DeclaredPath<typeof grafanaCalls>

const healthAnswer = z.object({ database: z.string(), version: z.string().optional() })
const datasourceHealthAnswer = z.object({ status: z.string(), message: z.string().optional() })
const dashboardAnswer = z.object({
  meta: z.object({ provisioned: z.boolean(), provisionedExternalId: z.string().optional() }),
  dashboard: z.looseObject({ uid: z.string(), title: z.string(), panels: z.array(z.unknown()).default([]) }),
})

const frame = z.object({
  schema: z.object({
    meta: z.looseObject({ executedQueryString: z.string().optional() }).optional(),
    fields: z.array(
      z.object({
        name: z.string(),
        type: z.string().optional(),
        labels: z.record(z.string(), z.string()).nullish(),
      }),
    ),
  }),
  data: z.object({ values: z.array(z.array(z.unknown())) }),
})
const queryAnswer = z.object({
  results: z.record(
    z.string(),
    z.object({
      error: z.string().optional(),
      status: z.number().optional(),
      frames: z.array(frame).optional(),
    }),
  ),
})

export interface DatasourceHealth {
  readonly isHealthy: boolean
  /** Grafana's words, or what was asked instead where the plugin has no check of its own. */
  readonly said: string
}

export interface GrafanaQuery {
  readonly datasource: { readonly type: string; readonly uid: string }
  readonly expr: string
  /** As the target has it: the macros of the backend are made from it. */
  readonly interval?: string
  readonly instant: boolean
  readonly intervalMs: number
  readonly maxDataPoints: number
  readonly fromMs: number
  readonly toMs: number
}

export interface GrafanaSeries {
  readonly labels: Readonly<Record<string, string>>
  /** Epoch ms and value; null where there is none. */
  readonly points: readonly (readonly [atMs: number, value: number | null])[]
}

export interface GrafanaAnswer {
  /** Why it has no answer, in Grafana's words. */
  readonly error?: string
  /** The query as Grafana has sent it, where it says so. */
  readonly executed?: string
  readonly series: readonly GrafanaSeries[]
}

export class Grafana {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** @throws SignalproofError BACKEND_UNREACHABLE, BACKEND_BAD_ANSWER */
  async health(signal?: AbortSignal): Promise<{ database: string; version?: string | undefined }> {
    return ask(this.request('/api/health', signal), healthAnswer)
  }

  /**
   * Whether Grafana reaches a datasource. Plugins without a check answer 404, and so does a uid that nobody has: then the
   * backend itself is asked through Grafana, at the path by which it says that it is ready.
   */
  async datasourceHealth(
    uid: string,
    readyPath: '/ready' | '/-/ready',
    signal?: AbortSignal,
  ): Promise<DatasourceHealth> {
    const path: GrafanaPath = '/api/datasources/uid/{uid}/health'
    const request = this.request(path.replace('{uid}', encodeURIComponent(uid)), signal)
    const response = await send(request)
    if (response.status !== 404) {
      const { status, message = '' } = readAnswer(
        request,
        { ...response, status: 200 },
        datasourceHealthAnswer,
      )
      return { isHealthy: response.status === 200 && status === 'OK', said: `${status} ${message}`.trim() }
    }
    const proxied: GrafanaPath = `/api/datasources/proxy/uid/{uid}${readyPath}`
    const answer = await send(this.request(proxied.replace('{uid}', encodeURIComponent(uid)), signal))
    return {
      isHealthy: answer.status === 200,
      said: `no check of its own; ${readyPath} is answered with ${answer.status}`,
    }
  }

  /** A dashboard by its uid; undefined where there is none. */
  async dashboard(
    uid: string,
    signal?: AbortSignal,
  ): Promise<{ title: string; isProvisioned: boolean; panels: number } | undefined> {
    const path: GrafanaPath = '/api/dashboards/uid/{uid}'
    const request = this.request(path.replace('{uid}', encodeURIComponent(uid)), signal)
    const response = await send(request)
    if (response.status === 404) return undefined
    const { meta, dashboard } = readAnswer(request, response, dashboardAnswer)
    return { title: dashboard.title, isProvisioned: meta.provisioned, panels: dashboard.panels.length }
  }

  /** Has Grafana's backend run one query, its macros included; variables of dashboards are not its business. */
  async query(query: GrafanaQuery, signal?: AbortSignal): Promise<GrafanaAnswer> {
    const { datasource, expr, interval, instant, intervalMs, maxDataPoints } = query
    const path: GrafanaPath = '/api/ds/query'
    const request = {
      ...this.request(path, signal),
      method: 'POST' as const,
      data: {
        from: String(query.fromMs),
        to: String(query.toMs),
        queries: [
          {
            refId: 'A',
            datasource,
            expr,
            intervalMs,
            maxDataPoints,
            ...(interval === undefined ? {} : { interval }),
            instant,
            range: !instant,
            queryType: instant ? 'instant' : 'range',
          },
        ],
      },
    }
    const response = await send(request)
    // A query that fails is 400 or 207, with the reason in its result.
    const status = [400, 207].includes(response.status) ? 200 : response.status
    const { results } = readAnswer(request, { ...response, status }, queryAnswer)
    const result = results.A
    const frames = result?.frames ?? []
    const executed = frames[0]?.schema.meta?.executedQueryString
    return {
      ...(result === undefined ? { error: 'it has no result for the query' } : {}),
      ...(result?.error === undefined ? {} : { error: result.error }),
      ...(executed === undefined ? {} : { executed: executedExpr(executed) }),
      series: frames.flatMap(seriesOf),
    }
  }

  private request(path: string, signal: AbortSignal | undefined) {
    return { backend: 'grafana', url: `${this.url}${path}`, ...(signal === undefined ? {} : { signal }) }
  }
}

/** Prometheus' plugin writes `Expr: …` and the step below it. */
const executedExpr = (text: string): string => /^Expr: (.*)$/m.exec(text)?.[1] ?? text.trim()

function seriesOf({ schema: { fields }, data: { values } }: z.output<typeof frame>): GrafanaSeries[] {
  const times = values[fields.findIndex(({ type }) => type === 'time')] ?? []
  return fields.flatMap(({ type, labels }, index) => {
    if (type !== 'number') return []
    const points = (values[index] ?? []).map(
      (value, at) => [Number(times[at]), typeof value === 'number' ? value : null] as const,
    )
    return [{ labels: labels ?? {}, points }]
  })
}
