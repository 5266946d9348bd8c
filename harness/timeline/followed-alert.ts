import { readFile } from 'node:fs/promises'
import type { AlertReceiver, Notification } from '../backends/alert-receiver.ts'
import type { Alertmanager, ReceivedAlert } from '../backends/alertmanager.ts'
import type { LogLine, Loki } from '../backends/loki.ts'
import type { Prometheus } from '../backends/prometheus.ts'
import type { RulerAlert } from '../backends/query-answers.ts'
import { epochMs, parseRfc3339Ms } from '../core/clock.ts'
import { eventually, found, type Look, notYet } from '../core/eventually.ts'
import { answerMs } from './allowances.ts'
import { type HopInputs, type HopName, worstCaseOf } from './hops.ts'

/**
 * Follows one fault through every hop. Each hop is looked for as soon as the one before it was seen, with its own
 * deadline; its moment is taken from the data (a line's time, an alert's activeAt, a notification's arrival) wherever
 * the data says it, so that looking does not blur it.
 */

export interface SeenHop<T = unknown> {
  readonly name: string
  /** Epoch ms. */
  readonly at: number
  /** Since the hop it starts from. */
  readonly ms: number
  readonly worstCaseMs: number
  readonly deadlineMs: number
  readonly value: T
}

export interface FollowedFault {
  readonly id: string
  readonly app: { readonly name: string; readonly namespace: string; readonly logFile: string }
  readonly alert: string
  /** The route the alert names, for alerts that name one. */
  readonly route: string | undefined
  /** The answer that crosses the alert's threshold. */
  readonly servedAt: number
  /** The request whose line is followed; undefined for an alert on metrics. */
  readonly requestId: string | undefined
  /** The counter that the fault drives, and the value that includes the crossing answer; a stand-in app has none. */
  readonly counter?: { readonly selector: string; readonly atLeast: number }
  /** The newest notification before the fault. */
  readonly afterSequence: number
  readonly receiver: string
}

export interface FollowingStack {
  readonly prometheus: Prometheus
  readonly loki: Loki
  readonly alertmanager: Alertmanager
  readonly alertReceiver: AlertReceiver
  readonly signal: AbortSignal
  /** How long past its deadline a hop is still looked for: who measures wants to know how late it was. */
  readonly patienceMs?: number
}

export class FollowedAlert {
  readonly fault: FollowedFault
  readonly inputs: HopInputs
  private readonly stack: FollowingStack
  private readonly seenHops = new Map<HopName, Promise<SeenHop>>()
  private storedAt: number | undefined

  constructor(fault: FollowedFault, inputs: HopInputs, stack: FollowingStack) {
    this.fault = fault
    this.inputs = inputs
    this.stack = stack
    this.seenHops.set('served', Promise.resolve(this.hop('served', fault.servedAt, fault.servedAt, null)))
    // Counted beside the path of a log alert: looked for now, or the sample would be looked for after its time.
    if (fault.counter !== undefined) void this.counted()
  }

  /** The app's own line of the request, as the container runtime wrote it. */
  logged(): Promise<SeenHop<string>> {
    return this.once('logged', this.served(), async () => {
      const lines = (await readFile(this.fault.app.logFile, 'utf8').catch(() => '')).split('\n')
      const line = lines.find((text) => text.includes(`"${this.fault.requestId}"`))
      return line === undefined
        ? notYet(
            `${lines.length - 1} lines in ${this.fault.app.logFile}, none of request ${this.fault.requestId}`,
          )
        : found({ at: parseRfc3339Ms(line.split(' ', 1)[0] ?? ''), value: line })
    })
  }

  /** The first scrape whose sample includes the answer. */
  counted(): Promise<SeenHop<number>> {
    return this.once('counted', this.served(), async (signal) => {
      if (this.fault.counter === undefined) return notYet('no counter was named to follow')
      const { selector, atLeast } = this.fault.counter
      const all = await this.stack.prometheus.samples(selector, 60_000, { signal })
      // Of a pod that was replaced the series ends, and what it had counted is not this fault.
      const lastAt = (one: (typeof all)[number] | undefined) => one?.samples.at(-1)?.atMs ?? 0
      const series = all.toSorted((a, b) => lastAt(b) - lastAt(a))[0]
      const sample = series?.samples.find(({ value }) => value >= atLeast)
      const newest = series?.samples.at(-1)?.value
      return sample === undefined
        ? notYet(`${selector} is ${newest ?? 'not there'} instead of ${atLeast}`)
        : found({ at: sample.atMs, value: sample.value })
    })
  }

