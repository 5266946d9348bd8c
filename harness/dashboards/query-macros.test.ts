import { expect, test } from 'vitest'
import { interpolate } from './interpolate.ts'
import { logqlMacros, lokiMacros, lokiStepMs, prometheusMacros, promqlMacros } from './query-macros.ts'

const s = 1_000
const minute = 60 * s
const hour = 60 * minute
const day = 24 * hour

/** As Grafana's tests ask: 1500 points where none are said. */
const promql = (
  expr: string,
  {
    rangeMs = 48 * hour,
    requestMs = 15 * s,
    minStep = '',
    intervalFactor = 1,
    scrapeIntervalMs = 15 * s,
    maxDataPoints = 1_500,
  } = {},
) => {
  const window = { fromMs: 0, toMs: rangeMs, requestMs, maxDataPoints }
  const { stepMs, macros } = promqlMacros(window, { minStep, intervalFactor, scrapeIntervalMs })
  return { expr: interpolate(expr, macros, 'promql'), stepMs }
}

// Published in grafana/grafana, pkg/promlib/models/query_test.go, TestParse.
test.each([
  ['model with step', { rangeMs: 12 * hour }, 30 * s],
  ['model without step parameter', { rangeMs: hour }, 15 * s],
  ['high intervalFactor', { intervalFactor: 10 }, 20 * minute],
  ['low intervalFactor', {}, 2 * minute],
  ['specified scrape interval', { scrapeIntervalMs: 240 * s, requestMs: 240 * s }, 4 * minute],
  ['rate interval as the step', { rangeMs: 5 * minute, minStep: '$__rate_interval' }, minute],
])('the step of Prometheus: %s', (_name, options, stepMs) => {
  expect(promql('go_goroutines', options).stepMs).toBe(stepMs)
})

test.each([
  ['[$__interval]', { requestMs: minute }, '[2m]'],
  ['[${__interval}]', { requestMs: minute, minStep: '1m' }, '[2m]'],
  ['[$__interval_s] [$__interval]', { requestMs: minute }, '[120] [2m]'],
  ['[${__interval_ms}] [${__interval}]', { requestMs: minute }, '[120000] [2m]'],
  ['[$__range]', {}, '[172800s]'],
  ['[$__range_s] [${__range_s}s]', {}, '[172800] [172800s]'],
  ['[$__range_s]', { rangeMs: 40 }, '[0]'],
  ['[$__range_s]', { rangeMs: 800 }, '[1]'],
  ['[$__range_ms]', {}, '[172800000]'],
  ['[$__range_ms]', { rangeMs: 20 }, '[20]'],
  ['[$__rate_interval]', { rangeMs: 5 * minute, requestMs: minute, minStep: '5m' }, '[20m0s]'],
  ['[$__rate_interval]', { rangeMs: 5 * minute, minStep: '$__rate_interval' }, '[1m0s]'],
  ['[$__rate_interval_s] [$__rate_interval]', { requestMs: 2 * minute }, '[135] [2m15s]'],
  ['[${__rate_interval_ms}] [${__rate_interval}]', { requestMs: 2 * minute }, '[135000] [2m15s]'],
])('Prometheus puts macros into %s', (expr, options, result) => {
  expect(promql(expr, options).expr).toBe(result)
})

// Same file, TestRateInterval; 12384 points unless said otherwise.
test.each([
  ['150s', 100 * s, 30 * s, hour, 12_384, '10m0s', 150 * s],
  ['150s', 120 * s, 30 * s, hour, 12_384, '10m0s', 150 * s],
  ['120s', 120 * s, 30 * s, hour, 12_384, '8m0s', 120 * s],
  ['30s', 30 * s, 30 * s, hour, 12_384, '2m0s', 30 * s],
  ['$__rate_interval', 30 * s, 30 * s, hour, 12_384, '2m0s', 2 * minute],
  ['$__rate_interval', 120 * s, 30 * s, 2 * day, 12_384, '2m30s', 150 * s],
  ['$__interval', 120 * s, 15 * s, 2 * day, 12_384, '8m0s', 120 * s],
  ['', 30 * s, 30 * s, hour, 1_613, '2m0s', 30 * s],
  ['', 15 * s, 15 * s, 5 * minute, 1_055, '1m0s', 15 * s],
])(
  'the rate interval at a least step of "%s", a request of %d ms and scrapes every %d ms',
  (minStep, requestMs, scrapeIntervalMs, rangeMs, maxDataPoints, rateInterval, stepMs) => {
    const options = { minStep, requestMs, scrapeIntervalMs, rangeMs, maxDataPoints }
    expect(promql('[$__rate_interval]', options)).toEqual({ expr: `[${rateInterval}]`, stepMs })
  },
)

