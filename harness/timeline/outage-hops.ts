import type { RouteTimings } from './alert-routing.ts'
import type { PipelineTimings, RuleTimings } from './pipeline-timings.ts'

/**
 * The hops of an outage: a link or a component is broken for a while, and an alert says so. No request crosses a
 * threshold, so the clock starts with the fault. As for a followed request, each hop's worst case is a formula over the
 * configuration, with its source, and the deadline adds one allowance.
 */

export const outageHopNames = ['begun', 'noticed', 'firing', 'delivered', 'cleared'] as const
export type OutageHopName = (typeof outageHopNames)[number]

export interface OutageInputs {
  readonly timings: PipelineTimings
  readonly rule: RuleTimings
  readonly route: RouteTimings
  /** What this outage adds to `noticed` and `cleared`, each with the setting or the constant that it comes from. */
  readonly noticedLater?: readonly Term[]
  readonly clearedLater?: readonly Term[]
}

export interface Term {
  readonly setting: string
  readonly ms: number
}

export interface OutageHop {
  readonly name: OutageHopName
  readonly formula: string
  readonly source: string
  readonly terms: (inputs: OutageInputs) => readonly Term[]
}

/** How long the signal needs from the broken place to the rule that sees it. */
const arrival = ({ timings, rule }: OutageInputs): Term[] =>
  rule.signal === 'metrics'
    ? [
        { setting: 'scrape_interval', ms: timings.longestScrapeIntervalMs },
        // A target that hangs is only known to be down when its scrape has timed out.
        { setting: 'scrape_timeout', ms: timings.longestScrapeTimeoutMs },
      ]
    : [
        { setting: 'poll_interval', ms: timings.collectorPollMs },
        { setting: 'emitter flush', ms: 100 },
        { setting: 'flush_timeout', ms: timings.collectorFlushMs },
      ]

const window = ({ rule }: OutageInputs): Term => ({ setting: 'range window', ms: rule.windowMs ?? 0 })
const evaluation = ({ rule }: OutageInputs): Term => ({
  setting: 'evaluation_interval',
  ms: rule.evaluationIntervalMs,
})

export const outageHops: readonly OutageHop[] = [
  {
    name: 'begun',
    formula: '0: the clock starts when the fault is in force',
    source: 'signalproof',
    terms: () => [],
  },
  {
    name: 'noticed',
    formula: 'arrival of the signal + range window + evaluation interval',
    source:
      'what was there before the fault leaves the window last; the next evaluation sees that it is gone (Prometheus rules/group.go)',
    terms: (inputs) => [
      ...arrival(inputs),
      window(inputs),
      evaluation(inputs),
      ...(inputs.noticedLater ?? []),
    ],
  },
  {
    name: 'firing',
    formula: 'ceil(for / evaluation interval) × evaluation interval',
    source: 'rules/alerting.go: an alert fires at the first evaluation at which it was active for `for`',
    terms: ({ rule }) => [
      {
        setting: 'for',
        ms: Math.ceil(rule.forMs / rule.evaluationIntervalMs) * rule.evaluationIntervalMs,
      },
    ],
  },
  {
    name: 'delivered',
    formula: 'the longer of group_wait and group_interval',
    source:
      'Alertmanager dispatch/dispatch.go: a group that is still held of an earlier outage waits for its interval',
    terms: ({ route }) =>
      route.groupWaitMs >= route.groupIntervalMs
        ? [{ setting: 'group_wait', ms: route.groupWaitMs }]
        : [{ setting: 'group_interval', ms: route.groupIntervalMs }],
  },
  {
    name: 'cleared',
    formula:
      'arrival of the signal + range window + keep_firing_for + evaluation interval + group_interval, from the end of the fault',
    source: 'as `noticed`, the other way round; a resolve waits for the next interval of its group',
    terms: (inputs) => [
      ...arrival(inputs),
      window(inputs),
      { setting: 'keep_firing_for', ms: inputs.rule.keepFiringForMs },
      evaluation(inputs),
      { setting: 'group_interval', ms: inputs.route.groupIntervalMs },
      ...(inputs.clearedLater ?? []),
    ],
  },
]

/** The worst case of one hop, from the end of the hop before it; `cleared` counts from the end of the fault. */
export function outageWorstCase(
  name: OutageHopName,
  inputs: OutageInputs,
): { worstCaseMs: number; deadlineMs: number; formula: string } {
  const hop = outageHops.find((candidate) => candidate.name === name) as OutageHop
  const worstCaseMs = hop.terms(inputs).reduce((sum, { ms }) => sum + ms, 0)
  return { worstCaseMs, deadlineMs: worstCaseMs + inputs.timings.allowanceMs, formula: hop.formula }
}
