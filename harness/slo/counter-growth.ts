/**
 * Prometheus' `rate` and `increase` of one counter that is scraped evenly from time 0 and never resets, in the same steps
 * of floating-point arithmetic: `extrapolatedRate` in promql/functions.go of prometheus/prometheus 3.16. The range is open
 * at its start and closed at its end.
 */
export interface CounterScrapes {
  readonly everyMs: number
  /** The counter at 0, at `everyMs` and so on. */
  readonly values: readonly number[]
}

/** Growth within the range that ends at `atMs`; undefined where it holds fewer than two scrapes. */
export function increase(
  { everyMs, values }: CounterScrapes,
  atMs: number,
  rangeMs: number,
): number | undefined {
  const grown = extrapolated({ everyMs, values }, atMs, rangeMs)
  return grown === undefined ? undefined : grown.delta * grown.factor
}

/** Growth a second. */
export function rate({ everyMs, values }: CounterScrapes, atMs: number, rangeMs: number): number | undefined {
  const grown = extrapolated({ everyMs, values }, atMs, rangeMs)
  return grown === undefined ? undefined : grown.delta * (grown.factor / (rangeMs / 1000))
}

function extrapolated({ everyMs, values }: CounterScrapes, atMs: number, rangeMs: number) {
  const first = Math.max(0, Math.floor((atMs - rangeMs) / everyMs) + 1)
  const last = Math.min(values.length - 1, Math.floor(atMs / everyMs))
  if (last <= first) return undefined
  const [start = Number.NaN, end = Number.NaN] = [values[first], values[last]]
  const delta = end - start
  const sampled = ((last - first) * everyMs) / 1000
  const average = sampled / (last - first)
  const reach = (gap: number) => (gap >= average * 1.1 ? average / 2 : gap)
  let toStart = reach((first * everyMs - (atMs - rangeMs)) / 1000)
  // Not beyond the moment at which the counter would have been 0.
  if (delta > 0) toStart = Math.min(toStart, sampled * (start / delta))
  const toEnd = reach((atMs - last * everyMs) / 1000)
  return { delta, factor: (sampled + toStart + toEnd) / sampled }
}