test("the request's own interval is the panel's least one, or the scrape interval", () => {
  const window = { fromMs: 0, toMs: 15 * minute, maxDataPoints: 300 }
  const options = { intervalFactor: 1, scrapeIntervalMs: 5 * s }
  const ofScrape = prometheusMacros(window, options)
  expect(ofScrape.stepMs).toBe(5 * s)
  expect(ofScrape.macros.__rate_interval?.value).toBe('20s')
  const ofPanel = prometheusMacros({ ...window, panelInterval: '1m' }, options)
  expect(ofPanel.stepMs).toBe(minute)
  expect(ofPanel.macros.__rate_interval?.value).toBe('1m5s')
})

// Published in grafana/grafana, pkg/tsdb/loki/parse_query_test.go.
const plain = 'go_goroutines $__interval $__interval_ms $__range $__range_s $__range_ms'
test.each([
  [plain, 15 * s, 3_000 * s, 'range', 15 * s, 'go_goroutines 15s 15000 3000s 3000 3000000'],
  [plain, 50, 750, 'range', 100, 'go_goroutines 50ms 50 1s 1 750'],
  [plain, 50, 250, 'range', 100, 'go_goroutines 50ms 50 0s 0 250'],
  [
    'go_goroutines ${__interval} ${__interval_ms} ${__range} ${__range_s} ${__range_ms}',
    2 * s,
    50 * s,
    'range',
    100,
    'go_goroutines 2s 2000 50s 50 50000',
  ],
  ['rate({a="b"}[$__auto])', 2 * s, 50 * s, 'instant', 100, 'rate({a="b"}[50s])'],
  ['rate({a="b"}[$__auto])', 2 * s, 50 * s, 'range', 100, 'rate({a="b"}[100ms])'],
  ['rate({a="b"}[10s])', 2 * s, 50 * s, 'range', 100, 'rate({a="b"}[10s])'],
] as const)('Loki puts macros into %s', (expr, requestMs, rangeMs, kind, stepMs, result) => {
  const { macros } = logqlMacros(rangeMs, requestMs, { kind, step: `${stepMs}ms`, resolution: 1 })
  expect(interpolate(expr, macros, 'logql')).toBe(result)
})

// Published in grafana/grafana, pkg/tsdb/loki/step_test.go; a resolution of 0 is none.
test.each([
  ['1m', 7 * s, s, 2, 2 * minute],
  ['30', 7 * s, s, 2, minute],
  ['$__range', 7 * s, s, 2, 2 * s],
  ['$__interval', 7 * s, s, 2, 14 * s],
  ['1d', 7 * s, s, 2, 48 * hour],
  ['1w', 7 * s, s, 2, 336 * hour],
  ['', 7 * s, s, 2, 14 * s],
  ['', 0.5, s, 1, 1],
  ['', 2 * s, 33_000 * s, 1, 3 * s],
  ['', 1.234, s, 1, 2],
  ['', 2 * s, 33_001 * s, 1, 3_001],
  ['', s, 100 * s, 5, 5 * s],
  ['', 2 * s, 33_000 * s, 2, 4 * s],
  ['', 0, 22_000 * s, 1, 2 * s],
  ['', s, 22_000 * s, 0, 2 * s],
])(
  'the step of Loki: "%s" of a request of %d ms over %d ms',
  (step, requestMs, rangeMs, resolution, stepMs) => {
    expect(lokiStepMs(rangeMs, requestMs, { step, resolution })).toBe(stepMs)
  },
)

test('Loki has no scrape interval: a request may be as fine as a millisecond', () => {
  const window = { fromMs: 0, toMs: 15 * minute, maxDataPoints: 300 }
  expect(lokiMacros(window, { kind: 'range', resolution: 1 }).stepMs).toBe(2 * s)
})
