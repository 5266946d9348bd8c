import { z } from 'zod'
import { pause } from '../../core/eventually.ts'
import { send } from '../../core/http.ts'

/** Where a run stands. */
export interface LoadProgress {
  readonly elapsedMs: number
  readonly requests: number
  /** Since the last report. */
  readonly ratePerSecond: number
  /** Of all answers so far; null before it was asked for the first time. */
  readonly p95Ms: number | null
  /** The share of requests that failed so far: 0 to 1. */
  readonly failed: number
  readonly dropped: number
}

const metric = z.object({
  data: z.object({ attributes: z.object({ sample: z.record(z.string(), z.number()) }) }),
})

const reportEveryMs = 1000

/** k6 sorts every value it has for a percentile, and stops counting meanwhile: that may take a hundredth of the run. */
const costOfPercentile = 100

/**
 * Reports where a run stands once a second, as k6's REST address says it, until the signal. A look that fails is left out:
 * what is shown meanwhile decides nothing.
 */
export async function reportProgress(
  address: string,
  report: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now()
  let last = { at: startedAt, requests: 0 }
  let p95Ms: number | null = null
  let nextPercentileAt = startedAt
  while (!signal.aborted) {
    try {
      await pause(reportEveryMs, signal)
      const requests = (await sampleOf(address, 'http_reqs', signal))?.count
      if (requests === undefined) continue
      const at = performance.now()
      const failed = (await sampleOf(address, 'http_req_failed', signal))?.rate ?? 0
      const dropped = (await sampleOf(address, 'dropped_iterations', signal))?.count ?? 0
      if (at >= nextPercentileAt) {
        const askedAt = performance.now()
        p95Ms = (await sampleOf(address, 'http_req_duration', signal))?.['p(95)'] ?? null
        nextPercentileAt = askedAt + (performance.now() - askedAt) * costOfPercentile
      }
      const ratePerSecond = ((requests - last.requests) * 1000) / (at - last.at)
      last = { at, requests }
      report({ elapsedMs: at - startedAt, requests, ratePerSecond, p95Ms, failed, dropped })
    } catch {
      // Before k6 listens, and after it has gone.
    }
  }
}

/** @returns undefined while the metric has no value */
async function sampleOf(address: string, name: string, signal: AbortSignal) {
  const answer = await send({ backend: 'k6', url: `${address}/v1/metrics/${name}`, signal })
  return metric.safeParse(answer.data).data?.data.attributes.sample
}
