/** Prometheus' duration notation (`1h30m`, `500ms`), as Prometheus, Loki and Alertmanager read it. */

const unitsMs = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
} as const
const order = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const
const pattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/** Milliseconds of a duration, or null where the text is none. Go's fractional form (`1.5s`, `1m0s`) is read too: live configurations answer in it. */
export function parseDurationMs(text: string): number | null {
  if (text === '0') return 0
  const parts = pattern.exec(text)
  if (parts !== null && text !== '') {
    return order.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unitsMs[unit], 0)
  }
  const go = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)]
  if (go.length === 0 || go.map(([whole]) => whole).join('') !== text) return null
  const goUnitsMs: Record<string, number> = {
    h: 3_600_000,
    m: 60_000,
    s: 1000,
    ms: 1,
    us: 0.001,
    µs: 0.001,
    ns: 0.000001,
  }
  return go.reduce((sum, [, amount, unit]) => sum + Number(amount) * (goUnitsMs[unit ?? ''] ?? 0), 0)
}

/** The shortest notation of whole milliseconds; the inverse of `parseDurationMs`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  const units = ['d', 'h', 'm', 's', 'ms'] as const
  let left = Math.round(ms)
  let text = ''
  for (const unit of units) {
    const amount = Math.floor(left / unitsMs[unit])
    if (amount > 0) text += `${amount}${unit}`
    left -= amount * unitsMs[unit]
  }
  return text
}
