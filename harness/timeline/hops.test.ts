import { expect, test } from 'vitest'
import { allowanceMs } from './allowances.ts'
import {
  deliveryWorstCase,
  type HopInputs,
  type HopName,
  hopNames,
  hops,
  pathOf,
  worstCaseOf,
} from './hops.ts'
import { routeDouble, ruleDouble, timingsDouble } from './timing-doubles.ts'

const inputs = (changes: Partial<HopInputs> = {}): HopInputs => ({
  timings: timingsDouble([]),
  rule: ruleDouble(),
  route: routeDouble(),
  groupExists: false,
  ...changes,
})
const fast = (changes: Partial<HopInputs> = {}): HopInputs =>
  inputs({
    timings: timingsDouble([], { scrapeIntervalMs: 500, collectorPollMs: 50, collectorFlushMs: 50 }),
    rule: ruleDouble({ evaluationIntervalMs: 250, windowMs: 6_000 }),
    route: routeDouble({ groupWaitMs: 1_000, groupIntervalMs: 1_000 }),
    ...changes,
  })

test.each<[HopName, number, number]>([
  ['served', 0, 0],
  ['counted', 10_000, 500],
  ['logged', 0, 0],
  ['collected', 200, 50],
  ['stored', 300, 150],
  ['evaluated', 10_000, 250],
  ['firing', 0, 0],
  ['received', 0, 0],
  ['delivered', 30_000, 1_000],
  ['resolved', 370_000, 7_250],
])('%s takes at worst %d ms in production and %d ms in fast', (name, production, short) => {
  expect(worstCaseOf([name], inputs())).toMatchObject({
    worstCaseMs: production,
    deadlineMs: production + allowanceMs,
  })
  expect(worstCaseOf([name], fast())).toMatchObject({ worstCaseMs: short, deadlineMs: short + allowanceMs })
})

test.each([
  [0, 0],
  [1, 10_000],
  [10_000, 10_000],
  [10_001, 20_000],
  [60_000, 60_000],
])('`for: %d ms` lasts %d ms at an evaluation every 10 s', (forMs, lastsMs) => {
  expect(worstCaseOf(['firing'], inputs({ rule: ruleDouble({ forMs }) })).worstCaseMs).toBe(lastsMs)
})

test('a group that is there already waits for its interval instead of for group_wait', () => {
  expect(worstCaseOf(['delivered'], inputs({ groupExists: true }))).toMatchObject({
    worstCaseMs: 60_000,
    dominatedBy: { setting: 'group_interval', ms: 60_000 },
  })
})

test('an alert without a window is resolved after keep_firing_for, an evaluation and the group', () => {
  const rule = ruleDouble({ windowMs: null, keepFiringForMs: 360_000 })
  expect(worstCaseOf(['resolved'], inputs({ rule })).worstCaseMs).toBe(360_000 + 10_000 + 60_000)
})

test('a row of hops adds up, with one allowance a hop, and names the setting with the largest share', () => {
  expect(worstCaseOf(['collected', 'stored'], inputs())).toEqual({
    worstCaseMs: 500,
    deadlineMs: 500 + 2 * allowanceMs,
    dominatedBy: { setting: 'poll_interval', ms: 200 },
  })
  expect(worstCaseOf(['logged', 'received'], inputs()).dominatedBy).toEqual({ setting: 'nothing', ms: 0 })
})

test.each([
  ['logs', 200 + 300 + 10_000 + 30_000],
  ['metrics', 10_000 + 10_000 + 30_000],
] as const)('an alert on %s is delivered after %d ms at worst', (signal, worstCaseMs) => {
  expect(deliveryWorstCase(inputs({ rule: ruleDouble({ signal }) }))).toMatchObject({
    worstCaseMs,
    dominatedBy: { setting: 'group_wait', ms: 30_000 },
  })
})

test('the table has every hop once, in order, each from one before it, with its formula and source', () => {
  expect(hops.map(({ name }) => name)).toEqual([...hopNames])
  for (const { name, from, formula, source } of hops) {
    expect(hopNames.indexOf(from), name).toBeLessThanOrEqual(hopNames.indexOf(name))
    expect(formula, name).not.toBe('')
    expect(source, name).not.toBe('')
  }
})

test('the formula names every setting that the worst case is made of', () => {
  for (const { name, formula, terms } of hops) {
    for (const { setting } of [...terms(inputs()), ...terms(inputs({ groupExists: true }))]) {
      expect(formula.replaceAll('_', ' '), name).toContain(setting.replaceAll('_', ' '))
    }
  }
})

test('the path of a signal begins with what its rule reads and ends with the notification', () => {
  expect(pathOf.logs[0]).toBe('logged')
  expect(pathOf.metrics[0]).toBe('counted')
  for (const path of Object.values(pathOf)) {
    expect(path.at(-1)).toBe('delivered')
    expect([...path].sort((a, b) => hopNames.indexOf(a) - hopNames.indexOf(b))).toEqual(path)
  }
})
