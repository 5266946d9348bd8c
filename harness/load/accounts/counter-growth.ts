import type { Prometheus } from '../../backends/prometheus.ts'

/** One counter's growth, with its labels. */
export interface CounterGrowth {
  readonly labels: Readonly<Record<string, string>>
  readonly growth: number
}

/**
 * What counters grew by from one moment to another, exactly: by their stored samples, since `increase()` estimates. A counter that was
 * not there before began at 0, one that fell was started again.
 * @param reachBackMs time before the moment in which every counter was scraped at least once
 */
export async function growthSince(
  prometheus: Pick<Prometheus, 'samples'>,
  selector: string,
  { sinceMs, nowMs, reachBackMs, signal }: GrowthWindow,
): Promise<CounterGrowth[]> {
  // Until that moment and no longer: others may send requests again by now.
  const series = await prometheus.samples(selector, nowMs - sinceMs + reachBackMs, { atMs: nowMs, signal })
  return series.map(({ labels, samples }) => {
    let last = samples.findLast(({ atMs }) => atMs <= sinceMs)?.value ?? 0
    let growth = 0
    for (const { value } of samples.filter(({ atMs }) => atMs > sinceMs)) {
      growth += value >= last ? value - last : value
      last = value
    }
    return { labels, growth }
  })
}

export interface GrowthWindow {
  readonly sinceMs: number
  readonly nowMs: number
  readonly reachBackMs: number
  readonly signal?: AbortSignal | undefined
}
