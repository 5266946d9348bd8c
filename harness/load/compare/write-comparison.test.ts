import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { compareRuns } from './compare-runs.ts'
import { keptLoad, repeatsWith, seriesOf } from './kept-load-doubles.ts'
import { writeComparison } from './write-comparison.ts'

const usual = [20, 21, 19, 20.5, 19.5]
const slower = repeatsWith(
  usual.map((value) => value + 4),
  { request: { ratePerSecond: 120 } },
)
const comparison = compareRuns(seriesOf('a', repeatsWith(usual)), seriesOf('b', slower))

const write = (of = comparison, columns = 120) => stripVTControlCharacters(writeComparison(of, columns))

test('it says what was set otherwise, what changed, in which range, and what is beyond the noise', () => {
  const text = write()
  expect(text).toContain('load.ratePerSecond: 100 → 120')
  expect(text).toMatch(/p95 +20\.0 ms +24\.0 ms +\+20\.0 % +\+\d\.\d\d … \+\d\.\d\d ms {2}beyond noise/)
  expect(text).toMatch(/p50 .*within noise/)
  expect(text).toContain('BEYOND THE NOISE: 1 of 11 figures: p95 of /v1.')
  expect(text.replace(/\s+/g, ' ')).toContain(
    'without any change, 0.6 of 11 figures would stand out by chance',
  )
})

test('without a change it says so', () => {
  const same = compareRuns(seriesOf('a', repeatsWith(usual)), seriesOf('b', repeatsWith(usual)))
  expect(write(same)).toContain('WITHIN THE NOISE: none of 11 figures')
  expect(write(same)).toContain('nothing was set otherwise')
})

test('with too few repeats it says how many there are and how many it takes', () => {
  const single = compareRuns(seriesOf('a', [keptLoad()]), seriesOf('b', [keptLoad({ p95: 99 })]))
  expect(write(single)).toContain('NOISE UNKNOWN: too few repeats: 1 and 1 of at least 5 each')
  expect(write(single)).not.toMatch(/(beyond|within) noise/)
})

test('a series of unlike runs is told from one that is too short', () => {
  const mixed = [...repeatsWith(usual), keptLoad({ request: { ratePerSecond: 50 } })]
  const text = write(compareRuns(seriesOf('a', mixed), seriesOf('b', repeatsWith(usual))))
  expect(text).toContain('its runs were not made alike')
  expect(text).toContain('NOISE UNKNOWN: the runs of one side were not made alike')
})

test.each([40, 60, 80, 120])('no line is wider than %i columns', (columns) => {
  expect(
    Math.max(
      ...write(comparison, columns)
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(columns)
})
