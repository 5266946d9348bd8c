import { expect, test } from 'vitest'
import { readServerLatency } from './server-latency.ts'
import { stackDouble } from './stack-double.ts'

/** One answer of `samples` a selector: label sets with what each grew by after the moment 100. */
function prometheusWith(
  series: Readonly<Record<string, readonly (readonly [Record<string, string>, number])[]>>,
) {
  const { sources } = stackDouble()
  return {
    config: sources.config,
    prometheus: {
      ...sources.prometheus,
      samples: async (selector: string) =>
        (series[selector] ?? []).map(([labels, value]) => ({ labels, samples: [{ atMs: 150, value }] })),
    },
  }
}

const window = { sinceMs: 100, nowMs: 200, reachBackMs: 50 }
const route = { app: 'api', method: 'GET', route: '/v1' }

test('histograms of all pods of an app are summed, with their edges in order', async () => {
  const bucket = (pod: string, le: string, value: number) => [{ ...route, pod, le }, value] as const
  const sources = prometheusWith({
    'seconds_bucket{namespace="apps"}': [
      bucket('a', '+Inf', 5),
      bucket('a', '0.5', 4),
      bucket('a', '0.05', 1),
      bucket('b', '0.05', 2),
      bucket('b', '0.5', 2),
      bucket('b', '+Inf', 2),
    ],
    'seconds_sum{namespace="apps"}': [
      [{ ...route, pod: 'a' }, 1.5],
      [{ ...route, pod: 'b' }, 0.25],
    ],
    'seconds_count{namespace="apps"}': [
      [{ ...route, pod: 'a' }, 5],
      [{ ...route, pod: 'b' }, 2],
      [{ ...route, route: '/never' }, 0],
    ],
    traefik_router_request_duration_seconds_sum: [
      [{ service: 'api@file', code: '200' }, 1.75],
      [{ service: 'api@file', code: '500' }, 0.25],
      [{ service: 'other@file', code: '200' }, 9],
    ],
    traefik_router_request_duration_seconds_count: [
      [{ service: 'api@file', code: '200' }, 6],
      [{ service: 'api@file', code: '500' }, 1],
      [{ service: 'other@file', code: '200' }, 9],
    ],
  })
  expect(await readServerLatency(sources, window)).toEqual({
    routes: [
      {
        ...route,
        count: 7,
        sumSeconds: 1.75,
        buckets: [
          { leSeconds: 0.05, count: 3 },
          { leSeconds: 0.5, count: 6 },
          { leSeconds: null, count: 7 },
        ],
      },
    ],
    ingress: [{ app: 'api', count: 7, sumSeconds: 2 }],
  })
})

test('what was not asked has no duration', async () => {
  expect(await readServerLatency(prometheusWith({}), window)).toEqual({ routes: [], ingress: [] })
})
