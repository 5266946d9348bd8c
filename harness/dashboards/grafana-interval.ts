/**
 * How Grafana comes from a time range and a width to a step: its table of round intervals and its notation. The facts
 * are those of `roundInterval` and `intervalToMs` in packages/grafana-data/src/datetime/rangeutil.ts and of `FormatInterval`
 * in its Go SDK's backend/gtime.
 */

/** Below `belowMs` an interval is rounded to `toMs`. */
const roundTable: readonly (readonly [belowMs: number, toMs: number])[] = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1_500, 1_000],
  [3_500, 2_000],
  [7_500, 5_000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, 60_000],
  [210_000, 120_000],
  [450_000, 300_000],
  [750_000, 600_000],
  [1_050_000, 900_000],
  [1_500_000, 1_200_000],
  [2_700_000, 1_800_000],
  [5_400_000, 3_600_000],
  [9_000_000, 7_200_000],
  [16_200_000, 10_800_000],
  [32_400_000, 21_600_000],
  [86_400_000, 43_200_000],
  [604_800_000, 86_400_000],
  [1_814_400_000, 604_800_000],
  [3_628_800_000, 2_592_000_000],
]
const longestMs = 31_536_000_000

export function roundIntervalMs(intervalMs: number): number {
  return roundTable.find(([belowMs]) => intervalMs < belowMs)?.[1] ?? longestMs
}

/** The interval of a panel: what the range has for each point, rounded, and never below `leastMs`. */
export function panelIntervalMs(rangeMs: number, maxDataPoints: number, leastMs: number): number {
  return Math.max(leastMs, roundIntervalMs(rangeMs / maxDataPoints))
}

const unitsMs = {
  y: 31_536_000_000,
  M: 2_592_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
} as const

/** A number without a unit is seconds; `>10s` is the older notation of a least interval. Null where the text is no interval. */
export function parseIntervalMs(text: string): number | null {
  const parts = /^\s*>?\s*(\d+(?:\.\d+)?)\s*(ms|[yMwdhms])?\s*$/.exec(text)
  if (parts === null) return null
  const unit = (parts[2] ?? 's') as keyof typeof unitsMs
  return Number(parts[1]) * unitsMs[unit]
}

/** One unit only, and what is over is cut: 90 s are `1m`. */
export function formatInterval(ms: number): string {
  for (const unit of ['y', 'd', 'h', 'm', 's', 'ms'] as const) {
    if (ms >= unitsMs[unit]) return `${Math.floor(ms / unitsMs[unit])}${unit}`
  }
  return '1ms'
}

/** Go's notation, which Prometheus' `$__rate_interval` is written in: `2m15s`, `1h0m0s`. */
export function formatGoDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`
  const seconds = (ms % 60_000) / 1_000
  const minutes = Math.floor(ms / 60_000) % 60
  const hours = Math.floor(ms / 3_600_000)
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}
