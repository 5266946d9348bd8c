import { expect, test } from 'vitest'
import type { WatchedApp } from '../config/config-schema.ts'
import { type AskedLoad, loadRequest, readAskedLoad } from './load-request.ts'

const app = (name: string, faultRoute?: string): WatchedApp => ({
  name,
  namespace: 'apps',
  good: [],
  otherAnswers: [],
  faultStatuses: [500, 503],
  ...(faultRoute === undefined ? {} : { faultRoute }),
})
const project = {
  root: import.meta.dirname,
  config: { apps: [app('python', '/v1'), app('go', '/v2'), app('frontend')] },
}
const request = (asked: AskedLoad) => loadRequest(asked, project)
const refusal = (asked: AskedLoad): { code: string; account: Record<string, string> } => {
  try {
    request(asked)
  } catch (thrown) {
    return thrown as { code: string; account: Record<string, string> }
  }
  throw new Error('expected the request to be refused, seen: it was taken')
}

test('without a word it is our steady workload, half a minute, with nothing broken', () => {
  expect(request({})).toMatchObject({
    workload: 'steady',
    script: expect.stringMatching(/\/load\/steady\.ts$/),
    ratePerSecond: 50,
    durationMs: 30_000,
    slo: [],
    faults: [],
    unproven: false,
  })
})

test('a fault without an app is made in each app that has a route to break, one with an app in that app', () => {
  expect(request({ fault: ['latency=300ms@20%'] }).faults).toEqual([
    { app: 'python', latencyMs: 300, rate: 0.2 },
    { app: 'go', latencyMs: 300, rate: 0.2 },
  ])
  expect(request({ fault: ['go:status=500@16%', 'python:latency=2s'] }).faults).toEqual([
    { app: 'go', status: 500, rate: 0.16 },
    { app: 'python', latencyMs: 2000, rate: 1 },
  ])
})

test('a TestRun shares the rate over two runners where nothing else is said, anything else has one', () => {
  expect(request({})).toMatchObject({ as: 'process', runners: 1 })
  expect(request({ as: 'job' })).toMatchObject({ as: 'job', runners: 1 })
  expect(request({ as: 'testrun' })).toMatchObject({ as: 'testrun', runners: 2 })
  expect(request({ as: 'testrun', parallelism: 5 })).toMatchObject({ runners: 5 })
})

test.each<[AskedLoad, string, RegExp]>([
  [{ as: 'job', parallelism: 2 }, '--parallelism', /1 runner of a Job/],
  [{ parallelism: 3 }, '--parallelism', /1 runner/],
  [{ as: 'testrun', parallelism: 1.5 }, '--parallelism', /a whole number of runners/],
  [{ rate: '0' }, '--rate', /above 0 and at most/],
  [{ rate: 'many' }, '--rate', /above 0 and at most/],
  [{ rate: ' ' }, '--rate', /above 0 and at most/],
  [{ rate: 10_001 }, '--rate', /at most 10000/],
  [{ for: '2 minutes' }, '--for', /a duration from 1s to 24h/],
  [{ for: '500ms' }, '--for', /a duration from 1s/],
  [{ for: '2d' }, '--for', /to 24h/],
  [{ fault: ['slow'] }, '--fault slow', /\[app:\]latency=300ms@20%/],
  [{ fault: ['latency=300'] }, '--fault latency=300', /a latency from 1ms to 1m/],
  [{ fault: ['latency=61s'] }, '--fault latency=61s', /a latency from 1ms to 1m/],
  [{ fault: ['status=404@1%'] }, '--fault status=404@1%', /python can be made to answer: 500, 503/],
  [{ fault: ['status=500@0%'] }, '--fault status=500@0%', /above 0% and at most 100%/],
  [{ fault: ['status=500@101%'] }, '--fault status=500@101%', /above 0% and at most 100%/],
  [{ fault: ['status=500@0.16'] }, '--fault status=500@0.16', /above 0% and at most 100%/],
  [{ fault: ['frontend:status=500'] }, '--fault frontend:status=500', /a faultRoute: python, go/],
  [{ fault: ['status=500@1%', 'go:latency=1s'] }, '--fault go:latency=1s', /one fault an app/],
  [{ fault: ['status=500@1%'], for: '10m' }, '--for', /at most 9m with faults/],
])('refuses %j and says where and what it may be', (asked, where, expected) => {
  const { code, account } = refusal(asked)
  expect(code).toMatch(/^USAGE_/)
  expect(account.where).toBe(where)
  expect(account.expected).toMatch(expected)
  expect(account.remedy).toMatch(/\S/)
})

test('a workload that is not there is refused by name', () => {
  expect(refusal({ workload: 'stampede' })).toMatchObject({
    code: 'USAGE_UNKNOWN_NAME',
    account: { seen: 'stampede', expected: expect.stringContaining('steady, ramp') },
  })
})

test('the variable is read as JSON; without it there is no load', () => {
  expect(readAskedLoad(undefined)).toBeUndefined()
  expect(readAskedLoad('{"rate":20,"fault":["status=500@1%"]}')).toMatchObject({
    workload: 'steady',
    rate: 20,
    fault: ['status=500@1%'],
  })
})

test.each(['', '1', '{', '{"rates":1}', '{"fault":"status=500"}'])('refuses SIGNALPROOF_LOAD=%j', (text) => {
  expect(() => readAskedLoad(text)).toThrow(
    expect.objectContaining({
      code: 'USAGE_BAD_VALUE',
      account: expect.objectContaining({ where: expect.stringContaining('SIGNALPROOF_LOAD') }),
    }),
  )
})
