import { expect, test } from 'vitest'
import { compareRuns, type FigureChange } from './compare-runs.ts'
import { keptLoad, repeatsWith, seriesOf } from './kept-load-doubles.ts'

const usual = [20, 21, 19, 20.5, 19.5]
const compare = (
  before: Parameters<typeof seriesOf>[1],
  after: Parameters<typeof seriesOf>[1],
): ReturnType<typeof compareRuns> => compareRuns(seriesOf('a', before), seriesOf('b', after))

const beyond = (figures: readonly FigureChange[]) =>
  figures.filter(({ verdict }) => verdict === 'beyond noise').map(({ name }) => name)

test('a change that is larger than what repeats differ by is beyond the noise, and only that one', () => {
  const { figures, enoughRepeats } = compare(repeatsWith(usual), repeatsWith(usual.map((value) => value + 4)))
  expect(enoughRepeats).toBe(true)
  expect(beyond(figures)).toEqual(['p95'])
  expect(figures.find(({ name }) => name === 'p95')).toMatchObject({ route: '/v1', before: 20, after: 24 })
})

test('a change as large as repeats differ by is within it', () => {
  const { figures } = compare(repeatsWith(usual), repeatsWith(usual.map((value) => value + 0.3)))
  expect(beyond(figures)).toEqual([])
  expect(figures.find(({ name }) => name === 'p95')?.verdict).toBe('within noise')
})

test('errors that only one side has stand out by rate of all and of the route', () => {
  const { figures, settings } = compare(
    repeatsWith(usual),
    repeatsWith(usual, { errors: 160, request: { faults: ['status=500@16%'] } }),
  )
  expect(beyond(figures)).toEqual(['errors', 'errors'])
  expect(settings).toEqual([{ name: 'load.faults', before: null, after: 'status=500@16%' }])
})

test('with too few repeats on one side the change is shown and nothing is said of noise', () => {
  const { enoughRepeats, figures } = compare(repeatsWith(usual), repeatsWith([40, 41, 42, 43]))
  expect(enoughRepeats).toBe(false)
  expect(new Set(figures.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']))
  expect(figures.find(({ name }) => name === 'p95')).toMatchObject({
    before: 20,
    after: 41.5,
    interval: null,
  })
})

test('repeats that were not made alike show no noise', () => {
  const mixed = [...repeatsWith([20, 20, 20, 20]), keptLoad({ request: { ratePerSecond: 50 } })]
  const { enoughRepeats, before, figures } = compare(mixed, repeatsWith(usual))
  expect(enoughRepeats).toBe(false)
  expect(before.unlike).toEqual([{ name: 'load.ratePerSecond', before: '100', after: '50' }])
  expect(new Set(figures.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']))
})

test('a route that only one side has is listed without a verdict', () => {
  const { figures } = compare(repeatsWith(usual), repeatsWith(usual, { route: '/v2' }))
  expect(figures.find(({ route, name }) => route === '/v2' && name === 'p95')).toMatchObject({
    before: null,
    after: 20,
    verdict: 'unknown',
  })
})

test('what was set otherwise is listed: configuration, --set, versions, cores, whether signals were proven', () => {
  const after = keptLoad({
    run: {
      digest: 'bbbb',
      set: ['prometheus:global.scrape_interval=5s'],
      components: [{ name: 'k6', version: '2.3.0' }],
      unproven: true,
    },
  })
  expect(compare([keptLoad()], [after]).settings).toEqual([
    { name: 'set', before: 'nothing', after: 'prometheus:global.scrape_interval=5s' },
    { name: 'configuration', before: 'aaaa', after: 'bbbb' },
    { name: 'signals', before: 'proven', after: 'not proven' },
    { name: 'version of k6', before: '2.2.0', after: '2.3.0' },
  ])
})