  /**
   * The collector's own moment travels with the line, so it is known once the line is stored: it is looked for as long
   * as both may take.
   */
  collected(): Promise<SeenHop<LogLine>> {
    const { app, requestId, servedAt } = this.fault
    const query = `{namespace="${app.namespace}", app="${app.name}"} |= \`"${requestId}"\``
    const range = { fromMs: servedAt - 60_000, toMs: servedAt + 60_000 }
    return this.once(
      'collected',
      this.logged(),
      async (signal) => {
        const [line] = await this.stack.loki.lines(query, { ...range, signal })
        if (line === undefined) return notYet(`no line for ${query}`)
        this.storedAt ??= epochMs()
        const observed = Number(BigInt(line.labels.observed_timestamp ?? '0') / 1000n) / 1000
        return observed > 0
          ? found({ at: observed, value: line })
          : notYet('a stored line without observed_timestamp')
      },
      ['collected', 'stored'],
    )
  }

  /** Loki does not say when it stored a line, so this hop's moment is the first look that found it. */
  stored(): Promise<SeenHop<LogLine>> {
    return this.once('stored', this.collected(), async () => {
      const { value } = await this.collected()
      return found({ at: this.storedAt ?? Number.NaN, value })
    })
  }

  /**
   * As `stored`; a look that came late, because the machine was busy, gives way to the evaluation that saw the line:
   * it was stored by then.
   */
  async storedByEvaluation(): Promise<SeenHop<LogLine>> {
    const stored = await this.stored()
    if (stored.ms <= stored.deadlineMs) return stored
    const evaluated = await this.evaluated().catch(() => undefined)
    return evaluated === undefined ? stored : earlierBound(stored, evaluated)
  }

  /** The ruler's alert at the evaluation that first saw the fault, pending or firing. */
  evaluated(): Promise<SeenHop<RulerAlert>> {
    const before = this.inputs.rule.signal === 'logs' ? this.stored() : this.counted()
    return this.once('evaluated', before, (signal) => this.rulerAlert(signal))
  }

  firing(): Promise<SeenHop<RulerAlert>> {
    return this.once('firing', this.evaluated(), async (signal) => {
      const alert = await this.rulerAlert(signal)
      if (!alert.ok) return alert
      const { value } = alert.value
      if (value.state !== 'firing') return notYet(`${this.fault.alert} is ${value.state}`)
      // Without \`for\` it fires at the evaluation that sees it; with it, the ruler does not say when it fired.
      return found({ at: this.inputs.rule.forMs === 0 ? alert.value.at : epochMs(), value })
    })
  }

  received(): Promise<SeenHop<ReceivedAlert>> {
    return this.once('received', this.firing(), async (signal) => {
      const [alert] = await this.stack.alertmanager.alerts(this.matchers(), signal)
      return alert === undefined
        ? notYet(`Alertmanager holds no alert with ${this.matchers().join(', ')}`)
        : found({ at: parseRfc3339Ms(alert.updatedAt), value: alert })
    })
  }

  delivered(): Promise<SeenHop<Notification>> {
    return this.once('delivered', this.received(), (signal) => this.notification('firing', signal))
  }

  /** Counted from the last failing answer, which is known only once the fault is over. */
  resolved(lastServedAt: Promise<number>): Promise<SeenHop<Notification>> {
    const over = lastServedAt.then((at) => this.hop('served', at, at, null))
    return this.once(
      'resolved',
      Promise.all([over, this.delivered()]).then(([last]) => last),
      (signal) => this.notification('resolved', signal),
    )
  }

  /** What was seen so far, in the order of the hops; hops that failed are left out. */
  async timeline(names: readonly HopName[]): Promise<SeenHop[]> {
    const all = await Promise.allSettled(names.map((name) => this.seenHops.get(name) ?? Promise.reject()))
    const seen = all.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    return withStoredByEvaluation(seen)
  }

  private served(): Promise<SeenHop> {
    return this.seenHops.get('served') as Promise<SeenHop>
  }

  private matchers(): string[] {
    const { alert, app, route } = this.fault
    return [`alertname="${alert}"`, `app="${app.name}"`, ...(route === undefined ? [] : [`route="${route}"`])]
  }

  private concerns(labels: Readonly<Record<string, string>>): boolean {
    const { alert, app, route } = this.fault
    return (
      labels.alertname === alert && labels.app === app.name && (route === undefined || labels.route === route)
    )
  }

