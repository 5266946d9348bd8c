import { expect, test } from 'vitest'
import type { RouteDurations, ServerLatency } from './accounts/server-latency.ts'
import { explainLatency } from './latency-gap.ts'
import type { LatencyFigures } from './load-figures.ts'

const client = [{ app: 'api', method: 'GET', route: '/v1', status: 200, count: 100 }]

/** 100 requests: 90 of up to 10 ms, 9 of up to 100 ms, one that took longer; 15 ms on average. */
const durations: RouteDurations = {
  app: 'api',
  method: 'GET',
  route: '/v1',
  count: 100,
  sumSeconds: 1.5,
  buckets: [
    { leSeconds: 0.005, count: 0 },
    { leSeconds: 0.01, count: 90 },
    { leSeconds: 0.1, count: 99 },
    { leSeconds: null, count: 100 },
  ],
}

const server = (changes: Partial<ServerLatency> = {}): ServerLatency => ({
  routes: [durations],
  ingress: [{ app: 'api', count: 100, sumSeconds: 1.6 }],
  ...changes,
})

const figures = (changes: Partial<LatencyFigures> = {}) => ({
  '/v1': { p50: 9, p95: 70, p99: 101, max: 200, mean: 17, ...changes },
})

test('the gap is told by quantile and on average, and how much of it lies behind the ingress', () => {
  const { routes, behindIngress, alarms } = explainLatency(client, figures(), server())
  expect(alarms).toEqual([])
  expect(routes).toMatchObject([
    { clientRequests: 100, serverRequests: 100, meanMs: { client: 17, app: 15 } },
  ])
  const [p50, p95, p99] = routes[0]?.quantiles ?? []
  // The 50th of 90 in 5 to 10 ms; the 5th of 9 in 10 to 100 ms.
  expect(p50).toMatchObject({ bucketMs: [5, 10], serverMs: expect.closeTo(5 + (5 * 50) / 90) })
  expect(p95).toMatchObject({ bucketMs: [10, 100], serverMs: expect.closeTo(60), gapMs: expect.closeTo(10) })
  expect(p99).toMatchObject({ bucketMs: [10, 100], serverMs: expect.closeTo(100) })
  expect(behindIngress).toEqual([
    {
      app: 'api',
      requests: 100,
      ingressMs: expect.closeTo(16),
      appMs: expect.closeTo(15),
      gapMs: expect.closeTo(1),
    },
  ])
})

test('a client that waited less than the app took, by more than a bucket is wide, is an alarm', () => {
  const slow = {
    ...durations,
    buckets: [
      { leSeconds: 0.005, count: 0 },
      { leSeconds: 0.25, count: 0 },
      { leSeconds: 0.3, count: 100 },
      { leSeconds: null, count: 100 },
    ],
  }
  const { alarms } = explainLatency(client, figures({ p50: 199 }), server({ routes: [slow] }))
  expect(alarms[0]).toBe(
    "api GET /v1: the client's p50 is 199.0 ms, but the app took more than 250.0 ms for it: that is more than the width of the bucket, 50.0 ms, apart",
  )
  const within = figures({ p50: 201, p95: 240, p99: 250 })
  expect(explainLatency(client, within, server({ routes: [slow] })).alarms).toEqual([])
})

test('slow requests that only other apps sent are not held against the client', () => {
  // Of 200, the client sent the 100 that took up to 10 ms.
  const shared = {
    ...durations,
    count: 200,
    buckets: [
      { leSeconds: 0.01, count: 100 },
      { leSeconds: 1, count: 100 },
      { leSeconds: 2, count: 200 },
      { leSeconds: null, count: 200 },
    ],
  }
  const quick = figures({ p50: 5, p95: 9, p99: 10 })
  expect(explainLatency(client, quick, server({ routes: [shared] })).alarms).toEqual([])
})

test('an ingress that waited less than the app took is an alarm', () => {
  const ingress = [{ app: 'api', count: 100, sumSeconds: 0.1 }]
  const narrow = {
    ...durations,
    buckets: [
      { leSeconds: 0.014, count: 50 },
      { leSeconds: 0.016, count: 99 },
      { leSeconds: null, count: 100 },
    ],
  }
  const { alarms } = explainLatency(client, figures(), server({ ingress, routes: [narrow] }))
  expect(alarms).toEqual(['api: on average the ingress waited 1.0 ms for an app that took 15.0 ms'])
})

test('a route without figures, and a load without answers, explain nothing', () => {
  expect(explainLatency(client, {}, server()).alarms).toEqual(['api GET /v1: the client has no time of it'])
  expect(explainLatency(client, figures(), server({ routes: [] })).alarms).toEqual([
    'api GET /v1: the app has no time of it',
  ])
  expect(explainLatency([], figures(), server()).alarms).toEqual([
    'the client got no answer, so that nothing can be explained',
  ])
})

test('a value beyond the last edge has no upper end', () => {
  const { routes } = explainLatency(
    client,
    figures(),
    server({
      routes: [
        {
          ...durations,
          buckets: [
            { leSeconds: 0.01, count: 10 },
            { leSeconds: null, count: 100 },
          ],
        },
      ],
    }),
  )
  expect(routes[0]?.quantiles[0]).toMatchObject({ bucketMs: [10, null], serverMs: 10 })
})
