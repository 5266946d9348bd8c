import type { LoadProgress } from '../load/k6/k6-progress.ts'
import type { LoadFindings } from '../load/load-report.ts'
import type { ObjectiveVerdict } from '../slo/verdict.ts'
import type { IncidentNoise } from '../timeline/notification-noise.ts'

/** Verdicts of claims, as they go into the run's record and from there into every report. */

/** Why a run that a person ended says nothing. */
export const interruptedWords = 'the run was interrupted'

export type Verdict = 'proven' | 'broken' | 'blocked' | 'skipped'

export interface ClaimRecord {
  readonly id: string
  readonly layer: string
  readonly title: string
  readonly verdict: Verdict
  /** Why it is broken, blocked or skipped: expected, seen, try. */
  readonly reason?: string
  /** Epoch ms at which it could start, all it depends on being proven. */
  readonly startedAt: number
  readonly ms: number
  /** Where it disturbed nothing more from then on: how long after its start. */
  readonly calmAfterMs?: number
  /** How often it looked. */
  readonly lookups: number
  /** Of its computed worst case, where it waited for one. */
  readonly usedMs?: number
  readonly worstCaseMs?: number
  readonly evidence?: readonly string[]
  /** The fault of this machine or of the harness: nothing is said about the stack then. */
  readonly environmentFailed?: boolean
}

export interface TimelineRecord {
  readonly id: string
  /** What began it: a request that crossed a threshold, or something of the stack that was broken. */
  readonly kind: 'request' | 'outage'
  readonly alert: string
  readonly hops: readonly {
    readonly name: string
    readonly at: number
    readonly ms: number
    readonly worstCaseMs: number
    readonly deadlineMs: number
    readonly formula: string
  }[]
  /** From the answer that crossed the threshold to the delivered notification; null when it did not come. */
  readonly totalMs: number | null
  readonly worstCaseMs: number
}

export interface PromiseRecord {
  readonly id: string
  readonly profile: string
  readonly worstCaseMs: number
  readonly promisedMs: number
}

export interface AlertSeen {
  readonly alertname: string
  readonly app: string
  readonly route: string
  readonly state: 'pending' | 'firing'
}

export interface NotificationRecord {
  readonly receiver: string
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly alerts: number
  readonly at: number
}

/** What became of one alert of the deployed rules; a moment is epoch ms, or null when it never came. */
export interface AlertRecord {
  readonly alert: string
  readonly receiver: string | null
  readonly firedAt: number | null
  readonly deliveredAt: number | null
  readonly resolvedAt: number | null
}

/** What running the panels of all dashboards found; panels.json of the run's folder has all of it. */
export interface PanelsSummary {
  readonly total: number
  /** How many panels have each verdict that any has. */
  readonly byVerdict: Readonly<Record<string, number>>
  /** Those that show nothing, or a zero that cannot be. */
  readonly broken: readonly { readonly dashboard: string; readonly panel: string; readonly reason: string }[]
}

/** One line of a run's record: everything the worker learns, in the order in which it learns it. */
export type RecordEntry =
  | {
      readonly kind: 'selected'
      readonly claims: readonly {
        id: string
        layer: string
        title: string
        needs: readonly string[]
        /** Claims of this run that it waits for without needing them. */
        after: readonly string[]
      }[]
    }
  /** The environment broke: whatever is judged after it says nothing about the stack. */
  | { readonly kind: 'environment-failed'; readonly message: string }
  | { readonly kind: 'environment-ready'; readonly afterMs: number }
  | { readonly kind: 'claim-started'; readonly id: string }
  | { readonly kind: 'claim'; readonly claim: ClaimRecord }
  | { readonly kind: 'timeline'; readonly timeline: TimelineRecord }
  | { readonly kind: 'promises'; readonly promises: readonly PromiseRecord[] }
  | { readonly kind: 'alerts'; readonly expected: readonly AlertSeen[]; readonly seen: readonly AlertSeen[] }
  | { readonly kind: 'notifications'; readonly notifications: readonly NotificationRecord[] }
  | { readonly kind: 'alert-table'; readonly alerts: readonly AlertRecord[] }
  | { readonly kind: 'noise'; readonly incidents: readonly IncidentNoise[] }
  | { readonly kind: 'note'; readonly id: string; readonly text: string }
  /** What is known of the load by now: each entry adds to those before it. */
  | { readonly kind: 'load'; readonly load: LoadFindings }
  | { readonly kind: 'slo'; readonly objectives: readonly ObjectiveVerdict[] }
  /** A claim waits, or waits no longer; `wait` counts within the run. Only told, not kept. */
  | {
      readonly kind: 'waiting'
      readonly id: string
      readonly wait: number
      readonly condition: string
      readonly withinMs: number
      readonly holds: boolean
    }
  | { readonly kind: 'waited'; readonly id: string; readonly wait: number }
  | { readonly kind: 'panels'; readonly panels: PanelsSummary }
  /** Only told, not kept. */
  | { readonly kind: 'load-progress'; readonly progress: LoadProgress }
