import { z } from 'zod'
import { ask } from '../core/http.ts'

/** Alertmanager's API v2, as far as claims look at it. */

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
    return ask(
      {
        backend: 'alertmanager',
        url: `${this.url}/api/v2/alerts?${query}`,
        ...(signal === undefined ? {} : { signal }),
      },
      alertsAnswer,
    )
  }

  /** The configuration in force, as YAML. */
  async configYaml(signal?: AbortSignal): Promise<string> {
    return (await this.status(signal)).config.original
  }

  async version(signal?: AbortSignal): Promise<string> {
    return (await this.status(signal)).versionInfo.version
  }

  private status(signal?: AbortSignal): Promise<z.output<typeof statusAnswer>> {
    return ask(
      {
        backend: 'alertmanager',
        url: `${this.url}/api/v2/status`,
        ...(signal === undefined ? {} : { signal }),
      },
      statusAnswer,
    )
  }
}
