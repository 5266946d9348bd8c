import type { CountedAnswer } from './accounts/account-figures.ts'
import type { AppDurations, RouteDurations, ServerLatency } from './accounts/server-latency.ts'
import type { LatencyFigures } from './load-figures.ts'

/**
 * What a client waits for beyond the time that the app says it took: the network, the ingress and every queue on the way.
 * It cannot be less than nothing, but for what a histogram leaves open: which value within a bucket it was.
 */
export interface LatencyGap {
  readonly app: string
  readonly method: string
  readonly route: string
  readonly clientRequests: number
  /** Those that other apps sent as well are in the app's histogram. */
  readonly serverRequests: number
  readonly quantiles: readonly QuantileGap[]
  readonly meanMs: { readonly client: number; readonly app: number }
}

export interface QuantileGap {
  readonly quantile: number
  readonly clientMs: number
  /** Interpolated in its bucket, as histogram_quantile() of Prometheus does it. */
  readonly serverMs: number
  /** The bucket: the server's value lies above the first and is at most the second, which the last bucket has none of. */
  readonly bucketMs: readonly [above: number, atMost: number | null]
  readonly gapMs: number
}

/** The mean time between two places, over every request of an app, caused ones included. */
export interface IngressGap {
  readonly app: string
  readonly requests: number
  readonly ingressMs: number
  readonly appMs: number
  readonly gapMs: number
}

export interface ExplainedLatency {
  readonly routes: readonly LatencyGap[]
  /** How much of the gap lies behind the ingress: between it and the app. */
  readonly behindIngress: readonly IngressGap[]
  /** What cannot be, in words: somebody's clock, histogram or routing lies. */
  readonly alarms: readonly string[]
}

const quantiles = [
  [0.5, 'p50'],
  [0.95, 'p95'],
  [0.99, 'p99'],
] as const

/** @param client the client's answers by app, with which `latencyByRoute` is told apart */
export function explainLatency(
  client: readonly CountedAnswer[],
  latencyByRoute: Readonly<Record<string, LatencyFigures>>,
  server: ServerLatency,
): ExplainedLatency {
  const asked = Map.groupBy(
    client.filter(({ count, status }) => count > 0 && status !== 0),
    ({ app, method, route }) => JSON.stringify([app, method, route]),
  )
  const found = [...asked].map(([key, answers]): { gap?: LatencyGap; alarms: string[] } => {
    const [app = '', method = '', route = ''] = JSON.parse(key) as string[]
    const figures = latencyByRoute[route]
    const durations = server.routes.find(
      (one) => one.app === app && one.method === method && one.route === route,
    )
    const what = `${app} ${method} ${route}`
    if (figures === undefined || durations === undefined || durations.count === 0) {
      return { alarms: [`${what}: ${figures === undefined ? 'the client' : 'the app'} has no time of it`] }
    }
    const clientRequests = answers.reduce((sum, { count }) => sum + count, 0)
    const meanMs = { client: figures.mean, app: (durations.sumSeconds * 1000) / durations.count }
    return {
      gap: {
        app,
        method,
        route,
        clientRequests,
        serverRequests: durations.count,
        quantiles: quantiles.map(([quantile, name]) => quantileGap(quantile, figures[name], durations)),
        meanMs,
      },
      alarms: quantiles.flatMap(([quantile, name]) =>
        impossible(what, name, figures[name], leastPossible(quantile, clientRequests, durations)),
      ),
    }
  })
  const behindIngress = server.ingress.flatMap((one) => gapBehind(one, server.routes))
  return {
    routes: found.flatMap(({ gap }) => (gap === undefined ? [] : [gap])),
    behindIngress: behindIngress.map(({ widthMs: _, ...gap }) => gap),
    alarms: [
      ...(asked.size === 0 ? ['the client got no answer, so that nothing can be explained'] : []),
      ...found.flatMap(({ alarms }) => alarms),
      ...behindIngress.flatMap(({ app, ingressMs, appMs, gapMs, widthMs }) =>
        gapMs < -widthMs
          ? [`${app}: on average the ingress waited ${ms(ingressMs)} for an app that took ${ms(appMs)}`]
          : [],
      ),
    ],
  }
}

