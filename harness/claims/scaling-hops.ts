import { formatMs } from '../core/eventually.ts'
import type { WorkSample } from './pod-work.ts'
import type { ScalingSample } from './scaling-watch.ts'

/** How long an autoscaler took from the work of its pods to another ready pod, by what was seen of it. */

/** An autoscaler leaves a difference of a tenth alone: kube-controller-manager --horizontal-pod-autoscaler-tolerance, its default. */
const tolerance = 0.1

const actsAbove = (targetPercent: number): number => targetPercent * (1 + tolerance)

export interface ScalingHop {
  readonly name: string
  readonly at: number
  readonly ms: number
  readonly worstCaseMs: number
}

export type ScaleUp =
  | {
      readonly kind: 'scaled'
      readonly target: string
      readonly to: number
      readonly hops: readonly ScalingHop[]
    }
  /** It had no reason to, for so long that it had to see it. */
  | { readonly kind: 'not-asked'; readonly target: string; readonly why: string }
  | { readonly kind: 'missed'; readonly target: string; readonly why: string }
  /** It had less time until now than it may take: look again. */
  | { readonly kind: 'under-way'; readonly target: string; readonly why: string }

export interface WorstCases {
  /** From work that the autoscaler acts at to the metrics API that says so. */
  readonly metricMs: number
  /** Between two looks of the autoscaler. */
  readonly syncMs: number
  /** Until a new pod of the target is ready. */
  readonly startMs: number
  /** On top of each hop, for the work itself. */
  readonly allowanceMs: number
}

/**
 * What one autoscaler did.
 * @param samples its own, in order
 * @param work of the pods that it began with, by their own counters
 * @throws Error where there are no samples, or no work of an autoscaler that acted
 */
export function scaleUpIn(
  samples: readonly ScalingSample[],
  worst: WorstCases,
  work: readonly WorkSample[],
): ScaleUp {
  const [first] = samples
  if (first === undefined) throw new Error('expected samples of an autoscaler, seen: none')
  const { target, targetPercent, desired: before, maximum } = first
  const raised = samples.find(({ desired }) => desired > before)
  const limit = actsAbove(targetPercent)
  const over = stretchesAbove(
    limit,
    raised === undefined ? samples : samples.filter(({ at }) => at <= raised.at),
  )
  const longest = over.reduce((most, { from, to }) => Math.max(most, to - from), 0)
  if (raised === undefined) {
    if (before >= maximum) return { kind: 'not-asked', target, why: `it has its ${maximum} pods already` }
    if (longest > worst.syncMs + worst.allowanceMs) {
      return {
        kind: 'missed',
        target,
        why: `${target} was above ${limit.toFixed(0)} % for ${formatMs(longest)}, and its autoscaler, which looks every ${formatMs(worst.syncMs)}, did not act`,
      }
    }
    if ((samples.findLast(({ percent }) => percent !== null)?.percent ?? 0) > limit) {
      return {
        kind: 'under-way',
        target,
        why: `${target} is above ${limit.toFixed(0)} % since ${formatMs(longest)}, and its autoscaler looks every ${formatMs(worst.syncMs)}`,
      }
    }
    const highest = Math.max(0, ...samples.map(({ percent }) => percent ?? 0))
    return {
      kind: 'not-asked',
      target,
      why: `${target} came to ${highest.toFixed(0)} % of its request, and its autoscaler acts above ${limit.toFixed(0)} %`,
    }
  }
  // The autoscaler may have read the metric before it was seen here.
  const metricAt = over.at(-1)?.from ?? raised.at
  const seen = workBefore(metricAt, work, first)
  if ('why' in seen) {
    // Apps that have just started worked for that, and the metric tells of it later.
    const isFromBefore = metricAt - worst.metricMs - worst.allowanceMs < (work[0]?.at ?? metricAt)
    return isFromBefore
      ? { kind: 'not-asked', target, why: `${seen.why} since the load began: it may be of the time before` }
      : { kind: 'missed', target, why: seen.why }
  }
  const hops: ScalingHop[] = [
    {
      name: 'the metrics API says that it works above the limit',
      at: metricAt,
      ms: metricAt - seen.workedAt,
      worstCaseMs: worst.metricMs,
    },
    {
      name: 'the autoscaler asks for more',
      at: raised.at,
      ms: raised.at - metricAt,
      worstCaseMs: worst.syncMs,
    },
  ]
  const known = new Set(first.pods.map(({ name }) => name))
  const ready = samples.find(
    ({ at, pods }) => at >= raised.at && pods.some((pod) => pod.ready && !known.has(pod.name)),
  )
  if (ready === undefined) {
    const seenForMs = (samples.at(-1)?.at ?? raised.at) - raised.at
    return {
      kind: seenForMs > worst.startMs + worst.allowanceMs ? 'missed' : 'under-way',
      target,
      why: `no new pod of ${target} was ready in the ${formatMs(seenForMs)} after its autoscaler asked for ${raised.desired}`,
    }
  }
  hops.push({
    name: 'a new pod is ready',
    at: ready.at,
    ms: ready.at - raised.at,
    worstCaseMs: worst.startMs,
  })
  return { kind: 'scaled', target, to: raised.desired, hops }
}

/** A metric may be as far from the process' own count: it is taken over another time, and of all that runs in the container. */
const smallestPartOfMetric = 0.5

/** When the work began that the metric shows: the last time before it that the work came above the limit. */
function workBefore(
  metricAt: number,
  work: readonly WorkSample[],
  { target, targetPercent }: ScalingSample,
): { readonly workedAt: number } | { readonly why: string } {
  const until = work.filter(({ at }) => at <= metricAt)
  if (until.length === 0) throw new Error(`expected the CPU that ${target} used, seen: no sample of it`)
  const began = stretchesAbove(actsAbove(targetPercent), until).at(-1)
  if (began !== undefined) return { workedAt: began.from }
  const most = Math.max(...until.map(({ percent }) => percent))
  if (most >= targetPercent * smallestPartOfMetric) return { workedAt: metricAt }
  return {
    why: `the metrics API says that ${target} is above ${actsAbove(targetPercent).toFixed(0)} %, and by its own count it never used more than ${most.toFixed(0)} %`,
  }
}

/** Hops that took longer than they may, in words. */
export const lateHops = (hops: readonly ScalingHop[], allowanceMs: number): string[] =>
  hops.flatMap(({ name, ms, worstCaseMs }) =>
    ms <= worstCaseMs + allowanceMs
      ? []
      : [
          `${name} after ${formatMs(ms)}, and may take ${formatMs(worstCaseMs)} and ${formatMs(allowanceMs)} of allowance`,
        ],
  )

export const describeHops = (hops: readonly ScalingHop[]): string =>
  hops
    .map(({ name, ms, worstCaseMs }) => `${name} after ${formatMs(ms)} of ${formatMs(worstCaseMs)}`)
    .join(', ')

/** The times in which every sample was above the limit. */
function stretchesAbove(
  limit: number,
  samples: readonly { readonly at: number; readonly percent: number | null }[],
): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = []
  let isOver = false
  for (const { at, percent } of samples) {
    const last = stretches.at(-1)
    if (percent !== null && percent > limit) {
      if (isOver && last !== undefined) last.to = at
      else stretches.push({ from: at, to: at })
      isOver = true
    } else if (percent !== null) isOver = false
  }
  return stretches
}
