import { join } from 'node:path'
import { KubeApi } from '../../kube/kube-api.ts'
import { type KubeRef, refOf } from '../../kube/kube-object.ts'
import type { ClusterToApply } from '../../kube/render-cluster.ts'
import { applyObjects, removeObsolete } from './apply-objects.ts'
import { type ClusterNode, kubeContext } from './cluster-node.ts'
import { writeSecretFile } from './kept-cluster-state.ts'
import { objectsOf } from './prepared-cluster.ts'

/** A node that answers, and how it is asked. */
export interface ReachedCluster {
  readonly node: ClusterNode
  readonly api: KubeApi
  /** A file with the context `signalproof`. */
  readonly kubeconfig: string
}

export const kubeconfigIn = (folder: string): string => join(folder, 'kubeconfig')

/** @param folder where its kubeconfig is written */
export async function reachCluster(node: ClusterNode, folder: string): Promise<ReachedCluster> {
  const text = await node.kubeconfig()
  const kubeconfig = kubeconfigIn(folder)
  writeSecretFile(kubeconfig, text)
  return { node, api: KubeApi.fromKubeconfig(text, kubeContext), kubeconfig }
}

export interface BringOptions {
  /** The apps, too; without them the stack alone. */
  readonly withApps: boolean
  /** What was applied before. */
  readonly applied?: readonly KubeRef[]
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes a cluster hold what is rendered: what a bare node lacks, the stack, and the apps where they are wanted.
 * @returns what it holds of it now
 * @throws SignalproofError KUBE_INVALID with the object and the path of the field, KUBE_FORBIDDEN, KUBE_UNREACHABLE
 */
export async function bringCluster(
  { api }: Pick<ReachedCluster, 'api'>,
  rendering: ClusterToApply,
  { withApps, applied = [], signal }: BringOptions,
): Promise<KubeRef[]> {
  const objects = objectsOf(withApps ? rendering : { ...rendering, apps: [] })
  // All at once: a Service that CoreDNS learns of later than its clients ask is remembered as not there.
  await applyObjects(api, objects, { signal })
  await removeObsolete(api, applied, objects)
  return objects.map(refOf)
}
