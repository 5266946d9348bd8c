/** What a number was over all of its observations; percentiles are observed values (nearest rank), never mixtures. */
export interface Spread {
  readonly count: number
  readonly min: number
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** @throws RangeError without a value: nothing observed has no spread */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('expected at least one observation; seen none')
  const sorted = [...values].sort((a, b) => a - b)
  const rank = (share: number): number => sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] as number
  return { count: sorted.length, min: rank(0), p50: rank(0.5), p95: rank(0.95), max: rank(1) }
}

/** How many of `parts` equal parts of an interval hold one of the moments: evidence that they were spread over it. */
export function partsCovered(moments: readonly number[], intervalMs: number, parts: number): number {
  return new Set(moments.map((at) => Math.floor(((at % intervalMs) / intervalMs) * parts))).size
}
