/** The real k6, against servers of these tests on 127.0.0.1. */
import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { pause } from '../../core/eventually.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { installComponents } from '../../toolchain/install-components.ts'
import type { AnswerCount, LoadRoute } from '../load-figures.ts'
import { k6Double } from './k6-double.ts'
import type { LoadProgress } from './k6-progress.ts'
import { type K6Request, runK6 } from './run-k6.ts'
import { workloadScript } from './workload-scripts.ts'

let k6Path: string
beforeAll(async () => {
  const [k6] = await installComponents(['k6'])
  k6Path = k6?.location ?? expect.fail('no k6')
}, 600_000)

type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => void
const ok: Answer = (_, response) => void response.end('ok')

/** What an app takes for an answer: so much that a busy machine adds little to it. */
const answersAfterMs = 30

/** An app that counts what it answers, by method and path. */
async function app(answer: Answer, afterMs = answersAfterMs) {
  const answered = new Map<string, number>()
  const hosts = new Set<string | undefined>()
  const ids = new Set<unknown>()
  let nth = 0
  const server = createServer((request, response) => {
    nth += 1
    hosts.add(request.headers.host)
    ids.add(request.headers['x-request-id'])
    response.on('close', () => {
      const key = `${request.method} ${request.url?.split('?')[0]} ${response.writableFinished ? response.statusCode : 0}`
      answered.set(key, (answered.get(key) ?? 0) + 1)
    })
    const mine = nth
    setTimeout(() => answer(request, response, mine), afterMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answered, hosts, ids }
}

const route = (path: string, method = 'GET'): LoadRoute => ({
  app: 'app',
  method,
  route: path.split('?')[0] ?? path,
  path,
})
const routes = [route('/a?x=1'), route('/a?x=2'), route('/b', 'POST')]

function request(url: string, more: Partial<K6Request> = {}): K6Request {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  return {
    script: workloadScript('/nonexistent', 'steady'),
    routes,
    url,
    host: 'dev.local',
    ratePerSecond: 30,
    durationMs: 2000,
    runId: 'run-1',
    folder: folder.path,
    k6Path,
    ...more,
  }
}

const testdata = (name: string) => ({ script: join(import.meta.dirname, 'testdata', `${name}.ts`) })

/** The client's counts in the words of the app's. */
const asAnswered = (answers: readonly AnswerCount[]) =>
  new Map(answers.map(({ method, route, status, count }) => [`${method} ${route} ${status}`, count]))

test('counts every answer by route and status as the app does, whatever the status is', async () => {
  const { url, answered, hosts, ids } = await app((_, response, nth) => {
    response.statusCode = [200, 500, 200, 418, 301, 200, 299][nth % 7] ?? 200
    response.setHeader('location', '/elsewhere')
    response.end()
  })
  const reports: LoadProgress[] = []
  const figures = await runK6(request(url, { onProgress: (report) => void reports.push(report) }))
  expect(figures).toMatchObject({ invalidBecause: null, exitCode: 99, dropped: 0 })
  expect(figures.iterations).toBe(ids.size)
  expect([60, 61]).toContain(ids.size)
  expect(asAnswered(figures.answers)).toEqual(answered)
  expect(new Set(figures.answers.map(({ status }) => status))).toEqual(new Set([200, 299, 301, 418, 500]))
  expect(figures.thresholds).toContainEqual({
    metric: 'http_req_failed',
    threshold: 'rate<0.01',
    held: false,
  })
  expect(Object.keys(figures.latencyByRoute)).toEqual(['/a', '/b'])
  for (const { p50, p95, p99, max } of Object.values(figures.latencyByRoute)) {
    expect([p50, p95, p99, max].toSorted((a, b) => a - b)).toEqual([p50, p95, p99, max])
    expect(p50).toBeGreaterThan(0)
  }
  expect(hosts).toEqual(new Set(['dev.local']))
  expect(figures.cpu.generatorSeconds).toBeGreaterThan(0)
  expect(reports.length).toBeGreaterThan(0)
  for (const { ratePerSecond, requests, failed } of reports) {
    expect(ratePerSecond).toBeGreaterThan(0)
    expect(requests).toBeLessThanOrEqual(ids.size)
    expect(failed).toBeGreaterThan(0)
  }
})

test('an answer that is never given is a count, too', async () => {
  const { url, answered } = await app(({ socket }, response, nth) => {
    if (nth % 10 === 0) socket.destroy()
    else response.end()
  })
  const figures = await runK6(request(url, { routes: [route('/b', 'POST')] }))
  expect(figures.invalidBecause).toBeNull()
  expect(asAnswered(figures.answers)).toEqual(answered)
  expect(answered.get('POST /b 0')).toBeGreaterThan(0)
})

test('a system that answers well has its thresholds held', async () => {
  const { url } = await app(ok)
  const figures = await runK6(request(url))
  expect(figures).toMatchObject({ exitCode: 0, invalidBecause: null, exceptions: 0 })
  expect(figures.thresholds.map(({ held }) => held)).toEqual([true, true])
})

test.each([
  ['ramp', 46],
  ['spike', 22],
])('%s sends what the line of its rate says', async (name, planned) => {
  const { url } = await app(ok)
  const figures = await runK6(request(url, { script: workloadScript('/nonexistent', name) }))
  expect(figures.invalidBecause).toBeNull()
  expect(Math.abs(figures.iterations - planned)).toBeLessThanOrEqual(2)
})

test('breakpoint ends where a threshold breaks, and that is a verdict', async () => {
  const { url } = await app((_, response) => void response.writeHead(500).end())
  const script = workloadScript('/nonexistent', 'breakpoint')
  const figures = await runK6(request(url, { script, ratePerSecond: 10, durationMs: 60_000 }))
  expect(figures).toMatchObject({ exitCode: 99, invalidBecause: null })
  expect(figures.window.endedAt - figures.window.startedAt).toBeLessThan(50_000)
})

test.each<[string, Partial<K6Request>, RegExp]>([
  [
    'a workload without requests',
    testdata('no-requests'),
    /^zero samples: no request was sent in 6[01] iterations$/,
  ],
  ['no route', { routes: [] }, /^zero samples/],
  [
    'an exception in an iteration',
    testdata('throws'),
    /^script exception in 1 iteration: Error: the fourth request is one too many at throws\.ts:9$/,
  ],
  [
    'an exception before the first iteration',
    testdata('does-not-begin'),
    /^script exception \(exit code 107\): TypeError: nothing was set up at does-not-begin\.ts:1$/,
  ],
  ['an abort', testdata('aborts'), /^the script aborted the run \(exit code 108\)/],
  [
    'a script that leaves no figures',
    testdata('own-script'),
    /^the script left no figures; it has to export/,
  ],
  ['a rate that is none', { ratePerSecond: 0 }, /LOAD_RATE: expected a number above 0; seen "0"/],
])('%s makes the run invalid', async (_, more, reason) => {
  const { url } = await app(ok)
  expect((await runK6(request(url, more))).invalidBecause).toMatch(reason)
})

test('one virtual user cannot start what slow answers keep it from: iterations are dropped', async () => {
  const { url } = await app((_, response) => void pause(200).then(() => response.end()))
  const figures = await runK6(request(url, { maxVirtualUsers: 1 }))
  expect(figures.dropped).toBeGreaterThan(30)
  expect(figures.invalidBecause).toMatch(
    /^dropped iterations: \d+ of 6\d were not started, since all 1 virtual users were waiting \(mean latency up to 2\d\d ms\)$/,
  )
})

// Nothing says how long a process waited for a core but Linux.
test.runIf(process.platform === 'linux')(
  'a generator that others leave no core is short of CPU',
  async () => {
    const { url } = await app(ok, 0)
    const crowded = request(url, { ratePerSecond: 100 })
    const onOneCore = `exec taskset -c ${availableParallelism() - 1}`
    const hogs = Array.from({ length: 12 }, () =>
      spawn('/bin/sh', ['-c', `${onOneCore} sh -c 'while :; do :; done'`], {
        detached: true,
        stdio: 'ignore',
      }),
    )
    try {
      const pinned = await k6Double(crowded.folder, `${onOneCore} ${k6Path} "$@"`)
      const figures = await runK6({ ...crowded, k6Path: pinned })
      expect(figures.invalidBecause).toMatch(
        /^the generator was short of CPU: it ran [\d.]+ s and waited [\d.]+ s for a core|^dropped iterations/,
      )
      expect(figures.cpu.generatorWaitedSeconds).toBeGreaterThan(figures.cpu.generatorSeconds)
    } finally {
      for (const hog of hogs) hog.kill('SIGKILL')
    }
  },
)
