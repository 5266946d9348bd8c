import { formatDuration } from '../core/prometheus-duration.ts'
import { type BurnRatePair, thresholdOf } from './burn-rate-windows.ts'
import { readCounterSelector } from './counter-selector.ts'
import { badIncrease, badRate, type Objective, pairsOf, totalIncrease, totalRate } from './objective.ts'

/**
 * The rules of an objective: what share of the events was bad in each window, and an alert for each pair of windows. What an
 * alert compares stands before it in its own group, so that both are of the same evaluation.
 */

interface RecordingRule {
  readonly record: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
}

interface BurnRateAlert {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface RuleGroup {
  readonly name: string
  readonly interval?: string
  readonly rules: readonly (RecordingRule | BurnRateAlert)[]
}

export const burnAlert = 'SloBudgetBurn'

/** The recorded error ratio over a window, called by the window's name. */
export const recordName = (window: string): string => `slo:sli_error:ratio_rate${window}`

/** Counts of whole, adjoining steps: their sum over a period is weighted by traffic, as a mean of ratios is not. */
export const budgetStep = '5m'
export const budgetRecords = {
  total: `slo:sli_total:increase${budgetStep}`,
  bad: `slo:sli_bad:increase${budgetStep}`,
  objective: 'slo:objective:ratio',
} as const

export interface BurnRateOptions {
  /** Instead of the objective's own. */
  readonly pairs?: readonly BurnRatePair[]
  /** Instead of Prometheus' own for pages and the slower one of tickets. */
  readonly interval?: string
}

/** Tickets look at days: what they read is much, and nobody waits for it. */
const ticketInterval = '2m'

/** One group for the pages of an objective and one for its tickets. */
export function burnRateGroups(objective: Objective, options: BurnRateOptions = {}): RuleGroup[] {
  const { pairs = pairsOf(objective), interval } = options
  return (['page', 'ticket'] as const).flatMap((severity): RuleGroup[] => {
    const own = pairs.filter((pair) => pair.severity === severity)
    const every = interval ?? (severity === 'ticket' ? ticketInterval : undefined)
    if (own.length === 0) return []
    return [
      {
        name: `slo-${objective.name}-${severity}`,
        ...(every === undefined ? {} : { interval: every }),
        rules: own.flatMap((pair) => rulesOf(objective, pair)),
      },
    ]
  })
}

/** What a budget over the whole period is computed from. */
export function budgetGroup(objective: Objective): RuleGroup {
  const labels = labelsOf(objective)
  return {
    name: `slo-${objective.name}-budget`,
    interval: budgetStep,
    rules: [
      { record: budgetRecords.total, expr: totalIncrease(objective, budgetStep), labels },
      { record: budgetRecords.bad, expr: badIncrease(objective, budgetStep), labels },
      { record: budgetRecords.objective, expr: `vector(${objective.target})`, labels },
    ],
  }
}

const labelsOf = ({ name, service }: Objective) => ({ slo: name, service })

/** Whose requests they are: by these labels Alertmanager groups, and a page mutes the tickets of its app. */
export function subjectOf({ total }: Pick<Objective, 'total'>): Record<string, string> {
  const { equalities = {} } = readCounterSelector(total) ?? {}
  return Object.fromEntries(
    ['namespace', 'app'].flatMap((label) => {
      const value = equalities[label]
      return value === undefined ? [] : [[label, value]]
    }),
  )
}

/** The labels that all series and the alert of a pair have. */
export const pairLabels = (objective: Objective, { longWindow, shortWindow }: BurnRatePair) => ({
  ...labelsOf(objective),
  long_window: longWindow,
  short_window: shortWindow,
})

function rulesOf(objective: Objective, pair: BurnRatePair): (RecordingRule | BurnRateAlert)[] {
  const labels = pairLabels(objective, pair)
  const recorded = (window: string, ms: number): RecordingRule => ({
    record: recordName(window),
    expr: errorRatio(objective, formatDuration(ms)),
    labels,
  })
  return [
    recorded(pair.longWindow, pair.longMs),
    recorded(pair.shortWindow, pair.shortMs),
    {
      alert: burnAlert,
      expr: alertExpression(objective, pair),
      labels: { severity: pair.severity, ...subjectOf(objective) },
      annotations: annotationsOf(objective, pair),
    },
  ]
}

/** Nothing, and not 0, where there were no events: silence is no success. */
const errorRatio = (objective: Objective, window: string): string =>
  `${badRate(objective, window)}\n  / (${totalRate(objective, window)} > 0)`

function alertExpression(objective: Objective, pair: BurnRatePair): string {
  const threshold = thresholdOf(pair, objective.target)
  const matchers = Object.entries(pairLabels(objective, pair))
    .map(([label, value]) => `${label}="${value}"`)
    .join(', ')
  const above = [pair.longWindow, pair.shortWindow].map(
    (window) => `${recordName(window)}{${matchers}} > ${threshold}`,
  )
  const { minimumFailures } = objective
  const guard =
    minimumFailures === undefined
      ? []
      : [`on () ${badIncrease(objective, formatDuration(pair.longMs))} >= ${minimumFailures}`]
  return [...above, ...guard].join('\nand ')
}

/** @param ratio the error ratio over the long window, as it is to be read */
export function annotationsOf(
  { name, service, displayName, description, target }: Objective,
  { factor, longWindow, shortWindow, budgetShare }: BurnRatePair,
  ratio = '{{ $value | humanizePercentage }}',
): Record<string, string> {
  return {
    summary: `${service} spends the error budget of ${name} more than ${factor} times as fast as it may`,
    description: `${displayName}: ${ratio} of the events of the last ${longWindow} were bad, and the last ${shortWindow} are no better. The objective allows ${percent(1 - target)}; ${longWindow} at this pace spend ${percent(budgetShare)} of the budget or more. ${description}`,
    runbook_url: `http://dev.local/runbooks/${burnAlert}`,
    dashboard_url: `http://dev.local/grafana/d/slo?var-slo=${name}`,
  }
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`
