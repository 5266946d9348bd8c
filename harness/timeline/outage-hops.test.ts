import { expect, test } from 'vitest'
import { allowanceMs } from './allowances.ts'
import { outageHopNames, outageHops, outageWorstCase } from './outage-hops.ts'
import { routeDouble, ruleDouble, timingsDouble } from './timing-doubles.ts'

const logs = ruleDouble({ forMs: 15_000 })
const metrics = ruleDouble({
  alert: 'TargetDown',
  signal: 'metrics',
  windowMs: null,
  keepFiringForMs: 60_000,
})
const inputsOf = (rule = metrics) => ({ timings: timingsDouble([rule]), rule, route: routeDouble() })

test('every hop has one formula and says where it is from', () => {
  expect(outageHops.map(({ name }) => name)).toEqual(outageHopNames)
  for (const { formula, source } of outageHops) {
    expect(formula).not.toBe('')
    expect(source).not.toBe('')
  }
})

test('an alert on metrics is noticed after a scrape that times out, and an evaluation', () => {
  const { worstCaseMs, deadlineMs } = outageWorstCase('noticed', inputsOf())
  expect(worstCaseMs).toBe(30_000 + 10_000 + 10_000)
  expect(deadlineMs).toBe(worstCaseMs + allowanceMs)
})

test('an alert on lines is noticed when the last of them has arrived and left the window', () => {
  expect(outageWorstCase('noticed', inputsOf(logs)).worstCaseMs).toBe(200 + 100 + 200 + 300_000 + 10_000)
})

test('`for` lasts whole evaluations, and a group waits for the longer of its times', () => {
  expect(outageWorstCase('firing', inputsOf(logs)).worstCaseMs).toBe(20_000)
  expect(outageWorstCase('delivered', inputsOf()).worstCaseMs).toBe(60_000)
  const waits = { ...inputsOf(), route: routeDouble({ groupWaitMs: 90_000 }) }
  expect(outageWorstCase('delivered', waits).worstCaseMs).toBe(90_000)
})

test('an alert is cleared after keep_firing_for and the next interval of its group', () => {
  expect(outageWorstCase('cleared', inputsOf()).worstCaseMs).toBe(30_000 + 10_000 + 60_000 + 10_000 + 60_000)
})

test('what one outage adds is added to noticing and clearing', () => {
  const later = [{ setting: 'discovery pause', ms: 5_000 }]
  const plain = inputsOf()
  const slow = { ...plain, noticedLater: later, clearedLater: later }
  for (const name of ['noticed', 'cleared'] as const) {
    expect(outageWorstCase(name, slow).worstCaseMs - outageWorstCase(name, plain).worstCaseMs).toBe(5_000)
  }
})
