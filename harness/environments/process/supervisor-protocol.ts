/**
 * What a harness and its supervisor say to each other over the channel between them. Every message is plain JSON.
 */

/** One component as the supervisor starts it; the caller has rendered everything that it reads. */
export interface ComponentPlan {
  readonly name: string
  /** An absolute path, or a name that is looked up in the PATH of `env`. */
  readonly command: string
  readonly args: readonly string[]
  /** The complete environment: nothing of the harness's own is added. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Components that must be ready before this one is started. */
  readonly needs: readonly string[]
  /** Ready is when `url` answers 200; no answer yet is no failure until `withinMs` after the start. */
  readonly ready: { readonly url: string; readonly withinMs: number }
  /** `plain`: the output as it is. `cri`: in the format of a container runtime on a Kubernetes node. */
  readonly logs: { readonly kind: 'plain' | 'cri'; readonly file: string }
  /** How long it may take to end after SIGTERM before it is killed. */
  readonly stopWithinMs: number
}

/** One way between two components that can be cut: whoever connects to `listenPort` reaches `targetPort`. */
export interface LinkPlan {
  readonly name: string
  readonly listenPort: number
  readonly targetPort: number
}

/** What can be broken between components; a stack without any of it has none to break. */
export interface WaysToBreak {
  readonly links: readonly LinkPlan[]
  /** Where Prometheus reads its targets, one file an app. */
  readonly targetsFolder: string
}

/** What can be broken of the stack itself. */
export type StackFault =
  /** Connections between two components are reset and refused. */
  | { readonly kind: 'cut-link'; readonly link: string }
  /** A component hangs: it listens and answers nothing. */
  | { readonly kind: 'pause-component'; readonly component: string }
  /** A component is stopped in order, and started again when the fault ends. */
  | { readonly kind: 'stop-component'; readonly component: string }
  /** No line of any app reaches its log file; all of them do when it ends. */
  | { readonly kind: 'hold-logs' }
  /** Discovery no longer finds an app. */
  | { readonly kind: 'hide-target'; readonly app: string }
  /** An app's container is killed and started anew by its cluster; there is nothing to take back. */
  | { readonly kind: 'kill-container'; readonly app: string }

/**
 * A fault that nobody ends, ends by itself: no environment stays broken because a run was killed. Long enough for the
 * slowest alert of the production profile.
 */
export const longestStackFaultMs = 3_600_000

/** The body of `POST /faults`; the fault ends by itself after `expires_in_ms`. */
export interface StackFaultRequest {
  readonly fault: StackFault
  readonly expires_in_ms: number
}

/** From the harness to the supervisor. That the channel closes without `keep` means: stop. */
export type SupervisorRequest =
  | { readonly kind: 'plan'; readonly components: readonly ComponentPlan[]; readonly ways: WaysToBreak }
  /** Outlive the harness. `digest` is what `/status` answers with from now on. */
  | { readonly kind: 'keep'; readonly digest: string }
  | { readonly kind: 'stop'; readonly removeFolder: boolean }

export interface DiedEvent {
  readonly kind: 'died'
  readonly name: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly lastLines: readonly string[]
  readonly logFile: string
}

export interface NotReadyEvent {
  readonly kind: 'not-ready'
  readonly name: string
  readonly url: string
  readonly withinMs: number
  readonly lastSeen: string
  readonly lastLines: readonly string[]
  readonly logFile: string
}

export interface ClaimedEvent {
  readonly kind: 'claimed'
  readonly anchorPort: number
  readonly ports: readonly number[]
  /** Bearer token of the control server on the anchor port. */
  readonly token: string
}

export type StopReason = 'asked' | 'harness-gone' | 'signal' | 'component-failed' | 'defect'

/** From the supervisor to the harness, in the order in which things happen. */
export type SupervisorEvent =
  | ClaimedEvent
  | { readonly kind: 'no-ports' }
  | { readonly kind: 'started'; readonly name: string; readonly pid: number }
  /** `afterMs` counts from the start of the component. */
  | { readonly kind: 'ready'; readonly name: string; readonly afterMs: number }
  /** `afterMs` counts from the arrival of the plan. */
  | { readonly kind: 'all-ready'; readonly afterMs: number }
  | DiedEvent
  | NotReadyEvent
  | { readonly kind: 'kept' }
  | { readonly kind: 'stopping'; readonly reason: StopReason; readonly detail: string }
  /** `leftBehind` says what could not be ended or removed; it is empty but for a defect or a broken machine. */
  | { readonly kind: 'stopped'; readonly leftBehind: readonly string[] }

/** A component in the answer of `/status`. */
export interface ComponentStatus {
  readonly name: string
  /** `ready` is what it has become; whether it still is, its readyUrl says. */
  readonly state: 'waiting' | 'starting' | 'ready' | 'ended'
  readonly pid: number | null
  readonly readyAfterMs: number | null
  /** Answers 200 while it is ready. */
  readonly readyUrl: string
}

/** The answer of `GET /status` on the anchor port. */
export interface SupervisorStatus {
  readonly pid: number
  readonly startedAt: string
  /** Of the configuration; null unless it is kept. */
  readonly digest: string | null
  /** Why it is about to end; null while it is not. */
  readonly stopping: string | null
  readonly components: readonly ComponentStatus[]
}

/** The answer of `POST /stop`: the supervisor is gone after this time at the latest. */
export interface StopAccepted {
  readonly withinMs: number
}

/** How long the system may take to end a process after SIGKILL; more means that it is stuck in the kernel. */
export const killWithinMs = 5_000

/** The longest that stopping a plan can take, were every component to need all of its time one after another. */
export function stopWithinMs(components: readonly ComponentPlan[]): number {
  return components.reduce((total, component) => total + component.stopWithinMs + killWithinMs, killWithinMs)
}
