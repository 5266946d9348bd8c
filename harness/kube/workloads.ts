import type { KubeObject } from './kube-object.ts'

/** What of workloads and their pods is looked at; the API has more. */

export const workloadKinds = ['Deployment', 'DaemonSet', 'StatefulSet'] as const

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}

export interface Workload extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> }
    readonly template: { readonly spec: PodSpec }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly desiredNumberScheduled?: number
    readonly updatedNumberScheduled?: number
    readonly numberAvailable?: number
    readonly updateRevision?: string
    readonly conditions?: readonly Condition[]
  }
}

export interface ReplicaSet extends KubeObject {
  readonly spec: { readonly replicas?: number }
  readonly status?: { readonly replicas?: number; readonly conditions?: readonly Condition[] }
}

export interface PodSpec {
  readonly containers: readonly { readonly name: string; readonly image: string }[]
  readonly nodeName?: string
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly message?: string
    readonly podIP?: string
    readonly conditions?: readonly Condition[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

export interface ContainerStatus {
  readonly name: string
  readonly image?: string
  readonly imageID?: string
  readonly ready: boolean
  readonly restartCount: number
  readonly state?: ContainerState
  readonly lastState?: ContainerState
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string }
  readonly running?: { readonly startedAt?: string }
  readonly terminated?: {
    readonly exitCode: number
    readonly signal?: number
    readonly reason?: string
    readonly message?: string
    readonly finishedAt?: string
  }
}

/** An entry of a namespace's events (core/v1). */
export interface KubeEvent extends KubeObject {
  readonly reason?: string
  readonly message?: string
  readonly type?: string
  readonly count?: number
  readonly firstTimestamp?: string | null
  readonly lastTimestamp?: string | null
  readonly eventTime?: string | null
  readonly involvedObject: {
    readonly kind?: string
    readonly name?: string
    readonly namespace?: string
    readonly uid?: string
  }
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly clusterIP?: string
    readonly type?: string
    readonly selector?: Readonly<Record<string, string>>
    readonly ports: readonly { readonly name?: string; readonly port: number; readonly nodePort?: number }[]
  }
}

export const isReadyPod = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true

export const isOwnedBy = (object: KubeObject, owner: KubeObject): boolean =>
  object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true
