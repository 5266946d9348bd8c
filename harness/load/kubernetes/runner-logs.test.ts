import { expect, test } from 'vitest'
import { readRunnerLogs } from './runner-logs.ts'

const latency = (ms: number) => ({ p50: ms, p95: ms * 2, p99: ms * 3, max: ms * 4, mean: ms })

const figures = (requests: number, { failed = 0, ms = 10, held = true } = {}) => ({
  plannedIterations: 30,
  iterations: requests,
  dropped: 0,
  virtualUsersMax: 5,
  requests,
  durationMs: 3000,
  routes: [
    {
      name: 'GET /v1',
      requests,
      answers: [
        { status: 200, count: requests - failed },
        ...(failed === 0 ? [] : [{ status: 500, count: failed }]),
      ],
      latencyMs: latency(ms),
    },
    { name: 'GET /v2', requests: 0, answers: [], latencyMs: {} },
  ],
  thresholds: [{ metric: 'http_req_failed', threshold: 'rate<0.01', held }],
})
const log = (one: object, ...lines: readonly string[]) =>
  [...lines, ...JSON.stringify(one, null, 2).split('\n'), ''].join('\n')

test('the log of one runner ends with its figures', () => {
  const { log: findings, figures: read } = readRunnerLogs([
    log(figures(30), '{"level":"info","msg":"one line"}'),
  ])
  expect(findings.exceptions).toBe(0)
  expect(read).toMatchObject({ iterations: 30, routes: [{ requests: 30 }, { latencyMs: undefined }] })
})

test('several share the plan: counts are added up, and the slowest latency stands for all', () => {
  const { figures: all } = readRunnerLogs([
    log(figures(10, { ms: 10 })),
    log(figures(20, { ms: 40, failed: 3, held: false })),
  ])
  expect(all).toMatchObject({
    plannedIterations: 30,
    iterations: 30,
    requests: 30,
    virtualUsersMax: 10,
    routes: [
      {
        name: 'GET /v1',
        requests: 30,
        answers: [
          { status: 200, count: 27 },
          { status: 500, count: 3 },
        ],
        latencyMs: { p50: 40, p95: 80, p99: 120, max: 160, mean: 30 },
      },
      { name: 'GET /v2', requests: 0, latencyMs: undefined },
    ],
    thresholds: [{ held: false }],
  })
})

test('an exception in one log counts, and a log without figures says nothing', () => {
  const thrown = JSON.stringify({
    level: 'error',
    msg: 'Error: one too many\n at file:///load/mine.ts:5',
    source: 'stacktrace',
  })
  expect(readRunnerLogs([log(figures(10), thrown)]).log).toMatchObject({
    exceptions: 1,
    firstException: expect.stringContaining('one too many'),
  })
  for (const nothing of ['', '{"level":"info"}', '{', log({ iterations: 1 })])
    expect(readRunnerLogs([log(figures(10)), nothing]).figures).toMatchObject({
      wrong: expect.stringContaining('load/lib/figures.ts'),
    })
  expect(readRunnerLogs([]).figures).toMatchObject({ wrong: 'there was no runner' })
})
