import type { WorkloadState } from '../environments/k3s/rollout-judgement.ts'
import { type KubeObject, type KubeRef, refOf, writeRef } from '../kube/kube-object.ts'
import { containerStatusesOf, type Pod, type Workload } from './cluster-objects.ts'

/** Whether every workload runs as its manifest says, and whether its containers keep running. */

export interface UnreadyWorkload {
  readonly reason: string
  /** It will not become ready by waiting. */
  readonly isFinal: boolean
}

/**
 * The workloads that are not ready, each with the reason that its rollout gives.
 * @param mayBeOff one that is scaled to 0 may be meant to be, where the cluster is somebody else's
 */
export function unreadyWorkloads(
  workloads: readonly Workload[],
  states: ReadonlyMap<string, WorkloadState>,
  { mayBeOff }: { readonly mayBeOff: boolean },
): UnreadyWorkload[] {
  return workloads.flatMap((workload) => {
    const name = writeRef(refOf(workload))
    if (isOff(workload)) return mayBeOff ? [] : [{ reason: `${name} is scaled to 0`, isFinal: true }]
    const state = states.get(name)
    if (state?.kind === 'ready') return []
    return [
      { reason: `${name}: ${state?.why ?? 'nothing is known of it'}`, isFinal: state?.kind === 'failed' },
    ]
  })
}

export const isOff = ({ kind, spec }: Workload): boolean => kind !== 'DaemonSet' && spec.replicas === 0

/** What was applied and is not there any more, in words. */
export function absentOf(applied: readonly KubeRef[], all: readonly KubeObject[]): string[] {
  const there = new Set(all.map((object) => writeRef(refOf(object))))
  return applied.map(writeRef).filter((name) => !there.has(name))
}

export interface Restarts {
  readonly count: number
  /** `apps/frontend-5d9c frontend`. */
  readonly container: string
}

/** How often each container was started again, by pod uid and container. */
export function restartsOf(pods: readonly Pod[]): Map<string, Restarts> {
  return new Map(
    pods.flatMap((pod) =>
      containerStatusesOf(pod).map(({ name, restartCount }) => [
        restartKey(pod, name),
        { count: restartCount, container: `${pod.metadata.namespace}/${pod.metadata.name} ${name}` },
      ]),
    ),
  )
}

export const restartKey = ({ metadata }: Pod, container: string): string => `${metadata.uid}/${container}`

/** The containers that were started again since `before`, but for those that were ended on purpose. Pods that are new count from 0. */
export function restartedSince(
  before: ReadonlyMap<string, Restarts>,
  now: ReadonlyMap<string, Restarts>,
  onPurpose: ReadonlyMap<string, number> = new Map(),
): string[] {
  return [...now].flatMap(([key, { count, container }]) => {
    const more = count - (before.get(key)?.count ?? 0) - (onPurpose.get(key) ?? 0)
    return more > 0 ? [`${container} was started again ${more === 1 ? 'once' : `${more} times`}`] : []
  })
}
