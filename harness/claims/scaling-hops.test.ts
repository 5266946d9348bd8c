import { expect, test } from 'vitest'
import type { WorkSample } from './pod-work.ts'
import { describeHops, scaleUpIn as judge, lateHops, type WorstCases } from './scaling-hops.ts'
import type { ScalingSample } from './scaling-watch.ts'

const worst: WorstCases = { metricMs: 30_000, syncMs: 15_000, startMs: 60_000, allowanceMs: 2_000 }

/** One sample a second: `[percent, desired, pods that are ready]`. */
const samples = (...looks: readonly (readonly [number | null, number, number])[]): ScalingSample[] =>
  looks.map(([percent, desired, ready], second) => ({
    at: second * 1000,
    target: 'api',
    minimum: 1,
    maximum: 3,
    targetPercent: 80,
    percent,
    desired,
    pods: Array.from({ length: ready }, (_, n) => ({ name: `api-${n}`, ready: true, told: false })),
  }))

/** Work above the limit from the begin on. */
const busy: readonly WorkSample[] = [
  { at: -1000, percent: 20 },
  { at: 0, percent: 95 },
]
const scaleUpIn = (own: readonly ScalingSample[], limits: WorstCases, work = busy) => judge(own, limits, work)

const times = (count: number, look: readonly [number | null, number, number]) => Array(count).fill(look)

test('each hop from the metric to a ready pod has its time', () => {
  const up = scaleUpIn(samples([20, 1, 1], [95, 1, 1], [96, 1, 1], [96, 2, 1], [90, 2, 1], [50, 2, 2]), worst)
  expect(up).toMatchObject({
    kind: 'scaled',
    target: 'api',
    to: 2,
    hops: [
      { name: 'the metrics API says that it works above the limit', ms: 1000, worstCaseMs: 30_000 },
      { name: 'the autoscaler asks for more', ms: 2000, worstCaseMs: 15_000 },
      { name: 'a new pod is ready', ms: 2000, worstCaseMs: 60_000 },
    ],
  })
  const hops = up.kind === 'scaled' ? up.hops : []
  expect(lateHops(hops, 0)).toEqual([])
  expect(describeHops(hops)).toBe(
    'the metrics API says that it works above the limit after 1.0 s of 30.0 s, the autoscaler asks for more after 2.0 s of 15.0 s, a new pod is ready after 2.0 s of 60.0 s',
  )
})

test('a hop that took longer than it may is named', () => {
  const up = scaleUpIn(samples(...times(20, [95, 1, 1]), [95, 2, 1], [95, 2, 2]), worst)
  expect(lateHops(up.kind === 'scaled' ? up.hops : [], 2_000)).toEqual([
    'the autoscaler asks for more after 20.0 s, and may take 15.0 s and 2.0 s of allowance',
  ])
})

test('a metrics API that is late is named, and so is one that says what nobody did', () => {
  const late = samples(...times(40, [20, 1, 1]), [95, 1, 1], [95, 2, 1], [95, 2, 2])
  const up = scaleUpIn(late, worst)
  expect(lateHops(up.kind === 'scaled' ? up.hops : [], 2_000)).toEqual([
    'the metrics API says that it works above the limit after 40.0 s, and may take 30.0 s and 2.0 s of allowance',
  ])
  const again = [...busy, { at: 20_000, percent: 50 }, { at: 30_000, percent: 90 }]
  const since = scaleUpIn(late, worst, again)
  expect(since.kind === 'scaled' ? since.hops[0]?.ms : undefined, 'by its last work').toBe(10_000)
  expect(scaleUpIn(late, worst, [{ at: 0, percent: 12 }])).toEqual({
    kind: 'missed',
    target: 'api',
    why: 'the metrics API says that api is above 88 %, and by its own count it never used more than 12 %',
  })
  expect(scaleUpIn(late, worst, [{ at: 0, percent: 84 }])).toMatchObject({ kind: 'scaled' })
  expect(() => scaleUpIn(late, worst, [])).toThrow('expected the CPU that api used, seen: no sample')
})

test('a metric that may be of the start of the apps, before their work was watched, blames nobody', () => {
  const soon = samples(...times(31, [20, 1, 1]), [95, 1, 1], [95, 2, 1], [95, 2, 2])
  expect(scaleUpIn(soon, worst, [{ at: 0, percent: 12 }])).toEqual({
    kind: 'not-asked',
    target: 'api',
    why: 'the metrics API says that api is above 88 %, and by its own count it never used more than 12 % since the load began: it may be of the time before',
  })
  const watchedLonger = [{ at: -5_000, percent: 12 }]
  expect(scaleUpIn(soon, worst, watchedLonger)).toMatchObject({ kind: 'missed' })
  expect(scaleUpIn(soon, worst)).toMatchObject({ kind: 'scaled' })
})

test('a load that stays below what the autoscaler acts at has asked for nothing', () => {
  expect(scaleUpIn(samples([20, 1, 1], ...times(30, [87, 1, 1])), worst)).toEqual({
    kind: 'not-asked',
    target: 'api',
    why: 'api came to 87 % of its request, and its autoscaler acts above 88 %',
  })
})

test('above it for less than the autoscaler takes to look is no reason either; above it for longer is', () => {
  expect(scaleUpIn(samples(...times(10, [95, 1, 1]), [50, 1, 1]), worst).kind).toBe('not-asked')
  expect(scaleUpIn(samples(...times(11, [95, 1, 1]), [null, 1, 1]), worst)).toEqual({
    kind: 'under-way',
    target: 'api',
    why: 'api is above 88 % since 10.0 s, and its autoscaler looks every 15.0 s',
  })
  expect(scaleUpIn(samples(...times(19, [95, 1, 1])), worst)).toEqual({
    kind: 'missed',
    target: 'api',
    why: 'api was above 88 % for 18.0 s, and its autoscaler, which looks every 15.0 s, did not act',
  })
})

test('more pods that were asked for are missed once they had their time, and not before', () => {
  const after = (seconds: number) => samples([95, 1, 1], ...times(seconds + 1, [95, 2, 1]))
  const words = (seconds: number) =>
    `no new pod of api was ready in the ${seconds}.0 s after its autoscaler asked for 2`
  expect(scaleUpIn(after(62), worst)).toMatchObject({ kind: 'under-way' })
  expect(scaleUpIn(after(1), worst)).toEqual({ kind: 'under-way', target: 'api', why: words(1) })
  expect(scaleUpIn(after(63), worst)).toMatchObject({ kind: 'missed', why: words(63) })
})

test('an autoscaler that is at its limit is asked for nothing, and one that nobody saw is an error', () => {
  expect(scaleUpIn(samples(...times(30, [95, 3, 3])), worst)).toMatchObject({ kind: 'not-asked' })
  expect(() => scaleUpIn([], worst)).toThrow('seen: none')
})
