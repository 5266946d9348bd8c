import type { KeptLoad, KeptSeries } from './kept-load.ts'

export interface LoadChanges {
  readonly request?: Readonly<Record<string, unknown>>
  readonly p95?: number
  readonly errors?: number
  readonly route?: string
  readonly run?: Partial<KeptLoad>
}

/** A run of 1000 requests in 10 s to one route. */
export function keptLoad({ request, p95 = 20, errors = 0, route = '/v1', run }: LoadChanges = {}): KeptLoad {
  const answers = [
    { method: 'GET', route, status: 200, count: 1000 - errors },
    ...(errors === 0 ? [] : [{ method: 'GET', route, status: 500, count: errors }]),
  ]
  return {
    runId: 'r1',
    startedAt: '2026-11-25T20:00:00.000Z',
    environment: 'process',
    profile: 'fast',
    verdict: 'proven',
    digest: 'aaaa',
    set: [],
    components: [{ name: 'k6', version: '2.2.0' }],
    claims: [{ id: 'slo.objectives-held', verdict: 'proven' }],
    load: {
      request: { workload: 'steady', ratePerSecond: 100, ...request },
      generator: {
        window: { startedAt: 0, endedAt: 10_000 },
        iterations: 1000,
        dropped: 0,
        answers,
        latencyByRoute: { [route]: { p50: 10, p95, p99: 30, max: 90, mean: 12 } },
        cpu: { generatorSeconds: 2, generatorWaitedSeconds: 0, systemSeconds: { prometheus: 0.5 }, cores: 2 },
        invalidBecause: null,
      },
    },
    ...run,
  }
}

/** A series whose repeats differ in their 95th percentile. */
export const seriesOf = (name: string, runs: readonly KeptLoad[]): KeptSeries => ({
  name,
  folder: `/runs/${name}`,
  runs,
  leftOut: [],
})

export const repeatsWith = (p95s: readonly number[], changes: LoadChanges = {}): KeptLoad[] =>
  p95s.map((p95) => keptLoad({ ...changes, p95 }))
