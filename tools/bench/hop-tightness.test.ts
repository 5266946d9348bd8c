import { describe, expect, test } from 'vitest'
import { judgeHop } from './hop-tightness.ts'

const trials = (largest: number, count = 24) =>
  Array.from({ length: count }, (_, index) => (largest * (index + 1)) / count)
const hop = (ms: readonly number[], worstCaseMs = 300) =>
  judgeHop({ name: 'stored', ms, worstCaseMs, deadlineMs: worstCaseMs + 250 })

describe("a hop's worst case", () => {
  test('is tight when the largest observation is a third of it', () => {
    expect(hop(trials(100))).toMatchObject({ judgement: 'tight', worstCaseByLargest: 3 })
  })

  test('is loose when no observation comes near it', () => {
    expect(hop(trials(99)).judgement).toBe('loose')
  })

  test('is loose when nothing was ever delayed', () => {
    expect(hop(Array.from({ length: 24 }, () => 0)).judgement).toBe('loose')
  })

  test('is argued where no setting delays the hop', () => {
    expect(hop(trials(20), 0)).toMatchObject({ judgement: 'argued', worstCaseByLargest: null })
  })

  test('is not judged by 19 trials', () => {
    expect(hop(trials(300, 19)).judgement).toBe('too few')
    expect(hop(trials(300, 20)).judgement).toBe('tight')
  })
})

test('observations above the worst case and above the deadline are counted apart', () => {
  expect(hop([299, 300, 301, 550, 551])).toMatchObject({ aboveWorstCase: 3, aboveDeadline: 1 })
})
