import { z } from 'zod'
import type { DeclaredCall, DeclaredPath } from '../core/declared-call.ts'
import { ask } from '../core/http.ts'

/** What arrived at the end of the chain: every notification with the moment of its arrival. */

export const alertReceiverCalls = ['GET /notifications'] as const satisfies readonly DeclaredCall[]

type AlertReceiverPath = DeclaredPath<typeof alertReceiverCalls>

const labels = z.record(z.string(), z.string())
const notification = z.object({
  sequence: z.int(),
  receiver: z.string(),
  arrivedAt: z.number(),
  body: z.object({
    status: z.enum(['firing', 'resolved']),
    groupKey: z.string(),
    groupLabels: labels,
    alerts: z.array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels,
        annotations: labels,
        startsAt: z.string(),
        endsAt: z.string(),
        fingerprint: z.string(),
      }),
    ),
  }),
})
const notificationsAnswer = z.object({
  notifications: z.array(notification),
  newest: z.int(),
  dropped: z.int(),
})

/** Where the Alertmanager that neither groups nor inhibits sends everything: it says nothing about our routes. */
export const naiveReceiver = 'naive'

export type Notification = z.output<typeof notification>

export class AlertReceiver {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** What people were told after a sequence number, in order of arrival. */
  async notificationsAfter(after: number, signal?: AbortSignal): Promise<Notification[]> {
    return (await this.bothStreamsAfter(after, signal)).filter(({ receiver }) => receiver !== naiveReceiver)
  }

  /** The same, and beside it what they would have been told without grouping and inhibition. */
  async bothStreamsAfter(after: number, signal?: AbortSignal): Promise<Notification[]> {
    return (await this.read({ after }, signal)).notifications
  }

  /** The sequence number of the newest notification; 0 before the first. */
  async newest(signal?: AbortSignal): Promise<number> {
    return (await this.read({ after: 999_999_999 }, signal)).newest
  }

  private read(
    params: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<z.output<typeof notificationsAnswer>> {
    const path: AlertReceiverPath = '/notifications'
    return ask(
      {
        backend: 'alert-receiver',
        url: `${this.url}${path}`,
        params,
        ...(signal === undefined ? {} : { signal }),
      },
      notificationsAnswer,
    )
  }
}
