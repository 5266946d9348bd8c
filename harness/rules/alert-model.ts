/**
 * What becomes of a rule's answers over time, as Prometheus' alerting rules do it and Loki's ruler with them (it runs
 * the same code): `AlertingRule.Eval` in rules/alerting.go of prometheus/prometheus 3.16.
 * - A label set that is in the answer becomes pending at that evaluation, and fires as soon as it has been in every
 *   answer for `for`; without `for` it fires at once.
 * - A pending one that is missing from an answer is forgotten: `for` starts anew.
 * - A firing one that is missing is resolved, unless `keep_firing_for` has not yet passed since the first answer that
 *   missed it; being in an answer again starts that time anew.
 * Labels are the answer's without the metric's name, then the rule's, then the alert's name. The model has no Go
 * templates: a rule whose labels have one is proven on a real ruler only.
 */

export type Labels = Readonly<Record<string, string>>

export interface ActiveAlert {
  readonly labels: Labels
  readonly state: 'pending' | 'firing'
}

export interface ModelledRule {
  readonly alert: string
  readonly forMs: number
  readonly keepFiringForMs: number
  readonly labels: Labels
}

interface TrackedAlert {
  readonly labels: Labels
  readonly activeAtMs: number
  state: 'pending' | 'firing'
  missingSinceMs: number | undefined
}

export class AlertModel {
  readonly #rule: ModelledRule
  readonly #tracked = new Map<string, TrackedAlert>()

  constructor(rule: ModelledRule) {
    this.#rule = rule
  }

  /** One evaluation: the label sets that the expression has a value for at that time. Times only go forward. */
  evaluate(atMs: number, answer: readonly Labels[]): ActiveAlert[] {
    const answered = new Map(
      answer.map((labels) => this.#named(labels)).map((labels) => [keyOf(labels), labels]),
    )
    if (answered.size < answer.length)
      throw new Error('two series of the answer have the same labels as alerts')
    for (const [key, labels] of answered) {
      if (!this.#tracked.has(key))
        this.#tracked.set(key, { labels, activeAtMs: atMs, state: 'pending', missingSinceMs: undefined })
    }
    for (const [key, alert] of this.#tracked) {
      if (answered.has(key)) alert.missingSinceMs = undefined
      else if (!this.#isKept(alert, atMs)) this.#tracked.delete(key)
      if (atMs - alert.activeAtMs >= this.#rule.forMs) alert.state = 'firing'
    }
    return [...this.#tracked.values()].map(({ labels, state }) => ({ labels, state }))
  }

  #isKept(alert: TrackedAlert, atMs: number): boolean {
    if (alert.state === 'pending') return false
    alert.missingSinceMs ??= atMs
    return atMs - alert.missingSinceMs < this.#rule.keepFiringForMs
  }

  #named(labels: Labels): Labels {
    const { __name__: _, ...own } = labels
    return { ...own, ...this.#rule.labels, alertname: this.#rule.alert }
  }
}

export const keyOf = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
