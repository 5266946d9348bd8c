import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Notification } from '../backends/alert-receiver.ts'
import type { ReceivedAlert } from '../backends/alertmanager.ts'
import type { LogLine } from '../backends/loki.ts'
import type { RulerAlert } from '../backends/query-answers.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { FollowedAlert, type FollowedFault, type FollowingStack } from './followed-alert.ts'
import { routeDouble, ruleDouble, timingsDouble } from './timing-doubles.ts'

/** Answers that no real stack is needed for: here it is only about moments, order and words. */

const servedAt = Date.UTC(2026, 10, 23, 8)
const atMs = (ms: number) => new Date(servedAt + ms).toISOString()
const labels = { alertname: 'LogsErrorBurst', app: 'go', route: '/v2' }

const folder = temporaryFolder({ '0.log': `${atMs(2)} stdout F {"request_id":"r-6","status":500}\n` })
afterAll(() => folder[Symbol.dispose]())

type HopMethod = 'logged' | 'counted' | 'collected' | 'evaluated' | 'firing' | 'received' | 'delivered'

interface Answers {
  readonly lines: readonly Partial<LogLine>[]
  readonly ruler: readonly Partial<RulerAlert>[]
  readonly received: readonly Partial<ReceivedAlert>[]
  readonly notifications: readonly { receiver: string; arrivedAt: number; statuses: readonly string[] }[]
  readonly counted: readonly { atMs: number; value: number }[]
  /** Series of pods that are gone. */
  readonly ended: readonly { labels: object; samples: readonly { atMs: number; value: number }[] }[]
}

const wellAnswers: Answers = {
  lines: [{ line: 'a line', labels: { observed_timestamp: `${BigInt(servedAt + 40) * 1_000_000n}` } }],
  ruler: [{ labels, state: 'firing', activeAt: atMs(400) }],
  received: [{ labels, updatedAt: atMs(410) }],
  notifications: [{ receiver: 'ticket', arrivedAt: servedAt + 900, statuses: ['firing'] }],
  ended: [],
  counted: [
    { atMs: servedAt - 100, value: 5 },
    { atMs: servedAt + 300, value: 6 },
    { atMs: servedAt + 800, value: 7 },
  ],
}

/** A followed fault on a stack with these answers, every wait of which is at most an allowance long. */
function follow(
  changes: Partial<Answers> = {},
  fault: Partial<FollowedFault> = {},
  alertmanager: unknown = undefined,
): FollowedAlert {
  const answers = { ...wellAnswers, ...changes }
  const asNotification = ({ receiver, arrivedAt, statuses }: Answers['notifications'][number]) =>
    ({
      receiver,
      arrivedAt,
      body: { alerts: statuses.map((status) => ({ status, labels })) },
    }) as unknown as Notification
  const stack = {
    prometheus: {
      samples: async () => [...answers.ended, { labels, samples: answers.counted }],
      alerts: async () => answers.ruler,
    },
    loki: { lines: async () => answers.lines, alerts: async () => answers.ruler },
    alertmanager: alertmanager ?? { alerts: async () => answers.received },
    alertReceiver: { notificationsAfter: async () => answers.notifications.map(asNotification) },
    signal: new AbortController().signal,
  } as unknown as FollowingStack
  const timings = timingsDouble([], { scrapeIntervalMs: 0, collectorPollMs: 0, collectorFlushMs: 0 })
  return new FollowedAlert(
    {
      id: 'the sixth error',
      app: { name: 'go', namespace: 'apps', logFile: join(folder.path, '0.log') },
      alert: 'LogsErrorBurst',
      route: '/v2',
      servedAt,
      requestId: 'r-6',
      counter: { selector: 'errors', atLeast: 6 },
      afterSequence: 0,
      receiver: 'ticket',
      ...fault,
    },
    {
      timings,
      rule: ruleDouble({ evaluationIntervalMs: 1, windowMs: 0 }),
      route: routeDouble({ groupWaitMs: 0, groupIntervalMs: 0 }),
      groupExists: false,
    },
    stack,
  )
}

test('takes the moment of every hop from the data, and its time from the hop before', async () => {
  const followed = follow()
  expect(await followed.logged()).toMatchObject({ at: servedAt + 2, ms: 2 })
  expect(await followed.collected()).toMatchObject({ at: servedAt + 40, ms: 38 })
  expect(await followed.counted()).toMatchObject({ at: servedAt + 300, ms: 300, value: 6 })
  expect(await followed.evaluated()).toMatchObject({ at: servedAt + 400 })
  expect(await followed.received()).toMatchObject({ at: servedAt + 410, ms: 10 })
  expect(await followed.delivered()).toMatchObject({ at: servedAt + 900, ms: 490 })
})

test('what a pod had counted that was replaced since is not this fault', async () => {
  const before = { labels, samples: [{ atMs: servedAt - 40_000, value: 30 }] }
  expect(await follow({ ended: [before] }).counted()).toMatchObject({ at: servedAt + 300, value: 6 })
})

