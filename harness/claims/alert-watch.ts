import type { AlertReceiver, Notification } from '../backends/alert-receiver.ts'
import type { Loki } from '../backends/loki.ts'
import type { Prometheus } from '../backends/prometheus.ts'
import type { RulerAlert } from '../backends/query-answers.ts'
import { formatMs, pause } from '../core/eventually.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { answerMs } from '../timeline/allowances.ts'
import type { AlertSeen } from './claim-record.ts'

export interface WatchedStack {
  readonly prometheus: Prometheus
  readonly loki: Loki
  readonly alertReceiver: AlertReceiver
}

/** Far below the shortest window of a rule; what is pending for less, Prometheus remembers. */
const lookEveryMs = 200

/**
 * Watches both rulers from ready to end and remembers every alert that was there, pending ones included, so that the
 * whole alert set of a run can be compared with what was expected.
 */
export class AlertWatch {
  private readonly stack: WatchedStack
  private readonly seen = new Map<string, AlertSeen>()
  private readonly stopped = new AbortController()
  private watching: Promise<void> | undefined
  private startedAt = 0
  private firstSequence = 0
  private looks = 0
  private lastLookAt = 0
  /** Looks that failed since the last good one, and those that left a gap. */
  private failing: string | undefined
  private readonly gaps: string[] = []

  constructor(stack: WatchedStack) {
    this.stack = stack
  }

  start(startedAt: number, firstSequence: number): void {
    this.startedAt = startedAt
    this.lastLookAt = performance.now()
    this.firstSequence = firstSequence
    this.watching ??= this.keepLooking()
  }

  /** Every alert seen so far. Prometheus also remembers each evaluation in `ALERTS`, which closes the gaps between looks. */
  async alerts(): Promise<AlertSeen[]> {
    await this.lookOnce()
    const windowMs = performance.timeOrigin + performance.now() - this.startedAt
    for (const { labels } of await this.stack.prometheus.samples('ALERTS', windowMs))
      this.remember(labels, labels.alertstate ?? '')
    if (this.looks === 0 || this.gaps.length > 0) {
      throw new SignalproofError('BACKEND_UNREACHABLE', {
        expected: 'both rulers to answer for their alerts from ready to end',
        seen: this.gaps.at(-1) ?? 'not a single look',
        remedy: 'look at the logs of prometheus and loki',
      })
    }
    return [...this.seen.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }

  /** Every notification that arrived since the start, in order of arrival. */
  notifications(): Promise<Notification[]> {
    return this.stack.alertReceiver.notificationsAfter(this.firstSequence)
  }

  /** The same, with those of the naive routing. */
  bothStreams(): Promise<Notification[]> {
    return this.stack.alertReceiver.bothStreamsAfter(this.firstSequence)
  }

  async stop(): Promise<void> {
    this.stopped.abort()
    await this.watching
  }

  private async keepLooking(): Promise<void> {
    const { signal } = this.stopped
    while (!signal.aborted) {
      await this.lookOnce().catch((thrown: unknown) => {
        if (!signal.aborted) this.failing ??= describeThrown(thrown)
      })
      await pause(lookEveryMs, signal).catch(() => {})
    }
  }

  private async lookOnce(): Promise<void> {
    const { signal } = this.stopped
    const alerts: RulerAlert[] = (
      await Promise.all([this.stack.prometheus.alerts(signal), this.stack.loki.alerts(signal)])
    ).flat()
    for (const { labels, state } of alerts) this.remember(labels, state)
    this.looks += 1
    const now = performance.now()
    // Prometheus remembers; an alert of Loki lasts for its rule's window at least, and is seen by the look after.
    if (this.failing !== undefined && now - this.lastLookAt > answerMs)
      this.gaps.push(`nobody looked for ${formatMs(now - this.lastLookAt)}: ${this.failing}`)
    this.failing = undefined
    this.lastLookAt = now
  }

  private remember(labels: Readonly<Record<string, string>>, state: string): void {
    if (state !== 'pending' && state !== 'firing') return
    const alert: AlertSeen = {
      alertname: labels.alertname ?? '',
      app: labels.app ?? '',
      route: labels.route ?? '',
      state,
    }
    this.seen.set(keyOf(alert), alert)
  }
}

export const keyOf = ({ alertname, app, route, state }: AlertSeen): string =>
  `${alertname}{${[app && `app=${app}`, route && `route=${route}`].filter(Boolean).join(', ')}} ${state}`
