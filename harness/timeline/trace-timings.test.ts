import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { traceArrivalBy, traceHopNames, traceHops } from './trace-hops.ts'
import { readTraceTimings, type TraceTimingSources } from './trace-timings.ts'

const sources = (changes: Partial<TraceTimingSources> = {}): TraceTimingSources => ({
  apps: { a: { OTEL_BSP_SCHEDULE_DELAY: '1000' }, b: { OTEL_BSP_SCHEDULE_DELAY: '250' } },
  collector: parse(`
exporters: { otlp_http/tempo: { sending_queue: { batch: { flush_timeout: 300ms } } } }
service: { pipelines: { traces: { processors: [memory_limiter] }, logs: { processors: [batch] } } }
`),
  tempo: parse('ingester: { trace_idle_period: 1s, flush_check_period: 500ms }'),
  exporter: 'otlp_http/tempo',
  ...changes,
})

test('reads every interval where the configuration has it, and the slowest app decides', () => {
  expect(readTraceTimings(sources(), 100)).toEqual({
    allowanceMs: 100,
    scheduleDelayMs: 1_000,
    collectorFlushMs: 300,
    traceIdleMs: 1_000,
    flushCheckMs: 500,
    searchCutoffMs: 0,
  })
})

test("falls back on the components' own defaults where a setting is left out", () => {
  const timings = readTraceTimings(sources({ apps: { a: {} }, collector: {}, tempo: {} }))
  expect(timings).toMatchObject({
    scheduleDelayMs: 5_000,
    collectorFlushMs: 200,
    traceIdleMs: 10_000,
    flushCheckMs: 10_000,
    searchCutoffMs: 0,
  })
})

test('reads the settings of version 3, which has a live store and hides the newest spans from a search', () => {
  const tempo = parse('live_store: { max_trace_idle: 2s, flush_check_period: 1s }')
  expect(readTraceTimings(sources({ tempo }))).toMatchObject({
    traceIdleMs: 2_000,
    flushCheckMs: 1_000,
    searchCutoffMs: 30_000,
  })
  const shown = parse('{ live_store: {}, query_frontend: { query_end_cutoff: 0s } }')
  expect(readTraceTimings(sources({ tempo: shown }))).toMatchObject({
    traceIdleMs: 5_000,
    flushCheckMs: 5_000,
    searchCutoffMs: 0,
  })
})

test('batch processors on the way of spans hold them, too', () => {
  const collector = parse(`
processors: { batch: { timeout: 1s }, batch/again: {} }
service: { pipelines: { traces: { processors: [batch, batch/again] }, traces/b: { processors: [batch] } } }
`)
  expect(readTraceTimings(sources({ collector })).collectorFlushMs).toBe(200 + 1_000 + 200)
})

test.each([
  [{ apps: { a: { OTEL_BSP_SCHEDULE_DELAY: '1s' } } }, 'a: OTEL_BSP_SCHEDULE_DELAY', '"1s"'],
  [{ tempo: { ingester: { trace_idle_period: 'soon' } } }, 'tempo: ingester.trace_idle_period', '"soon"'],
])('refuses what is no duration with its place (case %#)', (changes, where, seen) => {
  expect(() => readTraceTimings(sources(changes))).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', account: expect.objectContaining({ where, seen }) }),
  )
})

test('a span may take what every hop up to there may take, and an allowance for each', () => {
  const timings = readTraceTimings(sources(), 100)
  expect(traceHopNames.map((name) => traceArrivalBy(name, timings))).toEqual([
    { worstCaseMs: 0, allowanceMs: 100 },
    { worstCaseMs: 1_000, allowanceMs: 200 },
    { worstCaseMs: 1_300, allowanceMs: 300 },
    { worstCaseMs: 1_300, allowanceMs: 400 },
    { worstCaseMs: 2_800, allowanceMs: 500 },
  ])
})

test('every setting of a formula is a term of its sum', () => {
  const timings = readTraceTimings(sources())
  expect(traceHops.map(({ name }) => name)).toEqual(traceHopNames)
  for (const { formula, terms } of traceHops)
    for (const { setting } of terms(timings)) expect(formula).toContain(setting)
})
