import { z } from 'zod'
import type { DeclaredCall, DeclaredPath } from '../core/declared-call.ts'
import { ask } from '../core/http.ts'

/** Alertmanager's API v2, as far as claims look at it. */

export const alertmanagerCalls = [
  'GET /-/ready',
  'GET /api/v2/alerts',
  'GET /api/v2/status',
  'GET /metrics',
] as const satisfies readonly DeclaredCall[]

type AlertmanagerPath = DeclaredPath<typeof alertmanagerCalls>

const labels = z.record(z.string(), z.string())
const alertsAnswer = z.array(
  z.object({
    labels,
    annotations: labels,
    startsAt: z.string(),
    endsAt: z.string(),
    updatedAt: z.string(),
    fingerprint: z.string(),
    status: z.object({
      state: z.enum(['unprocessed', 'active', 'suppressed']),
      inhibitedBy: z.array(z.string()),
      silencedBy: z.array(z.string()),
    }),
    receivers: z.array(z.object({ name: z.string() })),
  }),
)
const statusAnswer = z.object({
  config: z.object({ original: z.string() }),
  versionInfo: z.object({ version: z.string() }),
})

export type ReceivedAlert = z.output<typeof alertsAnswer>[number]

export class Alertmanager {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** All alerts it holds that match every matcher (`app="x"`), inhibited ones included. */
  async alerts(matchers: readonly string[] = [], signal?: AbortSignal): Promise<ReceivedAlert[]> {
    const query = new URLSearchParams(matchers.map((matcher): [string, string] => ['filter', matcher]))
    return this.get('/api/v2/alerts', alertsAnswer, query, signal)
  }

  /** The configuration in force, as YAML. */
  async configYaml(signal?: AbortSignal): Promise<string> {
    return (await this.status(signal)).config.original
  }

  async version(signal?: AbortSignal): Promise<string> {
    return (await this.status(signal)).versionInfo.version
  }

  private status(signal?: AbortSignal): Promise<z.output<typeof statusAnswer>> {
    return this.get('/api/v2/status', statusAnswer, new URLSearchParams(), signal)
  }

  private get<T>(
    path: AlertmanagerPath,
    schema: z.ZodType<T>,
    query: URLSearchParams,
    signal?: AbortSignal,
  ): Promise<T> {
    return ask(
      {
        backend: 'alertmanager',
        url: `${this.url}${path}?${query}`,
        ...(signal === undefined ? {} : { signal }),
      },
      schema,
    )
  }
}
