import { EventEmitter, once } from 'node:events'
import type { WebhookBody } from './webhook.ts'

export interface Notification {
  /** 1 for the first notification of this process; no number is left out. */
  readonly sequence: number
  readonly receiver: string
  /** Epoch milliseconds with a fraction, when the head of the request had arrived. */
  readonly arrivedAt: number
  readonly body: WebhookBody
}

export interface NotificationPage {
  readonly notifications: readonly Notification[]
  /** The newest sequence of all receivers; 0 before the first notification. */
  readonly newest: number
  /** How many notifications after the asked sequence, of whatever receiver, are not kept any more. */
  readonly dropped: number
}

export interface LogLimits {
  readonly count: number
  readonly sizeBytes: number
}

const defaultLimits: LogLimits = { count: 10_000, sizeBytes: 64 * 1024 * 1024 }

/** The newest notifications, as many as the limits allow. */
export class NotificationLog {
  readonly #limits: LogLimits
  readonly #kept: { readonly notification: Notification; readonly sizeBytes: number }[] = []
  readonly #arrivals = new EventEmitter().setMaxListeners(0)
  #newest = 0
  #sizeBytes = 0

  constructor(limits: LogLimits = defaultLimits) {
    this.#limits = limits
  }

  keep(receiver: string, arrivedAt: number, body: WebhookBody): Notification {
    this.#newest += 1
    const notification = { sequence: this.#newest, receiver, arrivedAt, body }
    const sizeBytes = Buffer.byteLength(JSON.stringify(body))
    this.#kept.push({ notification, sizeBytes })
    this.#sizeBytes += sizeBytes
    while (this.#kept.length > this.#limits.count || this.#sizeBytes > this.#limits.sizeBytes) {
      this.#sizeBytes -= this.#kept.shift()?.sizeBytes ?? 0
    }
    this.#arrivals.emit('kept')
    return notification
  }

  after(sequence: number, receiver?: string): NotificationPage {
    const oldestKept = this.#newest - this.#kept.length + 1
    const notifications = this.#kept
      .slice(Math.max(0, sequence + 1 - oldestKept))
      .map(({ notification }) => notification)
      .filter((notification) => receiver === undefined || notification.receiver === receiver)
    return { notifications, newest: this.#newest, dropped: Math.max(0, oldestKept - 1 - sequence) }
  }

  /** As `after`, but an empty page waits until there is something newer or `giveUp` is aborted. */
  async nextAfter(
    sequence: number,
    receiver: string | undefined,
    giveUp: AbortSignal,
  ): Promise<NotificationPage> {
    for (;;) {
      const page = this.after(sequence, receiver)
      if (page.notifications.length > 0 || giveUp.aborted) return page
      await once(this.#arrivals, 'kept', { signal: giveUp }).catch(() => {})
    }
  }
}
