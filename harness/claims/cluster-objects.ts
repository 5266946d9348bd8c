import type { KubeObject } from '../kube/kube-object.ts'
import type { Condition, ContainerStatus, Workload as KubeWorkload } from '../kube/workloads.ts'

/** The objects of a cluster as claims look at them: the fields that a judgement reads, in the API's own names. */

export type { Condition, ContainerStatus }

export interface ContainerPort {
  readonly name?: string
  readonly containerPort: number
}

export interface Probe {
  readonly initialDelaySeconds?: number
  readonly periodSeconds?: number
  readonly failureThreshold?: number
  readonly timeoutSeconds?: number
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly imagePullPolicy?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly ports?: readonly ContainerPort[]
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> }
  readonly volumeMounts?: readonly VolumeMount[]
  readonly readinessProbe?: Probe
  readonly startupProbe?: Probe
}

export interface VolumeMount {
  readonly name: string
  readonly mountPath: string
  readonly subPath?: string
  readonly readOnly?: boolean
}

export interface Volume {
  readonly name: string
  readonly configMap?: { readonly name?: string }
  /** Several in one folder. */
  readonly projected?: { readonly sources?: readonly { readonly configMap?: { readonly name?: string } }[] }
  readonly hostPath?: { readonly path: string }
  readonly emptyDir?: object
}

export interface PodSpec {
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly volumes?: readonly Volume[]
  readonly serviceAccountName?: string
  /** The same by its old name; the API server fills in both. */
  readonly serviceAccount?: string
  readonly automountServiceAccountToken?: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly nodeName?: string
}

export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: PodSpec
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec
  readonly status?: {
    readonly phase?: string
    readonly podIP?: string
    readonly conditions?: readonly Condition[]
    readonly containerStatuses?: readonly ContainerStatus[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
  }
}

/** A Deployment, a StatefulSet or a DaemonSet. */
export interface Workload extends KubeWorkload {
  readonly spec: Omit<KubeWorkload['spec'], 'template'> & { readonly template: PodTemplate }
}

export interface ClusterNode extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean }
  readonly status?: { readonly conditions?: readonly Condition[] }
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly targetPort?: number | string
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly clusterIP?: string
    readonly selector?: Readonly<Record<string, string>>
    readonly ports?: readonly ServicePort[]
  }
}

export interface EndpointSlice extends KubeObject {
  readonly endpoints?:
    | readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[]
    | null
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null
}

export interface IngressBackend {
  readonly service?: {
    readonly name: string
    readonly port?: { readonly name?: string; readonly number?: number }
  }
}

export interface Ingress extends KubeObject {
  readonly spec: {
    readonly ingressClassName?: string
    readonly defaultBackend?: IngressBackend
    readonly rules?: readonly {
      readonly host?: string
      readonly http?: {
        readonly paths: readonly {
          readonly path?: string
          readonly pathType: string
          readonly backend: IngressBackend
        }[]
      }
    }[]
  }
}

export interface ApiService extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/** What metrics-server has of a pod. */
export interface PodMetrics extends KubeObject {
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[]
}

export interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string }
    readonly minReplicas?: number
    readonly maxReplicas: number
    readonly metrics?: readonly {
      readonly type: string
      readonly resource?: {
        readonly name: string
        readonly target?: { readonly averageUtilization?: number }
      }
    }[]
    readonly behavior?: { readonly scaleDown?: { readonly stabilizationWindowSeconds?: number } }
  }
  readonly status?: {
    readonly currentReplicas?: number
    readonly desiredReplicas?: number
    readonly conditions?: readonly Condition[]
    readonly currentMetrics?:
      | readonly {
          readonly type: string
          readonly resource?: {
            readonly name: string
            readonly current: { readonly averageUtilization?: number; readonly averageValue?: string }
          }
        }[]
      | null
  }
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

export interface NetworkPolicy extends KubeObject {
  readonly spec: unknown
}

/** Of its init containers, too. */
export const containerStatusesOf = ({ status }: Pod): readonly ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
]

export const conditionOf = (
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined => conditions?.find((condition) => condition.type === type)

/** A pod that is about to be deleted, or has done its work, is no longer one of its workload's. */
export const isLive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'

/** Whether labels hold all of a selector. */
export const hasLabels = (
  labels: Readonly<Record<string, string>> | undefined,
  selector: Readonly<Record<string, string>>,
): boolean => Object.entries(selector).every(([name, value]) => labels?.[name] === value)

export const nameOf = ({ kind, metadata: { name, namespace } }: KubeObject): string =>
  `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`
