import { expect, test } from 'vitest'
import type { DeliveryPromise } from '../config/config-schema.ts'
import { judgePromises, leakyInhibitions, ratioThreshold, undeliverableAlerts } from './judgements.ts'
import type { RuleTimings } from './pipeline-timings.ts'
import { routeDouble, ruleDouble, timingsDouble } from './timing-doubles.ts'

const judged = (rule: Partial<RuleTimings>, groupWaitMs = 30_000): string[] =>
  undeliverableAlerts(timingsDouble([ruleDouble(rule)], { route: routeDouble({ groupWaitMs }) }))

test.each([
  // window, for, evaluation interval, group_wait: the first is exactly what is needed, and one more is enough.
  [40_000, 0, 10_000, 30_000],
  [100_000, 60_000, 10_000, 30_000],
  [100_000, 51_000, 10_000, 30_000],
  [20_000, 10_000, 10_000, 0],
  [1_500, 250, 250, 1_000],
])(
  'a window of %d ms is broken and one ms more is fine, at for %d, interval %d, group_wait %d',
  (windowMs, forMs, evaluationIntervalMs, groupWaitMs) => {
    expect(judged({ windowMs, forMs, evaluationIntervalMs }, groupWaitMs)).toHaveLength(1)
    expect(judged({ windowMs: windowMs + 1, forMs, evaluationIntervalMs }, groupWaitMs)).toEqual([])
  },
)

test('every alert on a window is judged by window − ceil(for / E) · E > group_wait + E', () => {
  const seconds = [0, 1, 9, 10, 11, 30, 60, 290, 300]
  for (const forS of seconds) {
    for (const waitS of seconds) {
      for (const everyS of [1, 7, 10, 60]) {
        const delivered = 300 - Math.ceil(forS / everyS) * everyS > waitS + everyS
        const verdict = judged({ forMs: forS * 1000, evaluationIntervalMs: everyS * 1000 }, waitS * 1000)
        expect(verdict.length, `for ${forS} s, group_wait ${waitS} s, interval ${everyS} s`).toBe(
          delivered ? 0 : 1,
        )
      }
    }
  }
})

test('names `for: 1h` as the dominating setting, with what is left and what is needed', () => {
  expect(judged({ forMs: 3_600_000 })).toEqual([
    'LogsErrorBurst → ticket: a burst keeps it true for its window of 5 m, of which 0 ms are left to fire; ' +
      'group_wait + evaluation interval need more than 40.0 s. The dominating setting is `for: 1h`',
  ])
})

test.each([
  ['group_wait: 10m', {}, 600_000],
  ['evaluation interval: 10m', { evaluationIntervalMs: 600_000 }, 30_000],
  ['for: 4m30s', { forMs: 270_000 }, 30_000],
])('names `%s` where that makes the largest part', (setting, rule, groupWaitMs) => {
  expect(judged(rule, groupWaitMs)).toEqual([
    expect.stringContaining(`The dominating setting is \`${setting}\``),
  ])
})

test('keep_firing_for delivers what would be gone too early, but not what never fires', () => {
  expect(judged({ windowMs: 30_000 })).toHaveLength(1)
  expect(judged({ windowMs: 30_000, keepFiringForMs: 60_000 })).toEqual([])
  expect(judged({ windowMs: 120_000, forMs: 300_000, keepFiringForMs: 3_600_000 })).toHaveLength(1)
  expect(judged({ windowMs: 20_000, forMs: 10_000, keepFiringForMs: 3_600_000 })).toHaveLength(1)
})

test('an alert that looks at the present moment is not judged by a window', () => {
  expect(judged({ windowMs: null, forMs: 3_600_000 })).toEqual([])
})

test.each([
  ['max_over_time(up[65s]) == 0', []],
  ['sum_over_time(probe_success{job="x"}[5m]) == 0', []],
  ['max_over_time(up[65s]) > 0', ['LogsErrorBurst']],
  ['a > 0 or max_over_time(up[65s]) == 0', ['LogsErrorBurst']],
])('%s: what holds while nothing is seen does not end with its window', (expr, blamed) => {
  expect(judged({ expr, windowMs: 65_000, forMs: 60_000 }).map((line) => line.split(' ')[0])).toEqual(blamed)
})

const promise: DeliveryPromise = {
  id: 'ticket',
  alert: 'LogsErrorBurst',
  deliveredWithinMs: { production: 40_500, fast: 40_499 },
}

test('a promise of exactly the worst case is kept, and one ms less is not', () => {
  const timings = timingsDouble([ruleDouble()])
  const judgement = {
    id: 'ticket',
    alert: 'LogsErrorBurst',
    worstCaseMs: 40_500,
    dominatedBy: 'group_wait (30.0 s)',
  }
  expect(judgePromises([promise], 'production', timings)).toEqual([
    { ...judgement, profile: 'production', promisedMs: 40_500, kept: true },
  ])
  expect(judgePromises([promise], 'fast', timings)).toEqual([
    { ...judgement, profile: 'fast', promisedMs: 40_499, kept: false },
  ])
})

test('a promise about an alert that nobody raises is refused', () => {
  expect(() => judgePromises([promise], 'fast', timingsDouble([ruleDouble({ alert: 'Other' })]))).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      account: expect.objectContaining({
        expected: 'a rule that raises LogsErrorBurst',
        seen: 'rules for Other',
      }),
    }),
  )
})

const pair = (page: Partial<RuleTimings>, groupWaitMs = 20_000): string[] => {
  const pageRule = ruleDouble({
    alert: 'Page',
    signal: 'metrics',
    windowMs: 120_000,
    keepFiringForMs: 310_000,
    ...page,
  })
  const timings = timingsDouble([pageRule, ruleDouble()], { route: routeDouble({ groupWaitMs }) })
  return leakyInhibitions(timings, 'Page', 'LogsErrorBurst')
}

test('a page that arrives just when its ticket would go out, and clears just when that is over, covers it', () => {
  expect(pair({})).toEqual([])
})

test('a page that may arrive a moment too late is named with what it needs', () => {
  expect(pair({}, 19_999)).toEqual([
    'Page needs up to 20.0 s to arrive (ratio crossed, scrape, evaluation, for), but LogsErrorBurst waits only 20.0 s (group_wait)',
  ])
  expect(pair({ forMs: 1 }, 29_999)).toHaveLength(1)
  expect(pair({ forMs: 1 }, 30_000)).toEqual([])
})

test('a page on a ratio arrives later by the share of its window that the ratio is', () => {
  const expr = 'rate(errors[2m]) / rate(all[2m]) > 0.10 and rate(all[2m]) > 1'
  expect(pair({ expr }, 31_999)).toHaveLength(1)
  expect(pair({ expr }, 32_000)).toEqual([])
})

test.each([
  ['a / b > 0.10 and c > 1', 0.1],
  ['c > 1 and a / b >= 0.25', 0.25],
  ['a > 5', null],
  ['a / b > 1.5', null],
  ['up == 0', null],
])('the ratio that `%s` compares with is %s', (expr, ratio) => {
  expect(ratioThreshold(expr)).toBe(ratio)
})

test('a page that may clear before its ticket is over is named with what is missing', () => {
  expect(pair({ keepFiringForMs: 309_999 })).toEqual([
    'Page may clear 5 m 10 s after the last error (keep_firing_for), but LogsErrorBurst lasts up to 5 m 10 s (window, evaluation)',
  ])
})
