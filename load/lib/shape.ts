import type { Scenario } from 'k6/options'

/** How the rate of a workload goes, and how many requests that makes. */

/** The rate goes to `share` of the highest one in a straight line, within `part` of the whole time; 0 jumps. */
export interface Stage {
  readonly share: number
  readonly part: number
}

export interface Shape {
  /** The share of the highest rate that it begins at. */
  readonly begin: number
  readonly stages: readonly Stage[]
}

export const constant: Shape = { begin: 1, stages: [{ share: 1, part: 1 }] }

interface Extent {
  readonly ratePerSecond: number
  readonly durationSeconds: number
  readonly maxVirtualUsers: number | undefined
}

/** Longer than any request may take, so that none is cut off while it waits for its answer. */
export const requestTimeoutSeconds = 10
const gracefulStopSeconds = requestTimeoutSeconds + 5

/** k6 takes whole numbers for rates: per ten seconds they are exact to a tenth of a request a second. */
const unitSeconds = 10

const iterationsPerUnit = (ratePerSecond: number): number =>
  Math.max(1, Math.round(ratePerSecond * unitSeconds))

/** The open model: requests start by the clock, however long the ones before them take. */
export function arrivals(shape: Shape, extent: Extent): Scenario {
  const { ratePerSecond, durationSeconds } = extent
  const most = extent.maxVirtualUsers ?? Math.ceil(ratePerSecond * 2) + 10
  const perUnit = (share: number) => iterationsPerUnit(ratePerSecond * share)
  const common = {
    timeUnit: `${unitSeconds}s`,
    preAllocatedVUs: Math.min(most, Math.ceil(ratePerSecond / 4) + 5),
    maxVUs: most,
    gracefulStop: `${gracefulStopSeconds}s`,
  }
  if (shape === constant)
    return {
      executor: 'constant-arrival-rate',
      rate: perUnit(1),
      duration: `${Math.round(durationSeconds * 1000)}ms`,
      ...common,
    }
  return {
    executor: 'ramping-arrival-rate',
    startRate: perUnit(shape.begin),
    stages: shape.stages.map(({ share, part }) => ({
      target: perUnit(share),
      duration: `${Math.round(durationSeconds * part * 1000)}ms`,
    })),
    ...common,
  }
}

/** The area below the line of the rate as k6 is told it: what a generator sends that keeps up. */
export function plannedIterations(shape: Shape, { ratePerSecond, durationSeconds }: Extent): number {
  const rateAt = (share: number) => iterationsPerUnit(ratePerSecond * share) / unitSeconds
  let from = rateAt(shape.begin)
  let sum = 0
  for (const { share, part } of shape.stages) {
    const to = rateAt(share)
    sum += ((from + to) / 2) * part
    from = to
  }
  return sum * durationSeconds
}
