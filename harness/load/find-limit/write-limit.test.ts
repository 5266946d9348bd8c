import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Limit } from './search-limit.ts'
import { writeLimit } from './write-limit.ts'

const attempts: Limit['attempts'] = [
  { ratePerSecond: 50, trial: { kind: 'kept' } },
  { ratePerSecond: 100, trial: { kind: 'missed', objectives: 'latency of frontend: 4 % of 1 %' } },
  { ratePerSecond: 75, trial: { kind: 'invalid', because: 'k6 dropped 3 iterations' } },
]

const write = (limit: Partial<Limit>, columns = 120): string =>
  stripVTControlCharacters(
    writeLimit(
      { kind: 'found', kept: 50, above: 55, gap: 0.1, why: 'both ends were tried twice', attempts, ...limit },
      columns,
    ),
  )

test('every run is listed with what it said, and the ends with how far apart they are', () => {
  const text = write({})
  expect(text).toContain('     50/s  kept\n    100/s  missed: latency of frontend: 4 % of 1 %\n')
  expect(text).toContain('invalid: k6 dropped 3 iterations')
  expect(text).toContain('LIMIT: the objectives are kept at 50/s, not at 55/s, 10 % apart; it lies between')
  expect(text).toContain('Both ends were tried twice.')
})

test.each([
  [{ kind: 'above', above: null, gap: null }, 'LIMIT ABOVE 50/s: '],
  [{ kind: 'below', kept: null, above: 1, gap: null }, 'LIMIT BELOW 1/s: '],
  [
    { kind: 'unsure', kept: null, above: null, gap: null },
    'LIMIT NOT FOUND after 3 runs: no rate is known to be kept',
  ],
] as const)('%j', (limit, words) => {
  expect(write(limit)).toContain(words)
})

test.each([40, 80])('no line is wider than %i columns', (columns) => {
  const widths = write({}, columns)
    .split('\n')
    .map((line) => line.length)
  expect(Math.max(...widths)).toBeLessThanOrEqual(columns)
})