interface Bucket {
  readonly aboveMs: number
  readonly atMostMs: number | null
  readonly widthMs: number
  readonly countBefore: number
  readonly count: number
}

/** The bucket in which the value of a rank lies, counted from 1. */
function bucketOfRank(rank: number, { buckets }: Pick<RouteDurations, 'buckets'>): Bucket {
  const index = Math.max(
    0,
    buckets.findIndex(({ count }) => count >= rank),
  )
  const aboveMs = index === 0 ? 0 : (buckets[index - 1]?.leSeconds ?? 0) * 1000
  const edge = buckets[index]?.leSeconds
  const atMostMs = edge === null || edge === undefined ? null : edge * 1000
  const countBefore = buckets[index - 1]?.count ?? 0
  return {
    aboveMs,
    atMostMs,
    // The last bucket has no end: what lies in it is at least as far off as its begin.
    widthMs: (atMostMs ?? 2 * aboveMs) - aboveMs,
    countBefore,
    count: (buckets[index]?.count ?? 0) - countBefore,
  }
}

function quantileGap(quantile: number, clientMs: number, durations: RouteDurations): QuantileGap {
  const rank = quantile * durations.count
  const { aboveMs, atMostMs, widthMs, countBefore, count } = bucketOfRank(rank, durations)
  const serverMs =
    atMostMs === null || count === 0 ? aboveMs : aboveMs + (widthMs * (rank - countBefore)) / count
  return { quantile, clientMs, serverMs, bucketMs: [aboveMs, atMostMs], gapMs: clientMs - serverMs }
}

/**
 * The bucket below whose begin the client's quantile cannot lie: of any n requests out of the app's, the one of rank r took
 * at least as long as that of rank r out of all. An interpolated quantile lies above rank ⌊q(n − 1)⌋ + 1.
 */
const leastPossible = (quantile: number, clientRequests: number, durations: RouteDurations): Bucket =>
  bucketOfRank(Math.floor(quantile * (clientRequests - 1)) + 1, durations)

/** An app may note the end of an answer a little after the client has it; a bucket's width is more than that. */
const impossible = (what: string, name: string, clientMs: number, { aboveMs, widthMs }: Bucket): string[] =>
  clientMs < aboveMs - widthMs
    ? [
        `${what}: the client's ${name} is ${ms(clientMs)}, but the app took more than ${ms(aboveMs)} for it: that is more than the width of the bucket, ${ms(widthMs)}, apart`,
      ]
    : []

function gapBehind(
  { app, count, sumSeconds }: AppDurations,
  routes: readonly RouteDurations[],
): (IngressGap & { widthMs: number })[] {
  const ofApp = routes.filter((route) => route.app === app)
  const requests = ofApp.reduce((sum, route) => sum + route.count, 0)
  if (requests === 0) return []
  const ingressMs = (sumSeconds * 1000) / count
  const appMs = (ofApp.reduce((sum, route) => sum + route.sumSeconds, 0) * 1000) / requests
  const edges = (ofApp[0]?.buckets ?? []).map(
    ({ leSeconds }) => (leSeconds ?? Number.POSITIVE_INFINITY) * 1000,
  )
  const upper = edges.find((edge) => edge >= appMs) ?? 2 * appMs
  const lower = edges.findLast((edge) => edge < appMs) ?? 0
  const widthMs = (Number.isFinite(upper) ? upper : 2 * lower) - lower
  return [{ app, requests, ingressMs, appMs, gapMs: ingressMs - appMs, widthMs }]
}

const ms = (value: number): string => `${value.toFixed(1)} ms`
