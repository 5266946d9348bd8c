import { expect, test } from 'vitest'
import { parseYamlAnswer, readTimings, ruleOf, type TimingSources } from './pipeline-timings.ts'

const rule = (more: Record<string, unknown> = {}) => ({ alert: 'A', expr: 'rate({a="b"}[1m]) > 1', ...more })

const sources = (changes: Partial<TimingSources> = {}): TimingSources => ({
  prometheus: {
    global: { scrape_interval: '10s', scrape_timeout: '5s', evaluation_interval: '20s' },
    scrape_configs: [{ job_name: 'apps' }],
  },
  loki: { ruler: { evaluation_interval: '1m0s', poll_interval: '10s' } },
  collector: {
    receivers: { file_log: { poll_interval: '200ms' } },
    exporters: { 'otlp_http/loki': { sending_queue: { batch: { flush_timeout: '1.5s' } } } },
  },
  alertmanager: { route: { receiver: 'default' } },
  logRules: { groups: [{ name: 'logs', rules: [rule()] }] },
  metricRules: { groups: [] },
  ...changes,
})

test('reads every interval where the configuration has it', () => {
  expect(readTimings(sources())).toMatchObject({
    scrapeIntervalMs: 10_000,
    scrapeTimeoutMs: 5_000,
    longestScrapeIntervalMs: 10_000,
    rulerIntervalMs: 60_000,
    rulerPollMs: 10_000,
    collectorPollMs: 200,
    collectorFlushMs: 1_500,
  })
})

test("falls back on the components' own defaults where a setting is left out", () => {
  const timings = readTimings(
    sources({ prometheus: { scrape_configs: [{ job_name: 'apps' }] }, loki: {}, collector: {} }),
  )
  expect(timings).toMatchObject({
    scrapeIntervalMs: 60_000,
    scrapeTimeoutMs: 10_000,
    rulerIntervalMs: 60_000,
    rulerPollMs: 60_000,
    collectorPollMs: 200,
    collectorFlushMs: 200,
  })
})

test("the apps' own interval is theirs alone: other jobs without one have the global one", () => {
  const prometheus = {
    global: { scrape_interval: '30s' },
    scrape_configs: [
      { job_name: 'apps', scrape_interval: '5s' },
      { job_name: 'loki' },
      { job_name: 'x', scrape_interval: '1s' },
    ],
  }
  expect(readTimings(sources({ prometheus }))).toMatchObject({
    scrapeIntervalMs: 5_000,
    scrapeTimeoutMs: 5_000,
    longestScrapeIntervalMs: 30_000,
  })
})

test("a rule has its group's interval, its own durations and the longest of its windows", () => {
  const expr = 'rate({a="b"}[1m]) > rate({a="b"}[5m])'
  const logRules = {
    groups: [
      {
        name: 'slow',
        interval: '5m',
        rules: [rule({ expr, for: '2m', keep_firing_for: '1m', labels: { severity: 'page' } })],
      },
    ],
  }
  expect(readTimings(sources({ logRules })).rules).toEqual([
    {
      alert: 'A',
      signal: 'logs',
      group: 'slow',
      expr,
      labels: { alertname: 'A', severity: 'page' },
      evaluationIntervalMs: 300_000,
      forMs: 120_000,
      keepFiringForMs: 60_000,
      windowMs: 300_000,
    },
  ])
})

test.each([
  ['logRules', 'rate({a="b"}[1m])', 'logs', 60_000],
  ['metricRules', 'rate(x[1m])', 'metrics', 20_000],
] as const)(
  "a rule of %s without an interval has its ruler's",
  (source, expr, signal, evaluationIntervalMs) => {
    const document = { groups: [{ name: 'g', rules: [{ alert: 'A', expr }] }] }
    const { rules } = readTimings(sources({ logRules: {}, metricRules: {}, [source]: document }))
    expect(rules).toMatchObject([{ signal, evaluationIntervalMs, forMs: 0, keepFiringForMs: 0 }])
  },
)

test('takes numbers for milliseconds, as the rules API answers are handed on', () => {
  const logRules = { groups: [{ name: 'g', interval: 250, rules: [rule({ for: 500, keep_firing_for: 0 })] }] }
  expect(readTimings(sources({ logRules })).rules).toMatchObject([
    { evaluationIntervalMs: 250, forMs: 500, keepFiringForMs: 0 },
  ])
})

test('passes over recording rules, and knows an alert without a window', () => {
  const metricRules = {
    groups: [
      {
        name: 'g',
        rules: [
          { record: 'r', expr: 'rate(x[1h])' },
          { alert: 'B', expr: 'up == 0' },
        ],
      },
    ],
  }
  const { rules } = readTimings(sources({ metricRules }))
  expect(rules.map(({ alert, windowMs }) => [alert, windowMs])).toEqual([
    ['A', 60_000],
    ['B', null],
  ])
})

test.each([
  [
    { prometheus: { global: { evaluation_interval: 'soon' } } },
    'prometheus: global.evaluation_interval',
    '"soon"',
  ],
  [{ loki: { ruler: { poll_interval: [] } } }, 'loki: ruler.poll_interval', '[]'],
  [
    { collector: { receivers: { file_log: { poll_interval: '-1s' } } } },
    'collector: receivers.file_log.poll_interval',
    '"-1s"',
  ],
  [{ logRules: { groups: [{ name: 'g', rules: [rule({ for: '5' })] }] } }, 'alert A: for', '"5"'],
  [
    { logRules: { groups: [{ name: 'g', interval: '1 m', rules: [] }] } },
    'logs rule group g: interval',
    '"1 m"',
  ],
])('refuses what is no duration with its place (case %#)', (changes, where, seen) => {
  expect(() => readTimings(sources(changes))).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      account: {
        expected: 'a duration such as 250ms or 1m',
        seen,
        where,
        remedy: 'correct the duration in the configuration',
      },
    }),
  )
})

test('names the alerts that are there when one is missing, also when there is none', () => {
  const refusalOf = (changes: Partial<TimingSources>) => () =>
    ruleOf(readTimings(sources(changes)), 'Missing')
  expect(refusalOf({})).toThrow('seen: rules for A')
  expect(refusalOf({ logRules: {} })).toThrow('seen: rules for no alert at all')
})

test('reads the YAML that a component answers', () => {
  expect(parseYamlAnswer('global:\n  scrape_interval: 10s\n')).toEqual({ global: { scrape_interval: '10s' } })
})
