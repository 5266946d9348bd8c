import { refOf, writeRef } from '../../kube/kube-object.ts'
import {
  type ContainerStatus,
  isOwnedBy,
  isReadyPod,
  type KubeEvent,
  type Pod,
  type ReplicaSet,
  type Workload,
} from '../../kube/workloads.ts'

/** What a look at the cluster says about the workloads that are being rolled out. */

export interface RolloutLook {
  readonly workloads: readonly Workload[]
  readonly replicaSets: readonly ReplicaSet[]
  readonly pods: readonly Pod[]
  /** Warnings only. */
  readonly events: readonly KubeEvent[]
}

export type WorkloadState =
  | { readonly kind: 'ready'; readonly pods: readonly string[] }
  | {
      readonly kind: 'waiting'
      /** Pods of the newest template, oldest first; they may not have started yet. */
      readonly pods: readonly string[]
      readonly why: string
    }
  /** It will never become ready by itself. */
  | { readonly kind: 'failed'; readonly why: string; readonly log?: FailedContainer }

/** Whose last lines tell why. */
export interface FailedContainer {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  /** The container runs again, or waits to: its last words are those of the run before. */
  readonly previous: boolean
}

/** Waiting for these is waiting for nothing: the kubelet only tries the same again. */
const hopeless = new Set([
  'CrashLoopBackOff',
  'ErrImageNeverPull',
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ImageInspectError',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])

/** The kubelet has not read the object yet, on a busy node; that there is none reads otherwise. */
const passing = /failed to sync (secret|configmap) cache/

/** What the kubelet tells of a pod whose containers have no state yet; other words of the same events pass by themselves. */
const hopelessEvents: Readonly<Record<string, RegExp>> = {
  // Each namespace gets the cluster's own certificate a moment after it is made.
  FailedMount: /(?<!kube-root-ca\.crt" )not found|references non-existent|does not exist/,
  FailedCreatePodSandBox: /sandbox image|pull image/,
}

/** Only pods of the newest template count: those of the one before are ready all the time. */
export function judgeWorkload(workload: Workload, look: RolloutLook): WorkloadState {
  const { generation = 0 } = workload.metadata
  if ((workload.status?.observedGeneration ?? 0) < generation)
    return waiting([], 'its controller has not seen it yet')
  const refused = refusedPods(workload, look)
  if (refused !== undefined) return { kind: 'failed', why: refused }
  const newest = newestPods(workload, look)
  const pods = newest.filter(({ status }) => status?.phase !== 'Failed')
  const ended = newest.filter(({ status }) => status?.phase === 'Failed')
  for (const pod of pods) {
    const failure = podFailure(pod, look)
    if (failure !== undefined) return failure
  }
  // The node refuses or evicts them as fast as they are made; one or two may be what a restart of the node left.
  if (ended.length > 2) return failedPod(ended[0] as Pod)
  const wanted = wantedPods(workload)
  const ready = pods.filter(isReadyPod).length
  const names = pods.toSorted((a, b) => born(a).localeCompare(born(b))).map(({ metadata }) => metadata.name)
  // With `Recreate` the controller has seen the new template before there is a set of pods of it.
  if (workload.kind === 'Deployment' && (workload.status?.updatedReplicas ?? 0) < wanted)
    return waiting(
      names,
      `${workload.status?.updatedReplicas ?? 0} of ${wanted} pods have its newest template`,
    )
  if (ready < wanted) return waiting(names, waitingFor(pods, ready, wanted, look.events))
  const old = workload.kind === 'Deployment' ? (workload.status?.replicas ?? 0) - pods.length : 0
  if (old > 0) return waiting(names, `${old} of its old pods still there`)
  const ending = endingPods(workload, look)
  if (ending > 0) return waiting(names, `${ending} of its old pods still ending`)
  return available(workload) >= wanted
    ? { kind: 'ready', pods: names }
    : waiting(names, 'not counted as available yet')
}

const waiting = (pods: readonly string[], why: string): WorkloadState => ({ kind: 'waiting', pods, why })

function wantedPods({ kind, spec, status }: Workload): number {
  // A cluster without a node for it would be content with none.
  return kind === 'DaemonSet' ? Math.max(1, status?.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1)
}

function available({ kind, status }: Workload): number {
  return (kind === 'DaemonSet' ? status?.numberAvailable : status?.availableReplicas) ?? 0
}

function newestPods(workload: Workload, { replicaSets, pods }: RolloutLook): Pod[] {
  const living = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  if (workload.kind === 'Deployment') {
    const newest = newestReplicaSet(workload, replicaSets)
    return newest === undefined ? [] : living.filter((pod) => isOwnedBy(pod, newest))
  }
  const own = living.filter((pod) => isOwnedBy(pod, workload))
  const revision = newestRevision(own)
  return own.filter(({ metadata }) => metadata.labels?.['controller-revision-hash'] === revision)
}

/** Its status no longer counts them, but they answer and are scraped until they are gone. */
function endingPods(workload: Workload, { replicaSets, pods }: RolloutLook): number {
  if (workload.kind !== 'Deployment') return 0
  const own = replicaSets.filter((set) => isOwnedBy(set, workload))
  return pods.filter(
    (pod) => pod.metadata.deletionTimestamp !== undefined && own.some((set) => isOwnedBy(pod, set)),
  ).length
}

function newestReplicaSet(workload: Workload, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const revision = ({ metadata }: ReplicaSet) =>
    Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  return replicaSets
    .filter((set) => isOwnedBy(set, workload))
    .toSorted((a, b) => revision(b) - revision(a))[0]
}

/** A DaemonSet replaces a pod by ending it first, so its youngest pod has the newest template. */
function newestRevision(pods: readonly Pod[]): string | undefined {
  const youngest = pods.toSorted((a, b) => born(b).localeCompare(born(a)))[0]
  return youngest?.metadata.labels?.['controller-revision-hash']
}

const born = ({ metadata }: Pod): string => metadata.creationTimestamp ?? ''

/** Quotas and Pod Security refuse a pod before there is one; only its owner is told. */
function refusedPods(workload: Workload, { replicaSets, events }: RolloutLook): string | undefined {
  const failing = workload.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  )
  if (failing?.message !== undefined && isFinal(failing.message)) return failing.message
  const stuck = workload.status?.conditions?.find(
    ({ type, status }) => type === 'Progressing' && status === 'False',
  )
  if (stuck !== undefined && stuck.reason === 'ProgressDeadlineExceeded') return stuck.message
  const makers = new Set([workload.metadata.uid, newestReplicaSet(workload, replicaSets)?.metadata.uid])
  // Events stay for an hour: a refusal counts while pods are missing.
  if (available(workload) >= wantedPods(workload)) return undefined
  return events.find(
    ({ reason, message = '', involvedObject: { uid } }) =>
      reason === 'FailedCreate' && makers.has(uid) && isFinal(message),
  )?.message
}

/** A service account is made a moment after its namespace, and the server may be busy: these pass. */
const isFinal = (message: string): boolean =>
  /is forbidden|is invalid|exceeded quota|violates PodSecurity|denied the request/.test(message) &&
  !/error looking up service account|not yet ready|timeout/i.test(message)

function podFailure(pod: Pod, look: RolloutLook): WorkloadState | undefined {
  const { status } = pod
  const unscheduled = status?.conditions?.find(
    ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
  )
  if (unscheduled?.reason === 'Unschedulable' && !mayStillFit(unscheduled.message ?? '', look))
    return failed(pod, `cannot be scheduled: ${unscheduled.message}`)
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const { reason, message = '' } = container.state?.waiting ?? {}
    if (reason !== undefined && hopeless.has(reason) && !passing.test(message))
      return failedContainer(pod, container, reason)
  }
  const hopelessEvent = eventsOf(pod, look.events).find(({ reason, message = '' }) =>
    hopelessEvents[reason ?? '']?.test(message),
  )
  return hopelessEvent === undefined || isReadyPod(pod)
    ? undefined
    : failed(pod, `${hopelessEvent.reason}: ${hopelessEvent.message}`)
}

/**
 * A node that has just started has taints for a moment, a claim is bound to its volume a moment after both are made, and
 * pods that are about to end hold their share.
 */
function mayStillFit(message: string, { pods }: RolloutLook): boolean {
  const passes =
    /taint.*(not-ready|unreachable|uninitialized)|no nodes available|unbound immediate PersistentVolumeClaims/
  return passes.test(message) || pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined)
}

