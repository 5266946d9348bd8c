/** A point of a series: epoch ms, and null where there is no value. */
type Point = readonly [atMs: number, value: number | null]

/**
 * At most about `most` points that look the same: of each stretch of time its lowest and highest value in their order, so that no
 * peak is lost, and a gap where there was one.
 */
export function decimated(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points]
  // Two values and a gap at most are kept of each.
  const stretches = Math.max(1, Math.floor(most / 3))
  const size = points.length / stretches
  return Array.from({ length: stretches }, (_, index) =>
    extremes(points.slice(Math.floor(index * size), Math.floor((index + 1) * size))),
  ).flat()
}

function extremes(points: readonly Point[]): Point[] {
  let [low, high]: [Point | undefined, Point | undefined] = [undefined, undefined]
  for (const point of points) {
    const value = point[1]
    if (value === null || !Number.isFinite(value)) continue
    if (low?.[1] == null || value < low[1]) low = point
    if (high?.[1] == null || value > high[1]) high = point
  }
  const gap = points.find(([, value]) => value === null)
  const kept = new Set([low, high, gap].filter((point) => point !== undefined))
  return points.filter((point) => kept.has(point))
}
