/** Traffic as whole requests by a clock: what is counted at a moment follows from the rate alone, so that a ratio is exact. */

export interface SteadyTraffic {
  readonly ratePerSecond: number
  /** The part of all requests that fails, 0 to 1. */
  readonly errorRatio: number
}

/** A product that is whole but for its last binary digit is taken as whole. */
const roundingError = 1e-9

/** Requests since the beginning, of which there is none at 0 s. */
export const requestsAfter = (ratePerSecond: number, seconds: number): number =>
  Math.floor(ratePerSecond * seconds + roundingError)

/** Failures among the first so many requests: evenly spread, never more than the ratio allows. */
export const failuresAmong = (errorRatio: number, requests: number): number =>
  Math.floor(errorRatio * requests + roundingError)
