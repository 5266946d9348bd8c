import { readFileSync } from 'node:fs'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { KubernetesAccess, RunningEnvironment } from '../environments/contract.ts'
import { lookAtWorkloads } from '../environments/k3s/rollout.ts'
import type { WorkloadState } from '../environments/k3s/rollout-judgement.ts'
import type { KubeApi } from '../kube/kube-api.ts'
import { type KubeObject, type KubeRef, refOf } from '../kube/kube-object.ts'
import { type ConfigMap, hasLabels, type Pod, type PodMetrics, type Workload } from './cluster-objects.ts'
import { appLabel } from './cluster-services.ts'

/** Kinds that claims look at, with the version of the API that they are asked in. */
const kinds = {
  Pod: 'v1',
  Node: 'v1',
  Service: 'v1',
  ConfigMap: 'v1',
  Deployment: 'apps/v1',
  DaemonSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
} as const
export type ClusterKind = keyof typeof kinds

/** Of a run, what its cluster is found by. */
export interface RunOnCluster {
  readonly environment: RunningEnvironment
  once<T>(name: string, step: () => Promise<T>): Promise<T>
}

/** The cluster of a run, as its claims ask it. */
export class Cluster {
  readonly api: KubeApi
  readonly access: KubernetesAccess

  constructor(api: KubeApi, access: KubernetesAccess) {
    this.api = api
    this.access = access
  }

  /** The namespaces of the stack and its apps, and what serves them where that was applied with them. */
  get ownNamespaces(): readonly string[] {
    const { namespaces, applied = [] } = this.access
    return applied.some(({ namespace }) => namespace === systemNamespace)
      ? [...new Set([...namespaces, systemNamespace])]
      : namespaces
  }

  /** What the manifests say is there of a kind, in this harness's own cluster; nothing is known of somebody else's. */
  applied(kind: string): readonly KubeRef[] {
    return (this.access.applied ?? []).filter((ref) => ref.kind === kind)
  }

  /** Every object of a kind in the namespaces of the stack and its apps, or in those that are named. */
  async all<T extends KubeObject>(
    kind: ClusterKind,
    namespaces: readonly string[] = this.access.namespaces,
  ): Promise<T[]> {
    const lists = await Promise.all(
      namespaces.map((namespace) => this.api.list<T>({ apiVersion: kinds[kind], kind, namespace })),
    )
    return lists.flat()
  }

  async workloads(namespaces: readonly string[] = this.access.namespaces): Promise<Workload[]> {
    const lists = await Promise.all(
      (['Deployment', 'DaemonSet', 'StatefulSet'] as const).map((kind) =>
        this.all<Workload>(kind, namespaces),
      ),
    )
    return lists.flat()
  }

  nodes<T extends KubeObject>(): Promise<T[]> {
    return this.api.list<T>({ apiVersion: 'v1', kind: 'Node' })
  }

  /** The workload of a component, by the label that says whose it is. @throws SignalproofError CLAIM_BROKEN */
  async workloadOf(component: string): Promise<Workload> {
    const workloads = await this.workloads()
    const own = workloads.find(({ metadata }) => metadata.labels?.[appLabel] === component)
    if (own !== undefined) return own
    throw new SignalproofError('CLAIM_BROKEN', {
      expected: `a workload with the label ${appLabel}=${component} in ${this.access.namespaces.join(', ')}`,
      seen: workloads.map(({ metadata }) => metadata.name).join(', ') || 'no workload at all',
      remedy: `look for ${component} in manifests/`,
    })
  }

  /** The last line in which a pod of a workload complains, for a reader; empty where it does not, or cannot be read. */
  async lastComplaint(workload: Workload): Promise<string[]> {
    const { namespace = '', name } = workload.metadata
    const pods = (await this.all<Pod>('Pod', [namespace])).filter((pod) =>
      hasLabels(pod.metadata.labels, workload.spec.selector.matchLabels ?? {}),
    )
    const logs = await Promise.allSettled(
      pods.flatMap(({ metadata, spec }) =>
        spec.containers.map((container) =>
          this.api.readLog(namespace, metadata.name, container.name, { tailLines: 200 }),
        ),
      ),
    )
    const lines = logs.flatMap((log) => (log.status === 'fulfilled' ? log.value.trim().split('\n') : []))
    const complaint = lines.findLast((line) => /^[EF]\d{4} |level=(error|fatal)|"err"|error/i.test(line))
    return complaint === undefined ? [] : [`${name} says: ${complaint.slice(0, 400)}`]
  }

  /** The ConfigMaps that a workload's pods mount. */
  async mountedConfigMaps(workload: Workload): Promise<ConfigMap[]> {
    const names = (workload.spec.template.spec.volumes ?? []).flatMap(({ configMap, projected }) =>
      [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)].flatMap(
        (source) => source?.name ?? [],
      ),
    )
    const all = await this.all<ConfigMap>('ConfigMap', [workload.metadata.namespace ?? ''])
    return all.filter(({ metadata }) => names.includes(metadata.name))
  }
}

/** Where the cluster keeps what serves everybody on it. */
export const systemNamespace = 'kube-system'

/** metrics-server is ready once it has read the kubelets: why it has not, platform.metrics-api says, and no other claim waits for it. */
export const isMetricsServer = ({ metadata }: KubeObject): boolean =>
  metadata.namespace === systemNamespace && metadata.name === 'metrics-server'

/** Where each workload's rollout is, by `Deployment apps/frontend`. */
export const workloadStates = (
  { api }: Cluster,
  workloads: readonly Workload[],
): Promise<Map<string, WorkloadState>> => lookAtWorkloads(api, workloads.map(refOf))

/** What the metrics API has of the pods of some namespaces. @throws SignalproofError KUBE_UNREACHABLE */
export async function podMetricsIn({ api }: Cluster, namespaces: readonly string[]): Promise<PodMetrics[]> {
  const lists = await Promise.all(
    namespaces.map((namespace) =>
      api.raw('GET', `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`),
    ),
  )
  return lists.flatMap(({ status, data }) => (status === 200 ? (data as { items: PodMetrics[] }).items : []))
}

/** The cluster of this run. @throws SignalproofError INTERNAL where the environment has none */
export const clusterOf = (run: RunOnCluster): Promise<Cluster> =>
  run.once('cluster', async () => {
    const { kubernetes } = run.environment
    if (kubernetes === undefined) {
      throw new SignalproofError('INTERNAL', {
        expected: 'an environment on Kubernetes',
        seen: run.environment.kind,
        remedy: "give the claim's row `only: 'kubernetes'`",
      })
    }
    // Half a second that runs of processes need not wait for.
    const { KubeApi } = await import('../kube/kube-api.ts')
    return new Cluster(
      KubeApi.fromKubeconfig(readFileSync(kubernetes.kubeconfig, 'utf8'), kubernetes.context),
      kubernetes,
    )
  })
