import { type BurnRatePair, burnRatePairs } from './burn-rate-windows.ts'

/** One service level objective, as plain values, and the PromQL of its indicator. */
export interface Objective {
  /** Unique; the label `slo` of all its series. */
  readonly name: string
  readonly displayName: string
  readonly description: string
  /** The app; the label `service`. */
  readonly service: string
  readonly kind: 'availability' | 'latency'
  /** Share of events that have to be good, 0 to 1. */
  readonly target: number
  readonly periodMs: number
  /** Of a latency objective: a good event takes at most this long. */
  readonly thresholdSeconds?: number | undefined
  /** The guard against low traffic: no alert with fewer bad events than this in its long window. */
  readonly minimumFailures?: number | undefined
  /** Whether its alerts may page; its slow pairs are tickets anyway. */
  readonly pages: boolean
  /** Selector of the counters of all events. */
  readonly total: string
  /** Selector of the counters of bad events; exactly one of `bad` and `good` is there. */
  readonly bad?: string | undefined
  readonly good?: string | undefined
  /** File and line of a field of the document, or of the document itself. */
  readonly lineOf: (path: readonly PropertyKey[]) => string
}

/** The pairs whose alerts the objective has. */
export const pairsOf = ({ periodMs, pages }: Pick<Objective, 'periodMs' | 'pages'>): BurnRatePair[] =>
  burnRatePairs(periodMs).filter(({ severity }) => pages || severity !== 'page')

type Indicator = Pick<Objective, 'total' | 'bad' | 'good'>

/** Events a second, over a window such as `5m`. */
export const totalRate = (indicator: Indicator, window: string): string =>
  sumOf('rate', indicator.total, window)

/** Bad events a second. Without any series of bad events, but with events, it is 0 and not nothing. */
export const badRate = (indicator: Indicator, window: string): string => badEvents('rate', indicator, window)

/** Events in a window. */
export const totalIncrease = (indicator: Indicator, window: string): string =>
  sumOf('increase', indicator.total, window)

/** Bad events in a window. */
export const badIncrease = (indicator: Indicator, window: string): string =>
  badEvents('increase', indicator, window)

function badEvents(by: 'rate' | 'increase', { total, bad, good }: Indicator, window: string): string {
  const all = sumOf(by, total, window)
  if (bad !== undefined) return `(${sumOf(by, bad, window)} or 0 * ${all})`
  if (good !== undefined) return `(${all} - (${sumOf(by, good, window)} or 0 * ${all}))`
  throw new Error('an objective counts either bad or good events')
}

const sumOf = (by: 'rate' | 'increase', selector: string, window: string): string =>
  `sum(${by}(${selector}[${window}]))`
