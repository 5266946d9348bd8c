import type { RouteTimings } from './alert-routing.ts'
import type { PipelineTimings, RuleTimings } from './pipeline-timings.ts'

/**
 * The hops of one fault, from the answered request to the resolved notification. Each hop's worst case is a formula
 * over the configuration, with the source it is taken from. A deadline is the worst case and an allowance on top.
 */

export const hopNames = [
  'served',
  'counted',
  'logged',
  'collected',
  'stored',
  'evaluated',
  'firing',
  'received',
  'delivered',
  'resolved',
] as const
export type HopName = (typeof hopNames)[number]

export interface HopInputs {
  readonly timings: PipelineTimings
  readonly rule: RuleTimings
  readonly route: RouteTimings
  /** A group that Alertmanager already holds waits for its next interval instead of for group_wait. */
  readonly groupExists: boolean
}

export interface Hop {
  readonly name: HopName
  /** The hop whose end starts this one's clock. */
  readonly from: HopName
  readonly formula: string
  readonly source: string
  /** The part of the worst case that each setting is to blame for. */
  readonly terms: (inputs: HopInputs) => readonly { readonly setting: string; readonly ms: number }[]
}

/** `for` is only looked at when the rule is evaluated, so it lasts a whole number of evaluations. */
const forInEvaluationsMs = ({ forMs, evaluationIntervalMs }: RuleTimings): number =>
  Math.ceil(forMs / evaluationIntervalMs) * evaluationIntervalMs

/** The file_log receiver's emitter flushes every 100 ms, or at 100 lines; no setting changes it. */
const emitterFlushMs = 100

export const hops: readonly Hop[] = [
  {
    name: 'served',
    from: 'served',
    formula: '0: the clock starts when the client has the answer that crosses the threshold',
    source: 'signalproof',
    terms: () => [],
  },
  {
    name: 'counted',
    from: 'served',
    formula: 'scrape_interval',
    source:
      'Prometheus scrapes each target once an interval, at an offset that is fixed by a hash of the target (scrape/target.go)',
    terms: ({ timings }) => [{ setting: 'scrape_interval', ms: timings.scrapeIntervalMs }],
  },
  {
    name: 'logged',
    from: 'served',
    formula: '0: an app writes its line before the last byte of the answer',
    source: "the apps' contract",
    terms: () => [],
  },
  {
    name: 'collected',
    from: 'logged',
    formula: 'poll_interval',
    source:
      'the file_log receiver reads what is new once a poll (OpenTelemetry Collector contrib, filelogreceiver)',
    terms: ({ timings }) => [{ setting: 'poll_interval', ms: timings.collectorPollMs }],
  },
  {
    name: 'stored',
    from: 'collected',
    formula: 'emitter flush (100 ms, fixed) + flush_timeout',
    source: 'stanza emitter.go; exporterhelper, sending_queue.batch; Loki answers from its ingester at once',
    terms: ({ timings }) => [
      { setting: 'emitter flush', ms: emitterFlushMs },
      { setting: 'flush_timeout', ms: timings.collectorFlushMs },
    ],
  },
  {
    name: 'evaluated',
    from: 'stored',
    formula: 'evaluation interval of the rule group',
    source:
      'a group is evaluated once an interval, at an offset fixed by a hash of its name (Prometheus rules/group.go, used by Loki)',
    terms: ({ rule }) => [{ setting: 'evaluation_interval', ms: rule.evaluationIntervalMs }],
  },
  {
    name: 'firing',
    from: 'evaluated',
    formula: 'ceil(for / evaluation interval) × evaluation interval',
    source: 'rules/alerting.go: an alert fires at the first evaluation at which it was active for `for`',
    terms: ({ rule }) => [{ setting: 'for', ms: forInEvaluationsMs(rule) }],
  },
  {
    name: 'received',
    from: 'firing',
    formula: '0: the ruler sends after the evaluation that fires',
    source: 'Prometheus notifier: alerts are queued and sent at once',
    terms: () => [],
  },
  {
    name: 'delivered',
    from: 'received',
    formula: 'group_wait for a new group, group_interval for an existing one',
    source: 'Alertmanager dispatch/dispatch.go',
    terms: ({ route, groupExists }) =>
      groupExists
        ? [{ setting: 'group_interval', ms: route.groupIntervalMs }]
        : [{ setting: 'group_wait', ms: route.groupWaitMs }],
  },
  {
    name: 'resolved',
    from: 'served',
    formula:
      'range window + keep_firing_for + evaluation interval + group_interval, from the last failing answer',
    source:
      'the last failing line leaves the window, the next evaluation sees it, the group goes out at its next interval',
    terms: ({ rule, route }) => [
      { setting: 'range window', ms: rule.windowMs ?? 0 },
      { setting: 'keep_firing_for', ms: rule.keepFiringForMs },
      { setting: 'evaluation_interval', ms: rule.evaluationIntervalMs },
      { setting: 'group_interval', ms: route.groupIntervalMs },
    ],
  },
]

/** The hops that a signal's alert passes one after another, to the delivered notification. */
export const pathOf: Record<RuleTimings['signal'], readonly HopName[]> = {
  logs: ['logged', 'collected', 'stored', 'evaluated', 'firing', 'received', 'delivered'],
  metrics: ['counted', 'evaluated', 'firing', 'received', 'delivered'],
}

export interface WorstCase {
  /** What the configuration alone allows. */
  readonly worstCaseMs: number
  /** The worst case and an allowance for each hop. */
  readonly deadlineMs: number
  /** The setting that makes the largest part of it. */
  readonly dominatedBy: { readonly setting: string; readonly ms: number }
}

/** The worst case of some hops in a row; the deadline has one allowance a hop. */
export function worstCaseOf(names: readonly HopName[], inputs: HopInputs): WorstCase {
  const chosen = hops.filter(({ name }) => names.includes(name))
  const terms = chosen.flatMap((hop) => hop.terms(inputs))
  const worstCaseMs = terms.reduce((sum, { ms }) => sum + ms, 0)
  return {
    worstCaseMs,
    deadlineMs: worstCaseMs + inputs.timings.allowanceMs * chosen.length,
    dominatedBy: terms.reduce((most, term) => (term.ms > most.ms ? term : most), {
      setting: 'nothing',
      ms: 0,
    }),
  }
}

/** From the response that crosses the threshold to the delivered notification. */
export const deliveryWorstCase = (inputs: HopInputs): WorstCase =>
  worstCaseOf(pathOf[inputs.rule.signal], inputs)
