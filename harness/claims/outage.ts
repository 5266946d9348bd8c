import type { Notification } from '../backends/alert-receiver.ts'
import type { RulerAlert } from '../backends/query-answers.ts'
import { epochMs, parseRfc3339Ms } from '../core/clock.ts'
import { eventually, found, type Look, notYet } from '../core/eventually.ts'
import { longestStackFaultMs, type StackFault } from '../environments/process/supervisor-protocol.ts'
import { beginStackFault } from '../faults/stack-faults.ts'
import { answerMs } from '../timeline/allowances.ts'
import type { SeenHop } from '../timeline/followed-alert.ts'
import {
  type OutageHopName,
  type OutageInputs,
  outageHopNames,
  outageWorstCase,
  type Term,
} from '../timeline/outage-hops.ts'
import type { AlertSeen, TimelineRecord } from './claim-record.ts'
import { timingsOf } from './deadlines.ts'
import type { Run } from './run.ts'
import { SkippedClaim } from './skipped-claim.ts'

/** One thing of the stack is broken for a while; its alert is followed to the delivered and the resolved notification. */

export interface OutageRequest {
  /** What is wrong, in words. */
  readonly id: string
  /** A fault of the stack, or a way to begin another kind; it is ended whatever happens. */
  readonly fault: StackFault | (() => Promise<{ end(): Promise<unknown> }>)
  readonly alert: string
  /** The labels that the alert has to carry. */
  readonly labels: Readonly<Record<string, string>>
  readonly receiver: string
  /** See OutageInputs. */
  readonly noticedLater?: readonly Term[]
  readonly clearedLater?: readonly Term[]
  /** What else has to be seen before the fault is ended; the story that asks judges it. */
  readonly until?: (begunAt: number, afterSequence: number) => Promise<unknown>
}

/** Begins an outage and follows it. @throws SkippedClaim where the environment cannot break its own stack */
export async function beginOutage(run: Run, request: OutageRequest): Promise<Outage> {
  const { rule, route } = await timingsOf(run, request.alert, request.receiver)
  const inputs: OutageInputs = { ...request, timings: await run.timings(), rule, route }
  const afterSequence = await run.alertReceiver.newest()
  const askedAt = epochMs()
  const begun =
    typeof request.fault === 'function'
      ? await request.fault()
      : await beginStackFaultIn(run, request.fault, 2 * deliveryDeadlineMs(inputs) + answerMs)
  const outage = new Outage(run, request, inputs, { askedAt, begunAt: epochMs() }, afterSequence, begun)
  run.outages.push(outage)
  return outage
}

/** A fault of the stack that is forgotten ends by itself; where none can be made the claim is skipped and says so. */
export function beginStackFaultIn(
  run: Run,
  fault: StackFault,
  expiresInMs: number,
): ReturnType<typeof beginStackFault> {
  if (!run.environment.capabilities.includes('stack-faults'))
    throw new SkippedClaim(`this environment cannot break its own stack (${fault.kind})`)
  const expires_in_ms = Math.min(longestStackFaultMs, Math.ceil(expiresInMs))
  return beginStackFault(run.environment, { fault, expires_in_ms })
}

const deliveryDeadlineMs = (inputs: OutageInputs): number =>
  (['noticed', 'firing', 'delivered'] as const).reduce(
    (sum, name) => sum + outageWorstCase(name, inputs).deadlineMs,
    0,
  )

export class Outage {
  readonly request: OutageRequest
  /** Epoch ms: it is in force somewhere between being asked for and begun, so an alert of it may be older than its begin. */
  readonly askedAt: number
  readonly begunAt: number
  readonly afterSequence: number
  /** Epoch ms at which the fault was over; rejects when it could not be ended. */
  readonly endedAt: Promise<number>
  private readonly run: Run
  private readonly inputs: OutageInputs
  private readonly seenHops = new Map<OutageHopName, Promise<SeenHop>>()

  constructor(
    run: Run,
    request: OutageRequest,
    inputs: OutageInputs,
    { askedAt, begunAt }: { readonly askedAt: number; readonly begunAt: number },
    afterSequence: number,
    begun: { end(): Promise<unknown> },
  ) {
    this.run = run
    this.request = request
    this.inputs = inputs
    this.askedAt = askedAt
    this.begunAt = begunAt
    this.afterSequence = afterSequence
    const until = request.until?.(begunAt, afterSequence)
    this.endedAt = Promise.allSettled([this.delivered(), until]).then(async () => {
      await begun.end()
      return epochMs()
    })
    // Whoever asks for a later hop hears of it; nobody has to.
    this.endedAt.catch(() => {})
  }

  /** The alerts that this outage raises, as both rulers have them: one that waits for its `for` is pending first. */
  get expected(): AlertSeen[] {
    const { alert, labels } = this.request
    const states = this.inputs.rule.forMs > 0 ? (['pending', 'firing'] as const) : (['firing'] as const)
    return states.map((state) => ({
      alertname: alert,
      app: labels.app ?? '',
      route: labels.route ?? '',
      state,
    }))
  }

