import type { AccountSources } from './account-sources.ts'
import { type CounterGrowth, type GrowthWindow, growthSince } from './counter-growth.ts'
import { appOfService, routerDuration } from './ingress-counts.ts'

/** How long the apps and the ingress took during a load, as Prometheus has their histograms. */
export interface ServerLatency {
  readonly routes: readonly RouteDurations[]
  /** Sums over all routes of an app; the ingress knows no routes. */
  readonly ingress: readonly AppDurations[]
}

export interface RouteDurations {
  readonly app: string
  readonly method: string
  readonly route: string
  readonly count: number
  readonly sumSeconds: number
  /** Cumulative, in the order of their edges; the last one has none, which is null. */
  readonly buckets: readonly { readonly leSeconds: number | null; readonly count: number }[]
}

export interface AppDurations {
  readonly app: string
  readonly count: number
  readonly sumSeconds: number
}

/** Routes without a request in that time are left out. */
export async function readServerLatency(
  { prometheus, config }: Pick<AccountSources, 'prometheus' | 'config'>,
  window: GrowthWindow,
): Promise<ServerLatency> {
  const selector = `{namespace="${config.logs.namespace}"}`
  const name = config.metrics.durationHistogram
  const of = (metric: string) => growthSince(prometheus, metric, window)
  const [buckets, sums, counts, ingressSums, ingressCounts] = await Promise.all([
    of(`${name}_bucket${selector}`),
    of(`${name}_sum${selector}`),
    of(`${name}_count${selector}`),
    of(`${routerDuration}_sum`),
    of(`${routerDuration}_count`),
  ])
  const routes = byKind(counts, routeOf).flatMap(({ kind, grown }) => {
    const count = totalOf(grown)
    const isHere = ({ labels }: CounterGrowth) => routeOf(labels) === kind
    const [app = '', method = '', route = ''] = JSON.parse(kind) as string[]
    return count === 0
      ? []
      : [
          {
            app,
            method,
            route,
            count,
            sumSeconds: totalOf(sums.filter(isHere)),
            buckets: edges(buckets.filter(isHere)),
          },
        ]
  })
  const appOf = (labels: CounterGrowth['labels']) => appOfService(labels.service ?? '', config.apps)
  const ingress = config.apps.flatMap(({ name: app }) => {
    const isHere = ({ labels }: CounterGrowth) => appOf(labels) === app
    const count = totalOf(ingressCounts.filter(isHere))
    return count === 0 ? [] : [{ app, count, sumSeconds: totalOf(ingressSums.filter(isHere)) }]
  })
  return { routes, ingress }
}

const routeOf = ({ app, method, route }: CounterGrowth['labels']): string =>
  JSON.stringify([app ?? '', method ?? '', route ?? ''])

const totalOf = (grown: readonly CounterGrowth[]): number =>
  grown.reduce((sum, { growth }) => sum + growth, 0)

const byKind = (grown: readonly CounterGrowth[], kindOf: (labels: CounterGrowth['labels']) => string) =>
  [...Map.groupBy(grown, ({ labels }) => kindOf(labels))].map(([kind, alike]) => ({ kind, grown: alike }))

function edges(grown: readonly CounterGrowth[]): RouteDurations['buckets'] {
  const edgeOf = (le: string): number => Number(le.replace('+Inf', 'Infinity'))
  return byKind(grown, ({ le }) => le ?? '')
    .map(({ kind, grown: alike }) => ({ edge: edgeOf(kind), count: totalOf(alike) }))
    .sort((a, b) => a.edge - b.edge)
    .map(({ edge, count }) => ({ leSeconds: Number.isFinite(edge) ? edge : null, count }))
}