  private async rulerAlert(signal: AbortSignal): Promise<Look<{ at: number; value: RulerAlert }>> {
    const ruler = this.inputs.rule.signal === 'logs' ? this.stack.loki : this.stack.prometheus
    const alerts = await ruler.alerts(signal)
    const alert = alerts.find(({ labels }) => this.concerns(labels))
    if (alert !== undefined) return found({ at: parseRfc3339Ms(alert.activeAt), value: alert })
    const others = alerts.map(({ labels }) => `${labels.alertname}{app=${labels.app ?? ''}}`).join(', ')
    return notYet(
      `the ruler has no ${this.fault.alert} of ${this.fault.app.name}; it has ${others || 'no alert at all'}`,
    )
  }

  private async notification(
    status: 'firing' | 'resolved',
    signal: AbortSignal,
  ): Promise<Look<{ at: number; value: Notification }>> {
    const arrived = await this.stack.alertReceiver.notificationsAfter(this.fault.afterSequence, signal)
    const mine = arrived.filter(({ body }) =>
      body.alerts.some((alert) => alert.status === status && this.concerns(alert.labels)),
    )
    const there = mine.find(({ receiver }) => receiver === this.fault.receiver)
    if (there !== undefined) return found({ at: there.arrivedAt, value: there })
    const elsewhere = mine.map(({ receiver }) => receiver).join(', ')
    return notYet(
      `no ${status} notification of ${this.fault.alert} at receiver ${this.fault.receiver}${elsewhere === '' ? '' : `; one went to ${elsewhere}`}`,
    )
  }

  private deadline(names: readonly HopName[]): { withinMs: number; signal: AbortSignal } {
    return {
      withinMs: worstCaseOf(names, this.inputs).deadlineMs + (this.stack.patienceMs ?? 0),
      signal: this.stack.signal,
    }
  }

  private once<T>(
    name: HopName,
    before: Promise<SeenHop>,
    look: (signal: AbortSignal) => Promise<Look<{ at: number; value: T }>>,
    lookedForAs: readonly HopName[] = [name],
  ): Promise<SeenHop<T>> {
    const known = this.seenHops.get(name)
    if (known !== undefined) return known as Promise<SeenHop<T>>
    const looking = before.then(async (from) => {
      const { withinMs, signal } = this.deadline(lookedForAs)
      const { value } = await eventually(`${name}: ${describeHop[name]}`, look, {
        withinMs,
        lastLookMs: answerMs,
        signal,
        remedy: remedies[name],
      })
      return this.hop(name, value.at, from.at, value.value)
    })
    // Whoever asks for the hop gets the failure; until then it must not count as unhandled.
    looking.catch(() => {})
    this.seenHops.set(name, looking)
    return looking
  }

  private hop<T>(name: HopName, at: number, fromAt: number, value: T): SeenHop<T> {
    const { worstCaseMs, deadlineMs } = worstCaseOf([name], this.inputs)
    return { name, at, ms: Math.max(0, at - fromAt), worstCaseMs, deadlineMs, value }
  }
}

const describeHop: Record<HopName, string> = {
  served: 'the client has the answer',
  counted: 'the counter has it at a scrape',
  logged: "the app's line is in its log",
  collected: 'the collector read the line',
  stored: 'Loki answers with the line',
  evaluated: 'the rule saw it',
  firing: 'the alert fires',
  received: 'Alertmanager has the alert',
  delivered: 'the notification arrived',
  resolved: 'the resolved notification arrived',
}

const remedies: Record<HopName, string> = {
  served: 'look at the app',
  counted: 'look at /targets of Prometheus',
  logged: "look at the app's log",
  collected: 'look at the collector: `include`, its log, and otelcol_exporter_send_failed_log_records',
  stored: 'look at the log of the collector and at loki_discarded_samples_total',
  evaluated: "run the rule's expression by hand against the ruler's backend",
  firing: 'compare `for` with how long the expression stays true',
  received: "check the ruler's alertmanager_url and loki_prometheus_notifications_errors_total",
  delivered: "check the route's receiver, its url and alertmanager_notifications_failed_total",
  resolved: 'check send_resolved and group_interval',
}

/**
 * Loki does not say when it stored a line; the harness's first look that found it came later. An evaluation that saw the
 * line proves that it was stored by then, so the earlier of the two is the better bound, and the hops add up.
 */
function withStoredByEvaluation(seen: readonly SeenHop[]): SeenHop[] {
  const evaluated = seen.find(({ name }) => name === 'evaluated')
  return seen.map((hop) =>
    hop.name === 'stored' && evaluated !== undefined ? earlierBound(hop, evaluated) : hop,
  )
}

const earlierBound = <T>(stored: SeenHop<T>, evaluated: SeenHop): SeenHop<T> =>
  evaluated.at >= stored.at
    ? stored
    : { ...stored, at: evaluated.at, ms: Math.max(0, stored.ms - (stored.at - evaluated.at)) }