function failedContainer(pod: Pod, container: ContainerStatus, reason: string): WorkloadState {
  const ended = container.lastState?.terminated ?? container.state?.terminated
  const words = [
    `${writeRef(refOf(pod))}, container ${container.name}: ${reason}`,
    ...(container.state?.waiting?.message === undefined ? [] : [container.state.waiting.message]),
    ...(ended === undefined
      ? []
      : [
          `it ended with ${ended.reason ?? 'an error'}, exit code ${ended.exitCode}, after ${container.restartCount} restarts`,
        ]),
  ]
  const { namespace = 'default', name } = pod.metadata
  return {
    kind: 'failed',
    why: words.join('; '),
    ...(ended === undefined
      ? {}
      : {
          log: {
            namespace,
            pod: name,
            container: container.name,
            previous: container.state?.terminated === undefined,
          },
        }),
  }
}

const failedPod = (pod: Pod): WorkloadState =>
  failed(pod, `${pod.status?.reason ?? 'Failed'}: ${pod.status?.message ?? 'no message'}`)

const failed = (pod: Pod, why: string): WorkloadState => ({
  kind: 'failed',
  why: `${writeRef(refOf(pod))}: ${why}`,
})

const eventsOf = (pod: Pod, events: readonly KubeEvent[]): KubeEvent[] =>
  events.filter(({ involvedObject: { uid } }) => uid === pod.metadata.uid)

function waitingFor(
  pods: readonly Pod[],
  ready: number,
  wanted: number,
  events: readonly KubeEvent[],
): string {
  const pod = pods.find((candidate) => !isReadyPod(candidate))
  if (pod === undefined) return `${ready} of ${wanted} pods`
  const state = containerState(pod)
  const complaint = eventsOf(pod, events).findLast(
    ({ reason }) => reason === 'Unhealthy' || reason === 'FailedMount',
  )
  return [
    `${ready} of ${wanted} pods ready; ${pod.metadata.name}: ${state}`,
    ...(complaint?.message === undefined ? [] : [complaint.message.trim()]),
  ].join('; ')
}

function containerState({ status }: Pod): string {
  const container = status?.containerStatuses?.find(({ ready }) => !ready)
  const { waiting: waits, terminated, running } = container?.state ?? {}
  if (waits !== undefined) return waits.reason ?? 'waiting'
  if (terminated !== undefined) return `ended with exit code ${terminated.exitCode}`
  if (running !== undefined) return 'running, not ready'
  return status?.phase ?? 'not started'
}
