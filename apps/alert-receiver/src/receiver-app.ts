import express from 'express'
import { Counter, type Registry } from 'prom-client'
import { z } from 'zod'
import { refusedParts, sendProblem } from '../../node-service/src/problem.ts'
import { contextOf } from '../../node-service/src/request-context.ts'
import type { WriteLine } from '../../node-service/src/request-log.ts'
import { createServiceApp, type ServiceApp } from '../../node-service/src/service-app.ts'
import type { Tracing } from '../../node-service/src/spans.ts'
import { NotificationLog } from './notification-log.ts'
import { Refusals, refusalStatuses } from './refusals.ts'
import { knownReceivers, receiverForm, receiverName, webhookBody } from './webhook.ts'

const routes = [
  {
    method: 'POST',
    route: '/webhook/:receiver',
    statuses: [...new Set([200, 400, 413, 415, 500, ...refusalStatuses])],
  },
  { method: 'GET', route: '/notifications', statuses: [200, 400, 500] },
]

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)

const notificationsQuery = z.strictObject({
  after: wholeNumber.default(0),
  receiver: receiverName.optional(),
  wait_ms: wholeNumber.refine((waitMs) => waitMs <= 30_000, 'must be at most 30000').default(0),
})

export interface ReceiverParts {
  readonly log?: NotificationLog
  readonly refusals?: Refusals
  readonly writeLine?: WriteLine
  readonly tracing?: Tracing
}

/** Takes Alertmanager's webhooks at POST /webhook/:receiver and gives them back at GET /notifications. */
export function createReceiverApp({
  log = new NotificationLog(),
  refusals = new Refusals(),
  writeLine,
  tracing,
}: ReceiverParts = {}): ServiceApp {
  return createServiceApp({
    routes,
    ...(writeLine && { writeLine }),
    ...(tracing && { tracing }),
    addRoutes: (app, { registry, stopping }) => {
      const counters = createCounters(registry)

      app.post(
        '/webhook/:receiver',
        (request, response, next) => {
          const receiver = receiverName.safeParse(request.params.receiver)
          if (!receiver.success)
            return sendProblem(response, 400, `the receiver in the path must be ${receiverForm}`)
          const status = refusals.take(receiver.data, contextOf(response).arrivedAtMs)
          if (status === undefined) return next()
          counters.refused.inc({ receiver: receiver.data })
          sendProblem(response, status, 'refused on demand of the fault switch')
        },
        express.json({ type: () => true, limit: '4mb' }),
        (request, response) => {
          const { receiver } = request.params
          const body = webhookBody.safeParse(request.body)
          if (!body.success) {
            return sendProblem(
              response,
              400,
              'the body is no webhook of version 4',
              refusedParts('field', body.error),
            )
          }
          const { sequence } = log.keep(receiver, contextOf(response).arrivedAtMs, body.data)
          counters.notifications.inc({ receiver, status: body.data.status })
          response.json({ sequence })
        },
      )

      app.get('/notifications', async (request, response) => {
        const query = notificationsQuery.safeParse(request.query)
        if (!query.success) {
          return sendProblem(response, 400, 'the query has errors', refusedParts('parameter', query.error))
        }
        const { after, receiver, wait_ms: waitMs } = query.data
        const left = new AbortController()
        response.once('close', () => left.abort())
        const giveUp = AbortSignal.any([AbortSignal.timeout(waitMs), stopping, left.signal])
        const page = waitMs === 0 ? log.after(after, receiver) : await log.nextAfter(after, receiver, giveUp)
        response.json(page)
      })
    },
  })
}

function createCounters(registry: Registry) {
  const notifications = new Counter({
    name: 'alert_receiver_notifications_total',
    help: 'Notifications taken, by receiver and status of the group.',
    labelNames: ['receiver', 'status'],
    registers: [registry],
  })
  const refused = new Counter({
    name: 'alert_receiver_refused_total',
    help: 'Notifications refused on demand, by receiver.',
    labelNames: ['receiver'],
    registers: [registry],
  })
  for (const receiver of knownReceivers) {
    for (const status of ['firing', 'resolved']) notifications.inc({ receiver, status }, 0)
    refused.inc({ receiver }, 0)
  }
  return { notifications, refused }
}
