import type { WatchedApp } from '../../config/config-schema.ts'
import { epochMs } from '../../core/clock.ts'
import { countKey } from '../../traffic/request-ledger.ts'
import type { AccountSources } from './account-sources.ts'

/** An app that answers `GET /v1`, an ingress, Prometheus and Loki, each with a count that a test moves as it likes. */
export interface StackDouble {
  /** What each place has counted of `GET /v1 200`. */
  readonly counts: { ingress: number; app: number; prometheus: number; loki: number }
  /** Targets are scraped at every look; without it they never are again. */
  scraped: boolean
  /** Called at the begin of each look. */
  onLook: () => void
  readonly sources: AccountSources
}

const app: WatchedApp = {
  name: 'api',
  namespace: 'apps',
  good: [{ method: 'GET', path: '/v1?a=b', route: '/v1', status: 200, causes: [] }],
  otherAnswers: [],
  faultStatuses: [],
}

export const routeDouble = { app: 'api', method: 'GET', route: '/v1', path: '/v1?a=b' }

export const answersDouble = (count: number) => [{ method: 'GET', route: '/v1', status: 200, count }]

/** It has a history of 5 requests that everybody has counted. */
export function stackDouble(deadlines = { scrapedMs: 300, storedMs: 150 }): StackDouble {
  const bornAt = epochMs()
  const labels = { app: 'api', method: 'GET', route: '/v1', status: '200' }
  // Each count is a sample of now, which is after the moment at which accounts were opened, and of 5 from before.
  const seriesOf = (count: number, more: Record<string, string>) => [
    {
      labels: { ...labels, ...more },
      samples: [
        { atMs: bornAt, value: 5 },
        { atMs: epochMs() + 2, value: count },
      ],
    },
  ]
  const target = { job: 'apps', instance: 'a:1', pod: 'api-0' }
  const stack: StackDouble = {
    counts: { ingress: 5, app: 5, prometheus: 5, loki: 5 },
    scraped: true,
    onLook: () => {},
    sources: {
      config: {
        apps: [app],
        metrics: { requestsCounter: 'requests_total', durationHistogram: 'seconds' },
        logs: {
          namespace: 'apps',
          streamLabels: [],
          fields: { status: 'status', route: 'route', requestId: 'id', method: 'method' },
        },
      },
      prometheus: {
        targets: async () => [{ labels: target }] as never,
        query: async (query) => [
          { labels: target, atMs: epochMs(), value: query.startsWith('timestamp') ? scrapedAt() / 1000 : 1 },
        ],
        samples: async (selector) => {
          if (selector.startsWith('requests_total')) return seriesOf(stack.counts.prometheus, {})
          if (selector.startsWith('traefik_router_requests'))
            return seriesOf(stack.counts.ingress, { service: 'api@file', code: '200' })
          return []
        },
      },
      loki: { query: async () => [{ labels, value: stack.counts.loki - lokiBefore() }] },
      countedBy: async () => {
        stack.onLook()
        return new Map([[countKey('GET', '/v1', 200), stack.counts.app]])
      },
      earlier: { atMs: bornAt - 1, counted: new Map() },
      deadlines,
    },
  }
  const scrapedAt = () => (stack.scraped ? epochMs() + 1 : bornAt)
  // Loki answers for the window that is asked for: until something is counted that is the history.
  const lokiBefore = () => (stack.counts.app === 5 && stack.counts.loki === 5 ? 0 : 5)
  return stack
}
