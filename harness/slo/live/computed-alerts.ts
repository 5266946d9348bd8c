import { type BurnRatePair, thresholdOf } from '../burn-rate-windows.ts'
import { failuresAmong, requestsAfter, type SteadyTraffic } from './whole-requests.ts'

/** When a pair of windows has to fire and to fall silent again, computed from its definition and not by PromQL. */

export interface BurnRateLimits {
  readonly target: number
  /** So many failures the long window has to hold, or the alert stays silent; 0 without this guard. */
  readonly minimumFailures: number
}

/**
 * From the first error to the alert, ms, where errors begin after a long window without any and go on: the long window
 * holds `e · t / long` of failures after t, and the guard's failures have come after `failures / (e · rate)`.
 * @returns null where it never fires
 */
export function computedOnsetMs(
  pair: BurnRatePair,
  { target, minimumFailures }: BurnRateLimits,
  { ratePerSecond, errorRatio }: SteadyTraffic,
): number | null {
  const threshold = thresholdOf(pair, target)
  const failuresPerMs = (errorRatio * ratePerSecond) / 1000
  if (errorRatio <= threshold || failuresPerMs * pair.longMs < minimumFailures) return null
  return Math.max((threshold / errorRatio) * pair.longMs, minimumFailures / failuresPerMs)
}

/**
 * From the last error to the end of the alert, ms, where errors have filled the long window: the short window is down to
 * the threshold after `short · (1 - threshold / e)`, unless the guard's failures have left the long window before.
 */
export function computedResetMs(
  pair: BurnRatePair,
  { target, minimumFailures }: BurnRateLimits,
  { ratePerSecond, errorRatio }: SteadyTraffic,
): number {
  const threshold = thresholdOf(pair, target)
  return Math.min(
    pair.shortMs * (1 - threshold / errorRatio),
    pair.longMs - (minimumFailures / (errorRatio * ratePerSecond)) * 1000,
  )
}

/** Whether a pair fires; `either` where it hangs on the moment of a scrape among whole requests. */
export type Firing = 'fires' | 'silent' | 'either'

export interface ErrorPhase {
  readonly scrapeMs: number
  /** How long errors go on. */
  readonly errorsMs: number
}

/** Scrapes and requests may stand to the first error in any way; so many ways of each are tried. */
const phases = Array.from({ length: 10 }, (_, index) => (index + 0.5) / 10)

/** Counts whole requests at every scrape and judges the windows by these counts, for many phases of scrapes and requests. */
export function countedFiring(
  pair: BurnRatePair,
  limits: BurnRateLimits,
  traffic: SteadyTraffic,
  phase: ErrorPhase,
): Firing {
  const fired = phases.flatMap((scrapeAt) =>
    phases.map((requestAt) => firingScrapes(pair, limits, traffic, { ...phase, scrapeAt, requestAt })),
  )
  // Where a single evaluation decides, one that a busy machine leaves out would decide otherwise.
  if (fired.every((scrapes) => scrapes > 1)) return 'fires'
  return fired.some(Boolean) ? 'either' : 'silent'
}

/** At how many scrapes the alert is there. */
function firingScrapes(
  pair: BurnRatePair,
  { target, minimumFailures }: BurnRateLimits,
  { ratePerSecond, errorRatio }: SteadyTraffic,
  { scrapeMs, errorsMs, scrapeAt, requestAt }: ErrorPhase & { scrapeAt: number; requestAt: number },
): number {
  let firing = 0
  const threshold = thresholdOf(pair, target)
  const counted = (scrape: number) => {
    const seconds = ((scrape + scrapeAt) * scrapeMs) / 1000
    const requests = requestsAfter(ratePerSecond, seconds + requestAt / ratePerSecond)
    return { requests, failures: failuresAmong(errorRatio, Math.max(0, requests)) }
  }
  // The samples of a window lie one interval closer together than the window is long.
  const within = (scrape: number, windowMs: number) => {
    const [from, to] = [counted(scrape - windowMs / scrapeMs + 1), counted(scrape)]
    return { requests: to.requests - from.requests, failures: to.failures - from.failures }
  }
  const isOver = ({ requests, failures }: { requests: number; failures: number }) =>
    requests > 0 && failures / requests > threshold
  const reach = pair.longMs / (pair.longMs - scrapeMs)
  for (let scrape = 0; (scrape + scrapeAt) * scrapeMs <= errorsMs; scrape += 1) {
    const long = within(scrape, pair.longMs)
    if (long.failures * reach >= minimumFailures && isOver(long) && isOver(within(scrape, pair.shortMs)))
      firing += 1
  }
  return firing
}
