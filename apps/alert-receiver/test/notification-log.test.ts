import { expect, test } from 'vitest'
import { NotificationLog } from '../src/notification-log.ts'
import { webhookBody } from '../src/webhook.ts'
import { webhook } from './webhook-sample.ts'

const body = webhookBody.parse(webhook())
const bodySizeBytes = JSON.stringify(body).length

function logOf(limits: { count: number; sizeBytes: number }, kept: number): NotificationLog {
  const log = new NotificationLog(limits)
  for (let sequence = 1; sequence <= kept; sequence += 1)
    log.keep(sequence % 2 ? 'page' : 'ticket', sequence, body)
  return log
}

function sequences(log: NotificationLog, after: number, receiver?: string) {
  const { notifications, ...rest } = log.after(after, receiver)
  return { sequences: notifications.map(({ sequence }) => sequence), ...rest }
}

test('gives what is newer than a sequence, of all receivers or of one', () => {
  const log = logOf({ count: 10, sizeBytes: 1e6 }, 5)
  expect(sequences(log, 0)).toEqual({ sequences: [1, 2, 3, 4, 5], newest: 5, dropped: 0 })
  expect(sequences(log, 3)).toEqual({ sequences: [4, 5], newest: 5, dropped: 0 })
  expect(sequences(log, 1, 'ticket')).toEqual({ sequences: [2, 4], newest: 5, dropped: 0 })
  expect(sequences(log, 5)).toEqual({ sequences: [], newest: 5, dropped: 0 })
  expect(sequences(log, 99)).toEqual({ sequences: [], newest: 5, dropped: 0 })
  expect(sequences(new NotificationLog(), 0)).toEqual({ sequences: [], newest: 0, dropped: 0 })
})

test('keeps the newest up to its count and says how many a reader has missed', () => {
  const log = logOf({ count: 3, sizeBytes: 1e6 }, 8)
  expect(sequences(log, 0)).toEqual({ sequences: [6, 7, 8], newest: 8, dropped: 5 })
  expect(sequences(log, 4)).toEqual({ sequences: [6, 7, 8], newest: 8, dropped: 1 })
  expect(sequences(log, 5)).toEqual({ sequences: [6, 7, 8], newest: 8, dropped: 0 })
})

test('keeps the newest up to its size', () => {
  const log = logOf({ count: 100, sizeBytes: 2.5 * bodySizeBytes }, 4)
  expect(sequences(log, 0)).toEqual({ sequences: [3, 4], newest: 4, dropped: 2 })
  const tooSmall = logOf({ count: 100, sizeBytes: 1 }, 4)
  expect(sequences(tooSmall, 0)).toEqual({ sequences: [], newest: 4, dropped: 4 })
})

test('a wait ends with the first notification of the receiver it waits for', async () => {
  const log = logOf({ count: 10, sizeBytes: 1e6 }, 2)
  const waiting = log.nextAfter(2, 'ticket', AbortSignal.timeout(10_000))
  log.keep('page', 3, body)
  log.keep('ticket', 4, body)
  expect((await waiting).notifications.map(({ sequence }) => sequence)).toEqual([4])
})

test('a wait for what is there already ends at once, a wait that is given up with an empty page', async () => {
  const log = logOf({ count: 10, sizeBytes: 1e6 }, 2)
  expect((await log.nextAfter(1, undefined, AbortSignal.timeout(10_000))).notifications).toHaveLength(1)
  const giveUp = new AbortController()
  const waiting = log.nextAfter(2, undefined, giveUp.signal)
  giveUp.abort()
  expect(await waiting).toEqual({ notifications: [], newest: 2, dropped: 0 })
})
