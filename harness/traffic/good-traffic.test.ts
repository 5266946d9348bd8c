import { expect, onTestFinished, test } from 'vitest'
import type { Exercise, WatchedApp } from '../config/config-schema.ts'
import { type AskedRequest, backendDouble, type DoubleAnswer, deadAddress } from '../core/backend-double.ts'
import { eventually, found, notYet, pause } from '../core/eventually.ts'
import { GoodTraffic } from './good-traffic.ts'

const exercise = (path: string, causes: Exercise['causes'] = []): Exercise => ({
  method: 'GET',
  path,
  route: path,
  status: 200,
  causes,
})

const app = (name: string, changes: Partial<WatchedApp> = {}): WatchedApp => ({
  name,
  namespace: 'apps',
  faultRoute: `/${name}/a`,
  good: [exercise(`/${name}/a`), exercise(`/${name}/b`)],
  otherAnswers: [],
  faultStatuses: [],
  ...changes,
})

/** Traffic through an ingress of this test's own, stopped with it. */
async function trafficThrough(answer: DoubleAnswer = {}) {
  const ingress = await backendDouble(answer)
  const traffic = new GoodTraffic({ url: ingress.url, host: 'dev.local' }, 'run-1')
  onTestFinished(async () => {
    await ingress[Symbol.asyncDispose]()
    await traffic.stop()
  })
  return { traffic, asked: ingress.asked }
}

/** Requests overtake each other on their way; their ids say in which order they were sent. */
const inOrderOfSending = (asked: readonly AskedRequest[]): string[] => {
  const numberOf = ({ headers }: AskedRequest) => Number(String(headers['x-request-id']).split('-').at(-1))
  return [...asked].sort((a, b) => numberOf(a) - numberOf(b)).map(({ path }) => path)
}

const untilAsked = (asked: readonly unknown[], count: number) =>
  eventually(`${count} requests`, () => (asked.length >= count ? found(count) : notYet(`${asked.length}`)), {
    withinMs: 4_000,
    everyMs: 2,
    remedy: 'look at the loop of the traffic',
  })

test('sends to every app with a fault route, its good requests in turn, and to no other', async () => {
  const { traffic, asked } = await trafficThrough()
  const { faultRoute: _, ...quietApp } = app('frontend')
  traffic.start([app('go'), quietApp, app('python')], 100)
  await untilAsked(asked, 12)
  await traffic.stop()
  for (const name of ['go', 'python']) {
    const paths = inOrderOfSending(asked).filter((path) => path.startsWith(`/${name}/`))
    expect(paths.length).toBeGreaterThan(3)
    expect(paths.slice(0, 4)).toEqual([`/${name}/a`, `/${name}/b`, `/${name}/a`, `/${name}/b`])
  }
  expect(asked.filter(({ path }) => path.startsWith('/frontend'))).toEqual([])
})

