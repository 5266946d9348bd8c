import type { ContainerStatus, KubeEvent, Pod, ReplicaSet, Workload } from '../../kube/workloads.ts'
import type { RolloutLook } from './rollout-judgement.ts'

/** A Deployment `loki` of one replica whose newest ReplicaSet has the pods that a test gives it. */

const namespace = 'observability'
const owner = (kind: string, uid: string) => [{ kind, name: 'loki', uid, controller: true }]

export const deploymentDouble = (status: Workload['status'] = {}): Workload => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'loki', namespace, uid: 'deployment', generation: 2 },
  spec: { replicas: 1, selector: {}, template: { spec: { containers: [] } } },
  status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1, ...status },
})

const replicaSet = (revision: number): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `loki-${revision}`,
    namespace,
    uid: `set-${revision}`,
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ownerReferences: owner('Deployment', 'deployment'),
  },
  spec: { replicas: 1 },
})

export interface PodDouble {
  readonly revision?: number
  readonly ready?: boolean
  readonly phase?: string
  readonly reason?: string
  readonly deleted?: boolean
  readonly unschedulable?: string
  readonly container?: Partial<ContainerStatus>
}

export function podDouble({
  revision = 2,
  ready = false,
  phase = 'Running',
  reason,
  deleted = false,
  unschedulable,
  container = {},
}: PodDouble = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `loki-${revision}-x`,
      namespace,
      uid: `pod-${revision}`,
      creationTimestamp: `2026-11-25T20:0${revision}:00Z`,
      ownerReferences: owner('ReplicaSet', `set-${revision}`),
      ...(deleted ? { deletionTimestamp: '2026-11-25T20:10:00Z' } : {}),
    },
    spec: { containers: [{ name: 'loki', image: 'grafana/loki' }] },
    status: {
      phase,
      ...(reason === undefined ? {} : { reason, message: 'the node was low on memory' }),
      conditions: [
        { type: 'Ready', status: ready ? 'True' : 'False' },
        ...(unschedulable === undefined
          ? []
          : [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: unschedulable }]),
      ],
      containerStatuses: [{ name: 'loki', ready, restartCount: 0, ...container }],
    },
  }
}

export const eventDouble = (reason: string, message: string, uid: string): KubeEvent => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: reason, namespace },
  reason,
  message,
  involvedObject: { uid },
})

export function lookDouble(
  pods: readonly Pod[],
  more: Partial<RolloutLook> & { status?: Workload['status'] } = {},
): RolloutLook {
  return {
    workloads: [deploymentDouble(more.status)],
    replicaSets: [replicaSet(1), replicaSet(2)],
    pods,
    events: more.events ?? [],
  }
}
