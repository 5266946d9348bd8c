import { expect, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { AlertReceiver, naiveReceiver } from './alert-receiver.ts'

const notification = {
  sequence: 8,
  receiver: 'ticket',
  arrivedAt: 1_763_884_800_123.5,
  body: {
    status: 'firing',
    groupKey: '{}:{alertname="A"}',
    groupLabels: { alertname: 'A' },
    alerts: [
      {
        status: 'resolved',
        labels: {},
        annotations: {},
        startsAt: '2026-11-23T08:00:00Z',
        endsAt: '2026-11-23T08:05:00Z',
        fingerprint: 'f1',
      },
    ],
  },
}

test('reads the notifications after a sequence number', async () => {
  await using server = await backendDouble({ notifications: [notification], newest: 8, dropped: 0 })
  expect(await new AlertReceiver(server.url).notificationsAfter(7)).toEqual([notification])
  expect(server.asked[0]?.path).toBe('/notifications?after=7')
})

test('reads the newest sequence number, 0 before the first', async () => {
  await using server = await backendDouble({ notifications: [], newest: 0, dropped: 0 })
  expect(await new AlertReceiver(server.url).newest()).toBe(0)
})

test('refuses a notification without the moment of its arrival', async () => {
  const { arrivedAt: _, ...timeless } = notification
  await using server = await backendDouble({ notifications: [timeless], newest: 8, dropped: 0 })
  await expect(new AlertReceiver(server.url).notificationsAfter(0)).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: expect.stringContaining('at notifications.0.arrivedAt in ') },
  })
})

test('what people were told leaves the naive stream out, and both can be asked for', async () => {
  const body = { status: 'firing', groupKey: 'g', groupLabels: {}, alerts: [] }
  const notifications = ['ticket', naiveReceiver].map((receiver, index) => ({
    sequence: index + 1,
    receiver,
    arrivedAt: index,
    body,
  }))
  await using server = await backendDouble({ notifications, newest: 2, dropped: 0 })
  const receiver = new AlertReceiver(server.url)
  expect((await receiver.notificationsAfter(0)).map((one) => one.receiver)).toEqual(['ticket'])
  expect((await receiver.bothStreamsAfter(0)).map((one) => one.receiver)).toEqual(['ticket', 'naive'])
})
