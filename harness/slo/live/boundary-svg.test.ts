import { expect, test } from 'vitest'
import { burnRatePairs, compressed } from '../burn-rate-windows.ts'
import { boundarySvg } from './boundary-svg.ts'
import { sweepCases } from './burn-cases.ts'
import { judgeBurn } from './judge-burn.ts'

const pairs = burnRatePairs(30 * 86_400_000).map(compressed)
const limits = { target: 0.99, minimumFailures: 10 }

test('a panel for each pair has a mark for each service, a curve, and a ring around what is not as computed', () => {
  const cases = sweepCases(pairs, limits)
  const { results } = judgeBurn(cases, pairs, limits, {
    histories: [],
    errorsFromMs: 0,
    errorsToMs: 64_000,
    scrapeMs: 1000,
    evaluationMs: 1000,
  })
  const svg = boundarySvg({ sweep: results, ...limits }, pairs)
  const inLegend = 1
  expect(svg.match(/class="silent"/g)).toHaveLength(pairs.length * cases.length + inLegend)
  expect(svg.match(/class="curve"/g)).toHaveLength(pairs.length + inLegend)
  const wrong = results.flatMap((each) => each.pairs).filter(({ expected }) => expected === 'fires')
  expect(wrong.length).toBeGreaterThan(50)
  expect(svg.match(/class="wrong"/g)).toHaveLength(wrong.length + inLegend)
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
})
