import { parseRfc3339Ms } from '../core/clock.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import { answerMs } from '../timeline/allowances.ts'
import type { Container, Pod, PodTemplate, Probe } from './cluster-objects.ts'
import type { LookOptions } from './run.ts'

/** How long pods may take to go and to come, by what their templates say. */

/** Kubernetes' defaults of what a template leaves out. */
const defaults = { graceSeconds: 30, periodSeconds: 10, failureThreshold: 3 }

/** The longest that a pod of this template may take to be ready, once its image is on the node. */
export function startMs({ spec }: Pick<PodTemplate, 'spec'>): number {
  return 1000 * Math.max(...spec.containers.map(containerStartSeconds))
}

/** The startup probe gives up after its last failure; where there is none, the readiness probe has to be met in as long. */
function containerStartSeconds({ startupProbe, readinessProbe }: Container): number {
  const readiness = readinessProbe?.periodSeconds ?? defaults.periodSeconds
  return patienceSeconds(startupProbe ?? readinessProbe) + readiness
}

const patienceSeconds = (probe: Probe | undefined): number =>
  (probe?.initialDelaySeconds ?? 0) +
  (probe?.periodSeconds ?? defaults.periodSeconds) * (probe?.failureThreshold ?? defaults.failureThreshold)

/** The longest that a pod may take to go, from the request to the kill. */
export const endMs = ({ spec }: Pick<PodTemplate, 'spec'>): number =>
  1000 * (spec.terminationGracePeriodSeconds ?? defaults.graceSeconds)

/** metrics-server's own resolution: it answers for a pod once it has read its kubelet twice. */
export function metricsResolutionMs({ spec }: Pick<PodTemplate, 'spec'>): number {
  const argument = spec.containers
    .flatMap(({ args = [], command = [] }) => [...command, ...args])
    .flatMap((arg) => /^--metric-resolution=(\d+)s$/.exec(arg)?.[1] ?? [])[0]
  return 1000 * Number(argument ?? defaultResolutionSeconds)
}
const defaultResolutionSeconds = 60

/** How often a kubelet measures its containers; no setting of ours (kubelet, cadvisor housekeeping). */
export const housekeepingMs = 10_000

/** How often the autoscalers are looked at: kube-controller-manager --horizontal-pod-autoscaler-sync-period, or its default. */
export const autoscalerSyncOf = ({ kubernetes }: Pick<RunningEnvironment, 'kubernetes'>): number =>
  kubernetes?.autoscalerSyncMs ?? 15_000

/**
 * How long a Service may take to lead to a new pod that is ready: kube-proxy writes its rules once in
 * --iptables-min-sync-period (1 s) at most, its default, a pod may just have missed one, and a busy node takes its time.
 */
export const serviceUpdateMs = 5_000

/** How long the cluster may take to be as it has to be: one that was kept is so already, one that starts has its time. */
export const readyWait = ({
  kept,
  readyWithinMs,
}: Pick<RunningEnvironment, 'kept' | 'readyWithinMs'>): LookOptions => ({
  worstCaseMs: kept ? 0 : readyWithinMs,
  allowanceMs: answerMs,
  everyMs: 250,
})

/** How long it is until everything that was started is as old as this; 0 where it is, or where nothing says its age. */
export function oldEnoughInMs(pods: readonly Pod[], ageMs: number, nowMs: number): number {
  const startedAt = pods.flatMap(({ metadata: { creationTimestamp } }) =>
    creationTimestamp === undefined ? [] : [parseRfc3339Ms(creationTimestamp)],
  )
  return Math.max(0, ...startedAt.map((at) => at + ageMs - nowMs))
}
