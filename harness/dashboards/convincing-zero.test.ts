import { expect, test } from 'vitest'
import { lokiDouble } from './datasource-double.ts'
import type { PanelFault } from './panel-faults.ts'
import { runDashboards } from './run-dashboards.ts'
import {
  dashboard,
  designed,
  lokiAt,
  one,
  panel,
  range,
  run,
  series,
  stored,
  streams,
} from './small-run-double.ts'

/** A value that did not move although its cause did: it is read before, during and after. */

/** Four of the thirteen points of the range, at a step of 5 s. */
const fault = (more: object = {}): PanelFault => ({
  name: 'errors in go',
  fromMs: 1_020_000,
  toMs: 1_035_000,
  moves: [
    {
      dashboard: 'd',
      panel: 'P',
      direction: 'up',
      cause: '12 requests of go were answered with 500',
      ...more,
    },
  ],
})
const flat = (value: number) => Array.from({ length: 13 }, () => value)
const rising = flat(0).map((_, index) => (index >= 4 && index <= 7 ? 2 : 0))

test('a panel that rose during the fault is data', async () => {
  const stock = { stored, answers: () => series(...rising) }
  expect((await one(stock, 'x', { faults: [fault()] })).verdict).toBe('data')
})

test('a 0 that stayed while its cause was counted is a convincing zero, read before, during and after', async () => {
  const stock = { stored, answers: () => series(...flat(0)) }
  expect(await one(stock, 'http_requests_total{status=~"5.."}', { faults: [fault()] })).toEqual({
    verdict: 'convincing zero',
    reason:
      'expected P to go up during errors in go, because 12 requests of go were answered with 500; seen 0 before, 0 during and 0 after it; try compare what the query selects with the labels of what was counted',
  })
})

test('a status that is never counted is a convincing zero during a fault, though the table excuses emptiness', async () => {
  const more = { faults: [fault()], designedEmptiness: [designed] }
  const expr = 'sum(rate(http_requests_total{status=~"6.."}[5s])) or vector(0)'
  const found = await one({ stored, answers: () => series(...flat(0)) }, expr, more)
  expect(found.verdict).toBe('convincing zero')
  expect(found.reason).toContain(
    'seen 0 before, 0 during and 0 after it; status=~"6.." matches no series of http_requests_total; status is 200, 500; try',
  )
  const empty = await one({ stored }, 'http_requests_total{status=~"6.."}', more)
  expect(empty.verdict).toBe('convincing zero')
  expect(empty.reason).toContain('seen no series; status=~"6.." matches no series')
})

test('a value other than 0 that did not move convinces no less', async () => {
  const stock = { stored, answers: () => series(...flat(7)) }
  const found = await one(stock, 'x', { faults: [fault()] })
  expect(found.verdict).toBe('convincing zero')
  expect(found.reason).toContain('seen 7 before, 7 during and 7 after it')
})

test('the series that has to move is told by its labels, and the least difference counts', async () => {
  const stock = { stored, answers: () => series(...rising) }
  const ofOther = await one(stock, 'x', { faults: [fault({ labels: { app: 'node' } })] })
  expect(ofOther.reason).toContain('seen no series with app="node"; try')
  expect((await one(stock, 'x', { faults: [fault({ labels: { app: 'go' } })] })).verdict).toBe('data')
  expect((await one(stock, 'x', { faults: [fault({ atLeast: 3 })] })).verdict).toBe('convincing zero')
  expect((await one(stock, 'x', { faults: [fault({ direction: 'down' })] })).verdict).toBe('convincing zero')
})

test('what rose only long after the fault did not rise with it, and what an earlier one did is not counted before it', async () => {
  const late = flat(0).map((_, index) => (index >= 11 ? 2 : 0))
  const stock = { stored, answers: () => series(...late) }
  expect((await one(stock, 'x', { faults: [fault()] })).verdict).toBe('convincing zero')
  const twice = flat(0).map((_, index) => (index <= 1 ? 9 : index >= 4 && index <= 7 ? 2 : 0))
  const earlier: PanelFault = { name: 'earlier', fromMs: 1_000_000, toMs: 1_005_000, moves: [] }
  const answers = () => series(...twice)
  expect((await one({ stored, answers }, 'x', { faults: [earlier, fault()] })).verdict).toBe('data')
  expect((await one({ stored, answers }, 'x', { faults: [fault()] })).verdict).toBe('convincing zero')
})

test('lines of a log panel have to come with the fault, too: lines a minute are compared', async () => {
  const verdictOf = async (linesFromMs: number) => {
    await using loki = await lokiDouble({ streams, lines: () => 10, linesFromMs })
    const { panels } = await runDashboards({
      dashboards: [dashboard(panel('{app="go"}'))],
      datasources: [lokiAt(loki.url)],
      range,
      faults: [fault()],
    })
    return panels[0]
  }
  expect((await verdictOf(1_021_000))?.verdict).toBe('data')
  const early = await verdictOf(1_005_000)
  expect(early?.verdict).toBe('convincing zero')
  expect(early?.reason).toContain('seen 30 before, 0 during and 0 after it; try')
})

test('the series that should have moved carries that it did not', async () => {
  const answers = () => [
    { labels: { app: 'go' }, values: flat(1) },
    { labels: { app: 'node' }, values: flat(1) },
  ]
  const { panels } = await run({ stored, answers }, [panel('x')], {
    faults: [fault({ labels: { app: 'go' } })],
  })
  expect(panels[0]?.queries[0]?.series.map(({ labels, verdict }) => [labels.app, verdict])).toEqual([
    ['go', 'convincing zero'],
    ['node', undefined],
  ])
})
