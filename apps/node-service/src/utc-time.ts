/** Epoch milliseconds with a fraction, from the monotonic clock. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}

/** RFC 3339 in UTC with microseconds. */
export function utcText(epochMs: number): string {
  const micros = Math.floor((epochMs % 1000) * 1000)
  return `${new Date(epochMs).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}
