import type { Loki } from '../../backends/loki.ts'
import type { Prometheus } from '../../backends/prometheus.ts'
import type { SignalproofConfig } from '../../config/config-schema.ts'
import type { CountKey } from '../../traffic/request-ledger.ts'

/** What the accounts of a load are read from, and how long each place may take to have everything. */
export interface AccountSources {
  readonly config: Pick<SignalproofConfig, 'apps' | 'metrics' | 'logs'>
  readonly prometheus: Pick<Prometheus, 'query' | 'samples' | 'targets'>
  readonly loki: Pick<Loki, 'query'>
  /** What an app says that it counted since it was started. */
  readonly countedBy: (app: string) => Promise<ReadonlyMap<CountKey, number>>
  /** An earlier moment at which the apps had counted this much, so that lines which are still on their way can be seen. */
  readonly earlier: {
    readonly atMs: number
    readonly counted: ReadonlyMap<string, ReadonlyMap<CountKey, number>>
  }
  readonly deadlines: AccountDeadlines
  readonly signal?: AbortSignal | undefined
}

/** Computed from the configuration in force. */
export interface AccountDeadlines {
  /** In this time every app and the ingress have been scraped once more. */
  readonly scrapedMs: number
  /** From an answer to its line in Loki. */
  readonly storedMs: number
}
