import type { SetOption } from '../../config/set-option.ts'
import { bringCluster, type ReachedCluster } from './bring-cluster.ts'
import type { PreparedParts } from './cluster-parts.ts'
import { type KeptClusterState, writeKeptState } from './kept-cluster-state.ts'
import type { WantedCluster } from './prepared-cluster.ts'

export interface ClusterChange {
  readonly root: string
  readonly cluster: ReachedCluster
  readonly state: KeptClusterState
  readonly wanted: WantedCluster
  readonly prepared: PreparedParts
  readonly set: readonly SetOption[]
  /** The apps, too; where they are already, they stay. */
  readonly withApps: boolean
  /** Also where the digest says that it is there: what was changed in the cluster itself is put back. */
  readonly always?: boolean
  readonly signal?: AbortSignal | undefined
}

/** No rendering has it: whoever is killed in the middle of a change leaves a cluster that the next one brings to its own. */
export const inChange = 'changing'

/**
 * Brings a kept cluster to what is wanted, unless that is what was applied last; its pods are rolled out afterwards.
 * @returns its new state, which is written down
 * @throws SignalproofError KUBE_INVALID, KUBE_UNREACHABLE and those of the node
 */
export async function changeCluster(change: ClusterChange): Promise<KeptClusterState> {
  const { root, cluster, state, wanted, prepared, signal } = change
  const withApps = change.withApps || state.hasApps
  if (change.always !== true && state.digest === wanted.digest && state.hasApps === withApps) return state
  await cluster.node.importImages([...prepared.images.components, ...prepared.images.apps], signal)
  writeKeptState(root, { ...state, digest: inChange })
  const applied = await bringCluster(cluster, wanted.rendering, {
    withApps,
    applied: state.applied,
    signal,
  })
  const changed = {
    ...state,
    digest: wanted.digest,
    applied,
    hasApps: withApps,
    set: change.set.map(({ text }) => text),
  }
  writeKeptState(root, changed)
  return changed
}