  /** The first evaluation that sees it. */
  noticed(): Promise<SeenHop<RulerAlert>> {
    const { alert, labels } = this.request
    const ruler = this.inputs.rule.signal === 'logs' ? this.run.loki : this.run.prometheus
    return this.once('noticed', Promise.resolve(this.begunAt), async (signal) => {
      const alerts = await ruler.alerts(signal)
      const there = alerts.find((candidate) => carries(candidate.labels, { alertname: alert, ...labels }))
      return there === undefined
        ? notYet(alerts.map((other) => other.labels.alertname).join(', ') || 'no alert at all')
        : found({ at: parseRfc3339Ms(there.activeAt), value: there })
    })
  }

  delivered(): Promise<SeenHop<Notification>> {
    return this.once('delivered', this.noticed().then(endOf), (signal) =>
      this.notification('firing', this.afterSequence, signal),
    )
  }

  /** The resolved notification, after the fault has ended. */
  cleared(): Promise<SeenHop<Notification>> {
    return this.once('cleared', this.endedAt, async (signal) => {
      const { value } = await this.delivered()
      return this.notification('resolved', value.sequence, signal)
    })
  }

  /** Every hop that was seen, in their order. */
  async timeline(): Promise<TimelineRecord> {
    const begun = { name: 'begun', at: this.begunAt, ms: 0, ...outageWorstCase('begun', this.inputs) }
    const later = await Promise.allSettled(outageHopNames.flatMap((name) => this.seenHops.get(name) ?? []))
    const seen = later.flatMap((hop) => (hop.status === 'fulfilled' ? [hop.value] : []))
    const delivered = seen.find(({ name }) => name === 'delivered')
    return {
      id: this.request.id,
      kind: 'outage',
      alert: this.request.alert,
      hops: [
        begun,
        ...seen.map(({ name, at, ms, worstCaseMs, deadlineMs }) => ({
          name,
          at,
          ms,
          worstCaseMs,
          deadlineMs,
          formula: outageWorstCase(name as OutageHopName, this.inputs).formula,
        })),
      ],
      totalMs: delivered === undefined ? null : delivered.at - this.begunAt,
      worstCaseMs: (['noticed', 'firing', 'delivered'] as const).reduce(
        (sum, name) => sum + outageWorstCase(name, this.inputs).worstCaseMs,
        0,
      ),
    }
  }

  private async notification(
    status: 'firing' | 'resolved',
    afterSequence: number,
    signal: AbortSignal,
  ): Promise<Look<{ at: number; value: Notification }>> {
    const { alert, labels, receiver } = this.request
    const arrived = await this.run.alertReceiver.notificationsAfter(afterSequence, signal)
    const here = arrived.filter((notification) => notification.receiver === receiver)
    const value = here.find(({ body }) =>
      body.alerts.some(
        (sent) => sent.status === status && carries(sent.labels, { alertname: alert, ...labels }),
      ),
    )
    return value === undefined
      ? notYet(`no ${status} notification of ${alert} at receiver ${receiver}`)
      : found({ at: value.arrivedAt, value })
  }

  private once<T>(
    name: 'noticed' | 'delivered' | 'cleared',
    from: Promise<number>,
    look: (signal: AbortSignal) => Promise<Look<{ at: number; value: T }>>,
  ): Promise<SeenHop<T>> {
    const known = this.seenHops.get(name)
    if (known !== undefined) return known as Promise<SeenHop<T>>
    const seeing = from.then((startedAt) => this.see(name, startedAt, look))
    seeing.catch(() => {})
    this.seenHops.set(name, seeing)
    return seeing
  }

  private async see<T>(
    name: 'noticed' | 'delivered' | 'cleared',
    startedAt: number,
    look: (signal: AbortSignal) => Promise<Look<{ at: number; value: T }>>,
  ): Promise<SeenHop<T>> {
    // Delivered counts from the moment it was noticed, so `for` is part of its time.
    const names = name === 'delivered' ? (['firing', 'delivered'] as const) : [name]
    const limits = names.map((hop) => outageWorstCase(hop, this.inputs))
    const worstCaseMs = limits.reduce((sum, limit) => sum + limit.worstCaseMs, 0)
    const deadlineMs = limits.reduce((sum, limit) => sum + limit.deadlineMs, 0)
    const { id, alert } = this.request
    const { value: seen } = await eventually(`${alert} ${name} (${id})`, look, {
      withinMs: Math.max(answerMs, startedAt + deadlineMs - epochMs()),
      remedy: `run the expression of ${alert} by hand while it lasts; look at its route in alerts/alertmanager.yaml`,
      lastLookMs: answerMs,
      signal: this.run.signal,
    })
    return {
      name,
      at: seen.at,
      ms: Math.max(0, seen.at - startedAt),
      worstCaseMs,
      deadlineMs,
      value: seen.value,
    }
  }
}

const endOf = ({ at }: SeenHop): number => at

const carries = (
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean => Object.entries(wanted).every(([name, value]) => labels[name] === value)

/** Writes what was seen of every outage into the run's record, as far as each came. */
export async function recordOutages(run: Run): Promise<void> {
  for (const outage of run.outages) run.record.write({ kind: 'timeline', timeline: await outage.timeline() })
}