test('a hop is looked for once, however often it is asked for', async () => {
  const followed = follow()
  expect(followed.delivered()).toBe(followed.delivered())
  expect(await followed.firing()).toBe(await followed.firing())
})

test('resolved is counted from the last failing answer, and only after the delivery', async () => {
  const notifications = [
    { receiver: 'ticket', arrivedAt: servedAt + 900, statuses: ['firing'] },
    { receiver: 'ticket', arrivedAt: servedAt + 9_000, statuses: ['resolved'] },
  ]
  const followed = follow({ notifications })
  const resolved = await followed.resolved(Promise.resolve(servedAt + 2_000))
  expect(resolved).toMatchObject({ name: 'resolved', at: servedAt + 9_000, ms: 7_000 })
})

const other = { labels: { ...labels, route: '/other' }, state: 'firing', activeAt: atMs(400) } as const
const watchdog = { labels: { alertname: 'Watchdog' }, state: 'firing', activeAt: atMs(400) } as const
const elsewhere = { receiver: 'default', arrivedAt: servedAt + 900, statuses: ['firing'] }

test.concurrent.each<[HopMethod, string, Partial<Answers>, Partial<FollowedFault>]>([
  ['logged', `1 lines in ${join(folder.path, '0.log')}, none of request r-7`, {}, { requestId: 'r-7' }],
  [
    'logged',
    '0 lines in /nowhere/0.log',
    {},
    { app: { name: 'go', namespace: 'apps', logFile: '/nowhere/0.log' } },
  ],
  ['counted', 'errors is 5 instead of 6', { counted: [{ atMs: servedAt, value: 5 }] }, {}],
  ['counted', 'errors is not there instead of 6', { counted: [] }, {}],
  ['collected', 'no line for {namespace="apps", app="go"} |= `"r-6"`', { lines: [] }, {}],
  ['collected', 'a stored line without observed_timestamp', { lines: [{ labels: {} }] }, {}],
  ['evaluated', 'the ruler has no LogsErrorBurst of go; it has no alert at all', { ruler: [] }, {}],
  ['evaluated', 'the ruler has no LogsErrorBurst of go; it has Watchdog{app=}', { ruler: [watchdog] }, {}],
  [
    'evaluated',
    'the ruler has no LogsErrorBurst of go; it has LogsErrorBurst{app=go}',
    { ruler: [other] },
    {},
  ],
  ['firing', 'LogsErrorBurst is pending', { ruler: [{ labels, state: 'pending', activeAt: atMs(400) }] }, {}],
  [
    'received',
    'Alertmanager holds no alert with alertname="LogsErrorBurst", app="go", route="/v2"',
    { received: [] },
    {},
  ],
  ['delivered', 'no firing notification of LogsErrorBurst at receiver ticket (', { notifications: [] }, {}],
  [
    'delivered',
    'no firing notification of LogsErrorBurst at receiver ticket; one went to default',
    { notifications: [elsewhere] },
    {},
  ],
])('%s that does not come says: %s', async (name, seen, answers, fault) => {
  await expect(follow(answers, fault)[name]()).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
    account: {
      expected: expect.stringMatching(new RegExp(`^${name}: .* within \\d+ ms$`)),
      seen: expect.stringContaining(seen),
    },
  })
})

test.concurrent('a hop that failed fails every later one, and the timeline ends before it', async () => {
  const followed = follow({ received: [] })
  const failures = await Promise.allSettled([followed.received(), followed.delivered()])
  expect(failures[0]).toEqual(failures[1])
  const seen = await followed.timeline([
    'served',
    'counted',
    'logged',
    'firing',
    'received',
    'delivered',
    'resolved',
  ])
  expect(seen.map(({ name }) => name)).toEqual(['served', 'counted', 'logged', 'firing'])
})

test.concurrent('an answer that is no answer ends the hop at once', async () => {
  const wrong = new SignalproofError('BACKEND_BAD_ANSWER', { expected: 'a', seen: 'b', remedy: 'c' })
  const followed = follow({}, {}, { alerts: () => Promise.reject(wrong) })
  await expect(followed.delivered()).rejects.toBe(wrong)
})

test('a line that was looked for late was stored by the evaluation that saw it', async () => {
  const now = Date.now()
  const changes = {
    lines: [{ line: 'a line', labels: { observed_timestamp: `${BigInt(now - 9_960) * 1_000_000n}` } }],
    ruler: [{ labels, state: 'firing' as const, activeAt: new Date(now - 9_700).toISOString() }],
  }
  const followed = follow(changes, { servedAt: now - 10_000 })
  const late = await followed.stored()
  expect(late.ms).toBeGreaterThan(late.deadlineMs)
  expect(await followed.storedByEvaluation()).toMatchObject({ at: now - 9_700, ms: 260 })
  // Without an evaluation that saw it there is nothing but the look.
  const unseen = follow({ ...changes, ruler: [] }, { servedAt: now - 10_000 })
  expect((await unseen.storedByEvaluation()).ms).toBeGreaterThan(late.deadlineMs)
})
