import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../harness/core/temporary-folder-double.ts'
import { type LoadPair, orderOf, throughputOf } from './load-pairs.ts'
import { medianOf, writeLoad } from './load-text.ts'

const pairsOf = (ratios: readonly number[]): LoadPair[] =>
  ratios.map((ratio, index) => ({ first: orderOf(index)[0], plain: 1000, harness: 1000 * ratio, ratio }))

const write = (ratios: readonly number[]) =>
  writeLoad({ virtualUsers: 20, seconds: 15, pairs: pairsOf(ratios) })

test('the median decides: one bad pair does not, and most of them do', () => {
  expect(write([0.5, 0.98, 0.99, 1, 1.01])).toContain(
    'median of the ratios 0.990, from 0.50 to 1.01; goal >= 0.97: met',
  )
  expect(write([0.96, 0.96, 0.969, 1, 1.01])).toContain(
    'median of the ratios 0.969, from 0.96 to 1.01; goal >= 0.97: missed',
  )
})

test('fewer pairs than are needed, and none at all, are not judged', () => {
  expect(write([1, 1, 1, 1])).toContain('not judged: 4 pairs, and it takes 5')
  expect(write([])).toContain('not judged: 0 pairs')
})

test('each side goes first in every other pair', () => {
  expect([0, 1, 2, 3].map((index) => orderOf(index)[0])).toEqual(['plain', 'harness', 'plain', 'harness'])
})

test('the median of an even number of values is between the two in the middle', () => {
  expect(medianOf([4, 1, 2, 3])).toBe(2.5)
  expect(medianOf([3, 1, 2])).toBe(2)
})

test('throughput is by the clock of k6, and none without a request', () => {
  using folder = temporaryFolder({
    'some.json': '{"requests": 3000, "durationMs": 15000, "more": 1}',
    'none.json': '{"requests": 0, "durationMs": 15000}',
  })
  expect(throughputOf(join(folder.path, 'some.json'))).toBe(200)
  expect(() => throughputOf(join(folder.path, 'none.json'))).toThrow('requests')
})
