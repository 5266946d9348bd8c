import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ProfileName } from '../../config/config-schema.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { kubeconfigIn, type ReachedCluster, reachCluster } from './bring-cluster.ts'
import type { ClusterNodes, FoundNode } from './cluster-nodes.ts'
import { type KeptClusterState, readKeptState, removeKeptState } from './kept-cluster-state.ts'

/** The cluster that `up` keeps. A checkout has one at most; its container has the id that the state file names. */
export type KeptCluster =
  | { readonly kind: 'none' }
  | { readonly kind: 'kept'; readonly state: KeptClusterState; readonly node: FoundNode }
  /** The state file is there, its container is not: somebody removed it. */
  | { readonly kind: 'gone'; readonly state: KeptClusterState }

export async function findKeptCluster(root: string, nodes: ClusterNodes): Promise<KeptCluster> {
  const state = readKeptState(root)
  if (state === undefined) return { kind: 'none' }
  const node = await nodes.find(state.id)
  return node === undefined ? { kind: 'gone', state } : { kind: 'kept', state, node }
}

/** Where the kubeconfig of the kept cluster lies; written anew whenever it is reached, since its ports may have changed. */
export const keptFolder = (root: string): string => join(root, '.signalproof')

/** Reaches a kept cluster, also after its container or the Docker daemon was stopped. */
export async function reopenKeptCluster(
  root: string,
  nodes: ClusterNodes,
  node: FoundNode,
  signal?: AbortSignal,
): Promise<ReachedCluster> {
  return await reachCluster(await nodes.reopen(node, { signal }), keptFolder(root))
}

/** Ends the kept cluster with all its data. @returns whether there was anything to end */
export async function removeKeptCluster(root: string, nodes: ClusterNodes): Promise<boolean> {
  const kept = await findKeptCluster(root, nodes)
  if (kept.kind === 'kept') await nodes.remove(kept.node)
  forgetKeptCluster(root)
  return kept.kind !== 'none'
}

/** Removes what lies in the checkout of a cluster that is no more. */
export function forgetKeptCluster(root: string): void {
  removeKeptState(root)
  rmSync(kubeconfigIn(keptFolder(root)), { force: true })
}

/** A run of one profile on a cluster of another would measure what nobody asked for. @throws SignalproofError ENV_OTHER_PROFILE */
export function requireProfile({ state }: { state: KeptClusterState }, profile: ProfileName): void {
  if (state.profile === profile) return
  throw new SignalproofError('ENV_OTHER_PROFILE', {
    expected: `the kept cluster to have the profile ${profile}, which this run is of`,
    seen: `the profile ${state.profile}, since ${state.startedAt}`,
    remedy: `--profile ${state.profile} uses it; or \`signalproof down --env k3s\` ends it, and then this starts one of its own`,
  })
}