test('each request has an id of its own, a trace of its own and the host of the ingress', async () => {
  const { traffic, asked } = await trafficThrough()
  await Promise.all([1, 2, 3].map(() => traffic.request('go', exercise('/x'), { 'X-More': 'yes' })))
  expect(asked.map(({ headers }) => headers['x-request-id']).sort()).toEqual([
    'run-1-1',
    'run-1-2',
    'run-1-3',
  ])
  expect(new Set(asked.map(({ headers }) => headers.traceparent)).size).toBe(3)
  for (const { headers } of asked) {
    expect(headers).toMatchObject({ host: 'dev.local', 'x-more': 'yes' })
    expect(headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  }
})

test('hands back the answer whatever it is, and keeps it in the ledger with its causes', async () => {
  const { traffic } = await trafficThrough((_, response) => {
    response.writeHead(503).end('broken on purpose')
  })
  const caused = { app: 'python', method: 'GET', route: '/v1', status: 200 }
  const answer = await traffic.request('go', exercise('/x', [caused]))
  expect(answer).toMatchObject({ status: 503, requestId: 'run-1-1', body: 'broken on purpose' })
  const [sent] = traffic.ledger.of('go')
  expect(sent).toMatchObject({ route: '/x', status: 503, requestId: 'run-1-1' })
  expect(sent?.doneAt).toBeGreaterThanOrEqual(sent?.sentAt ?? Number.NaN)
  expect(traffic.ledger.counts('python')).toEqual(new Map([['GET /v1 200', 1]]))
})

test('a request without an answer is in the ledger as such, and ends nothing', async () => {
  const traffic = new GoodTraffic({ url: await deadAddress(), host: 'dev.local' }, 'run-1')
  expect(await traffic.request('go', exercise('/x'))).toMatchObject({ status: null })
  expect(traffic.ledger.unanswered()).toHaveLength(1)
})

test('the rate does not depend on the answers, and is never above what was asked for', async () => {
  const { traffic, asked } = await trafficThrough(() => {})
  const startedAt = performance.now()
  traffic.start([app('go')], 200)
  await untilAsked(asked, 30)
  // 30 requests take 29 pauses; a timer may be early by a millisecond.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29 * 5 - 2)
  expect(traffic.ledger.of('go')).toEqual([])
})

test('while it is quiet nothing is on its way and nothing is sent; then it goes on', async () => {
  let onTheirWay = 0
  const { traffic, asked } = await trafficThrough(async (_, response) => {
    onTheirWay += 1
    await pause(15)
    onTheirWay -= 1
    response.end()
  })
  traffic.start([app('go'), app('python')], 200)
  await untilAsked(asked, 10)
  for (let round = 0; round < 3; round += 1) {
    const seen = await traffic.whileQuiet(async () => {
      const before = {
        asked: asked.length,
        answered: traffic.ledger.of('go').length + traffic.ledger.of('python').length,
      }
      expect(onTheirWay).toBe(0)
      expect(before.answered).toBe(before.asked)
      await pause(40)
      expect(asked.length).toBe(before.asked)
      return before.asked
    })
    await untilAsked(asked, seen + 5)
  }
})

test('what a quiet time left out is not made up for at once', async () => {
  const { traffic, asked } = await trafficThrough()
  const everyMs = 20
  traffic.start([app('go')], 1000 / everyMs)
  await untilAsked(asked, 2)
  await traffic.whileQuiet(() => pause(25 * everyMs))
  const before = asked.length
  const startedAt = performance.now()
  await untilAsked(asked, before + 10)
  // Ten requests take nine pauses. Made up for, the 25 that were left out take the time that sending takes, a tenth of it. A
  // pause that comes late is followed by a shorter one, so the bound lies between the two.
  expect(performance.now() - startedAt).toBeGreaterThan((9 * everyMs) / 2)
})

test('a request that is asked for while it is quiet waits, and is then sent', async () => {
  const { traffic, asked } = await trafficThrough()
  let waiting: Promise<{ status: number | null }> | undefined
  await traffic.whileQuiet(async () => {
    waiting = traffic.request('go', exercise('/x'))
    await pause(20)
    expect(asked).toEqual([])
  })
  expect(await waiting).toMatchObject({ status: 200 })
})

test('two that want quiet get it one after the other', async () => {
  const { traffic } = await trafficThrough()
  const moments: string[] = []
  const look = (name: string) => async () => {
    moments.push(`${name} begins`)
    await pause(5)
    moments.push(`${name} ends`)
  }
  await Promise.all(['a', 'b', 'c'].map((name) => traffic.whileQuiet(look(name))))
  expect(moments).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

test('traffic goes on after a look that failed, and the failure is handed on', async () => {
  const { traffic, asked } = await trafficThrough()
  traffic.start([app('go')], 200)
  await expect(traffic.whileQuiet(() => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer')
  await untilAsked(asked, 5)
})

test('after the stop nothing is on its way and nothing is sent', async () => {
  const { traffic, asked } = await trafficThrough()
  traffic.start([app('go')], 200)
  await untilAsked(asked, 5)
  await traffic.stop()
  const count = asked.length
  expect(traffic.ledger.of('go')).toHaveLength(count)
  await pause(30)
  expect(asked).toHaveLength(count)
})
