import { expect, test } from 'vitest'
import { parseSignalRows, stackSignals } from '../../harness/dashboards/lint/signal-table.ts'
import { mergeSignals, signalsOfPage, writeSignalRows } from './signal-pages.ts'

const page = `# HELP loki_lines_total Lines.
# TYPE loki_lines_total counter
loki_lines_total{tenant="a",path="/x{y}"} 3
loki_lines_total{tenant="b",format="otlp"} 4
# TYPE loki_wait_seconds histogram
loki_wait_seconds_bucket{route="q",le="1"} 1
loki_wait_seconds_sum{route="q"} 1
loki_wait_seconds_count{route="q"} 1
# TYPE loki_streams gauge
loki_streams 2
# TYPE go_goroutines gauge
go_goroutines 9
`

test("a page gives the component's own metrics, each with every label that it has", () => {
  expect(signalsOfPage('loki', page).map(({ metric, type, labels }) => [metric, type, labels])).toEqual([
    ['loki_lines_total', 'counter', ['format', 'path', 'tenant']],
    ['loki_wait_seconds', 'histogram', ['le', 'route']],
    ['loki_streams', 'gauge', []],
  ])
})

test('a page of something else is refused: the table would lose the job', () => {
  expect(() => signalsOfPage('tempo', page)).toThrow('expected metrics of tempo on its page, seen none')
})

test('a job that was seen loses what it has no more, but for what is declared', () => {
  const known = parseSignalRows(
    'loki loki_old_total counter -\nloki loki_discarded_total counter reason declared\ntempo tempo_x gauge -\n',
  )
  const text = writeSignalRows(mergeSignals(known, signalsOfPage('loki', page)))
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'loki loki_discarded_total counter reason declared',
    'loki loki_lines_total counter format,path,tenant',
    'loki loki_streams gauge -',
    'loki loki_wait_seconds histogram le,route',
    'tempo tempo_x gauge -',
  ])
  expect(writeSignalRows(parseSignalRows(text))).toBe(text)
})

test('a line that is no row is refused by its number', () => {
  expect(() => parseSignalRows('# fine\nloki loki_x countre -')).toThrow('line 2: expected job, metric, type')
})

test('the table in git is as the tool writes it, and has every component', () => {
  const jobs = new Set(stackSignals().map(({ job }) => job))
  expect([...jobs].sort()).toEqual(['alertmanager', 'collector', 'ingress', 'loki', 'prometheus', 'tempo'])
})
