import { Alertmanager } from '../backends/alertmanager.ts'
import { Loki } from '../backends/loki.ts'
import { windowsMs } from '../config/range-windows.ts'
import { eventually, found, type Look, notYet } from '../core/eventually.ts'
import { formatDuration } from '../core/prometheus-duration.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { keyOf, type Labels } from './alert-model.ts'
import type { AlertRule } from './alert-rules.ts'
import type { CaseFailure } from './case-results.ts'
import { writeLabels } from './log-case.ts'
import type { TestLine } from './log-lines.ts'
import type { LogCase, LogExpectation } from './log-test-format.ts'
import { pushLines } from './tenant-loki.ts'

/**
 * An expectation of a case judged by the real ruler, which has the shipped rule file in the fast profile: the lines that lie in the
 * rule's window when the case expects the alert are sent as if they had just been written, and the alert has to arrive
 * at a real Alertmanager as it is expected, labels, rendered annotations and all.
 */

export interface DeliveredCaseContext {
  readonly lokiUrl: string
  readonly alertmanagerUrl: string
  readonly tenant: string
  readonly ruleOf: (alert: string) => AlertRule
  /** How many rules of the file the ruler has to have, all of them healthy. */
  readonly ruleCount: number
  readonly withinMs: number
  readonly signal: AbortSignal
}

export interface DeliveredExpectation {
  readonly expectation: LogExpectation
  /** File and line of it. */
  readonly where: string
}

/** The expectations that a case is delivered for: each that gives annotations, by itself. */
export function deliveredExpectations(test: LogCase): DeliveredExpectation[] {
  return test.expect.flatMap((expectation, index) =>
    expectation.firing?.some(({ annotations }) => annotations !== undefined)
      ? [{ expectation, where: test.whereExpected(index) }]
      : [],
  )
}

export async function judgeDelivered(
  { expectation, where }: DeliveredExpectation,
  lines: readonly TestLine[],
  context: DeliveredCaseContext,
): Promise<CaseFailure[]> {
  const { lokiUrl: url, tenant, signal, withinMs } = context
  const rule = context.ruleOf(expectation.alert)
  const watch = new DeliveryWatch({ ...context, rule, expectation })
  const condition = `${rule.alert} through the ruler to Alertmanager`
  const wait = { withinMs, remedy: '', signal }
  try {
    await eventually(condition, () => watch.lookAtHealth(), wait)
    // Only now: the fast window is short, and a ruler that is still busy with its start could let it pass.
    const now = BigInt(Date.now()) * 1_000_000n
    await pushLines({ url, tenant }, asOfNow(lines, rule, expectation.at), now, signal)
    await eventually(condition, () => watch.lookAtRuler(), wait)
    await eventually(condition, () => watch.lookAtAlertmanager(), wait)
    return []
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof SignalproofError) || thrown.code === 'BACKEND_UNREACHABLE') throw thrown
    return [
      {
        expected: `${condition} as at ${formatDuration(expectation.at)} of the case`,
        seen: watch.difference ?? describeThrown(thrown),
        where,
        remedy: `compare with the rule at ${rule.lineOf()}; durations are those of the fast profile here`,
      },
    ]
  }
}

/** The lines that the rule counts at that moment of the case, as lines of now: production's window is longer than fast's. */
function asOfNow(lines: readonly TestLine[], rule: AlertRule, atMs: number): TestLine[] {
  const windowMs = Math.max(0, ...windowsMs('logql', rule.expr))
  const [from, to] = [BigInt(atMs - windowMs) * 1_000_000n, BigInt(atMs) * 1_000_000n]
  const counted = lines.filter(({ atNs }) => atNs > from && atNs <= to)
  return counted.map((line, index) => ({ ...line, atNs: BigInt(index - counted.length) }))
}

/** Looks along the way of one alert. */
class DeliveryWatch {
  /** What is wrong with the alert itself: it says more than that the alert is over, which it is soon after. */
  difference: string | undefined
  readonly #loki: Loki
  readonly #alertmanager: Alertmanager
  readonly #context: DeliveredCaseContext & { readonly rule: AlertRule; readonly expectation: LogExpectation }

  constructor(context: DeliveredCaseContext & { rule: AlertRule; expectation: LogExpectation }) {
    this.#context = context
    this.#loki = new Loki(context.lokiUrl, { tenant: context.tenant })
    this.#alertmanager = new Alertmanager(context.alertmanagerUrl)
  }

  async lookAtHealth(): Promise<Look<void>> {
    const { ruleCount, signal } = this.#context
    const rules = (await this.#loki.ruleGroups(signal)).flatMap((group) => group.rules)
    if (rules.length < ruleCount)
      return notYet(`the ruler has ${rules.length} of the ${ruleCount} rules of the file`)
    const ill = rules.find(({ health }) => health !== 'ok')
    if (ill === undefined) return found(undefined)
    return notYet(`the health of ${ill.name} is ${ill.health} ${ill.lastError ?? ''}`.trimEnd())
  }

  async lookAtRuler(): Promise<Look<void>> {
    const { rule, expectation, signal } = this.#context
    const healthy = await this.lookAtHealth()
    if (!healthy.ok) return healthy
    const alerts = (await this.#loki.alerts(signal)).filter(({ labels }) => labels.alertname === rule.alert)
    const extra = alerts.find(
      ({ labels }) => !expectation.firing?.some((each) => isSame(each.labels, labels)),
    )
    if (extra !== undefined) return this.#differs(`the ruler has ${writeLabels(extra.labels)}`)
    return this.#compare(
      'the ruler',
      alerts.filter(({ state }) => state === 'firing'),
    )
  }

  async lookAtAlertmanager(): Promise<Look<void>> {
    const { rule, signal } = this.#context
    return this.#compare(
      'Alertmanager',
      await this.#alertmanager.alerts([`alertname="${rule.alert}"`], signal),
    )
  }

  #compare(who: string, alerts: readonly { labels: Labels; annotations: Labels }[]): Look<void> {
    const { rule, expectation } = this.#context
    for (const { labels, annotations } of expectation.firing ?? []) {
      const same = alerts.find((alert) => isSame(labels, alert.labels))
      if (same === undefined) return notYet(`${who} has no firing ${rule.alert} ${writeLabels(labels)}`)
      const wrong = firstDifference(annotations ?? same.annotations, same.annotations)
      if (wrong !== undefined) return this.#differs(`in ${who} ${wrong}`)
    }
    return found(undefined)
  }

  #differs(what: string): Look<never> {
    this.difference = what
    return notYet(what)
  }
}

function isSame(expected: Labels, { alertname: _, ...seen }: Labels): boolean {
  return keyOf(expected) === keyOf(seen)
}

function firstDifference(expected: Labels, seen: Labels): string | undefined {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(seen)])].sort()
  const name = names.find((each) => expected[each] !== seen[each])
  if (name === undefined) return undefined
  const [shown, wanted] = [seen, expected].map((side) =>
    side[name] === undefined ? 'none' : `"${side[name]}"`,
  )
  return `the annotation ${name} is ${shown}, not ${wanted}`
}
