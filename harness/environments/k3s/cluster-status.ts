import type { SignalproofConfig } from '../../config/config-schema.ts'
import { formatMs } from '../../core/eventually.ts'
import { describeThrown } from '../../core/signalproof-error.ts'
import type { ReachedCluster } from './bring-cluster.ts'
import { kubeContext } from './cluster-node.ts'
import type { ClusterNodes } from './cluster-nodes.ts'
import { endpointLabel, endpointsOf } from './endpoints.ts'
import { findKeptCluster, reopenKeptCluster } from './kept-cluster.ts'
import type { KeptClusterState } from './kept-cluster-state.ts'
import { lookAtWorkloads } from './rollout.ts'

/** What is known of the kept cluster; without tokens: people paste it into issues. */
export type ClusterStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'gone'; readonly startedAt: string }
  | { readonly kind: 'stopped'; readonly startedAt: string; readonly container: string }
  | { readonly kind: 'unreachable'; readonly container: string; readonly why: string }
  | RunningClusterStatus

export interface RunningClusterStatus {
  readonly kind: 'running'
  readonly profile: string
  readonly set: readonly string[]
  readonly digest: string
  readonly startedAt: string
  readonly uid: string
  readonly node: { readonly image: string; readonly container: string }
  readonly kubeconfig: string
  readonly context: string
  readonly host: string
  readonly addresses: Readonly<Record<string, string>>
  readonly workloads: readonly { readonly name: string; readonly state: string; readonly why?: string }[]
}

/** A cluster that is well answers everything in a second. */
const answerWithinMs = 5_000

/**
 * Asks the cluster that is kept; it starts nothing.
 * @param withinMs a cluster that has not answered by then counts as unreachable
 */
export async function readClusterStatus(
  root: string,
  nodes: ClusterNodes,
  config: SignalproofConfig,
  withinMs = answerWithinMs,
): Promise<ClusterStatus> {
  const kept = await findKeptCluster(root, nodes)
  if (kept.kind === 'none') return kept
  const { startedAt } = kept.state
  if (kept.kind === 'gone') return { kind: 'gone', startedAt }
  const { containerId: container, isRunning } = kept.node
  if (!isRunning) return { kind: 'stopped', startedAt, container }
  const { state, node } = kept
  const limit = AbortSignal.timeout(withinMs)
  const late = Promise.withResolvers<never>()
  limit.addEventListener('abort', () => late.reject(new Error(`no answer within ${formatMs(withinMs)}`)))
  const described = reopenKeptCluster(root, nodes, node, limit).then((cluster) =>
    describeCluster(cluster, state, config),
  )
  try {
    return await Promise.race([described, late.promise])
  } catch (thrown) {
    return { kind: 'unreachable', container, why: describeThrown(thrown) }
  } finally {
    for (const promise of [described, late.promise]) promise.catch(() => {})
  }
}

export async function describeCluster(
  { api, node, kubeconfig }: ReachedCluster,
  state: KeptClusterState,
  config: SignalproofConfig,
): Promise<RunningClusterStatus> {
  const refs = state.applied.filter(({ apiVersion }) => apiVersion === 'apps/v1')
  const [uid, services, workloads] = await Promise.all([
    api.clusterUid(),
    api.list({ apiVersion: 'v1', kind: 'Service', labelSelector: endpointLabel }),
    lookAtWorkloads(api, refs),
  ])
  const addresses = endpointsOf(services).map(
    ({ name, nodePort }) => [name, `http://127.0.0.1:${node.mappedPort(nodePort)}`] as const,
  )
  return {
    kind: 'running',
    profile: state.profile,
    set: state.set,
    digest: state.digest,
    startedAt: state.startedAt,
    uid,
    node: { image: node.image.reference, container: node.containerId },
    kubeconfig,
    context: kubeContext,
    host: config.ingress.host,
    addresses: Object.fromEntries(addresses.toSorted(([a], [b]) => a.localeCompare(b))),
    workloads: [...workloads].map(([name, look]) => ({
      name,
      state: look.kind,
      ...(look.kind === 'ready' ? {} : { why: look.why }),
    })),
  }
}
