/** How hard the processes of an app's pods worked, by their own counters of CPU: what the metrics API says is held against it. */

/** At one scrape: percent of what a pod requests, over the time before it. */
export interface WorkSample {
  /** Epoch ms. */
  readonly at: number
  readonly percent: number
}

export interface CpuSeries {
  /** Of `process_cpu_seconds_total`, in order. */
  readonly samples: readonly { readonly atMs: number; readonly value: number }[]
}

/**
 * The mean over the pods, each over the `windowMs` before a scrape, as the metrics API means it: a difference of a counter by
 * a time. A pod counts from its first whole window on.
 */
export function workOf(
  series: readonly CpuSeries[],
  { requestedCores, windowMs }: { readonly requestedCores: number; readonly windowMs: number },
): WorkSample[] {
  const perPod = series.map(({ samples }) =>
    samples.flatMap(({ atMs, value }) => {
      const before = samples.findLast((earlier) => earlier.atMs <= atMs - windowMs)
      if (before === undefined || value < before.value) return []
      const cores = (value - before.value) / ((atMs - before.atMs) / 1000)
      return [{ at: atMs, percent: (100 * cores) / requestedCores }]
    }),
  )
  const moments = perPod
    .flat()
    .map(({ at }) => at)
    .toSorted((a, b) => a - b)
  return moments.map((at) => {
    const now = perPod.flatMap((own) => own.findLast((sample) => sample.at <= at) ?? [])
    return { at, percent: now.reduce((sum, { percent }) => sum + percent, 0) / now.length }
  })
}
