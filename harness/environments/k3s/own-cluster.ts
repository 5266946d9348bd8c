import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { ProfileName } from '../../config/config-schema.ts'
import type { LoadedConfig } from '../../config/load-config.ts'
import type { SetOption } from '../../config/set-option.ts'
import { kubeconfigIn, type ReachedCluster, reachCluster } from './bring-cluster.ts'
import type { ClusterParts, PreparedParts } from './cluster-parts.ts'
import { endEach } from './end-each.ts'
import { manifestsFor, renderWanted, type WantedCluster } from './prepared-cluster.ts'

/** A cluster of this harness: its node in a container, with everything in it that the stack is made of. */

export interface ClusterRequest {
  readonly project: LoadedConfig
  readonly profile: ProfileName
  readonly set: readonly SetOption[]
  readonly signal?: AbortSignal | undefined
}

/** What the checkout says, for a cluster that may be there or not. @throws SignalproofError of the rendering */
export async function wantedCluster(
  { project, profile, set }: ClusterRequest,
  prepared: PreparedParts,
  faultToken: string,
): Promise<WantedCluster> {
  const manifests = await manifestsFor(project, prepared)
  return renderWanted({ manifests, profile, set, images: prepared.images, faultToken })
}

export const newFaultToken = (): string => randomBytes(24).toString('base64url')

export interface NewClusterRequest {
  readonly parts: ClusterParts
  readonly prepared: PreparedParts
  readonly wanted: WantedCluster
  readonly root: string
  readonly folder: string
  readonly kept: boolean
  /** The port of this machine that is to lead to the ingress; any free one without it. */
  readonly ingressPort?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onActivity?: ((text: string) => void) | undefined
}

export interface OwnCluster extends ReachedCluster {
  readonly id: string
}

/** Starts a node with every image in it; it holds nothing else yet. @throws SignalproofError of Docker or the node */
export async function startCluster({
  parts,
  prepared,
  wanted,
  root,
  folder,
  kept,
  ingressPort,
  signal,
  onActivity,
}: NewClusterRequest): Promise<OwnCluster> {
  const id = randomBytes(4).toString('hex')
  const ingress = wanted.endpoints.find(({ name }) => name === 'ingress')?.nodePort
  const node = await parts.nodes.start({
    id,
    image: prepared.node,
    images: [...prepared.images.components, ...prepared.images.apps],
    nodePorts: wanted.endpoints.map(({ nodePort }) => nodePort),
    hostPorts:
      ingress === undefined || ingressPort === undefined ? new Map() : new Map([[ingress, ingressPort]]),
    kept,
    root,
    signal,
    onActivity,
  })
  try {
    return { id, ...(await reachCluster(node, folder)) }
  } catch (thrown) {
    await endCluster({ node, kubeconfig: kubeconfigIn(folder) })
    throw thrown
  }
}

/** Ends it with its data. Its kubeconfig goes, too: it opens everything, and the folder of a run is handed on. */
export async function endCluster({
  node,
  kubeconfig,
}: Pick<ReachedCluster, 'node' | 'kubeconfig'>): Promise<void> {
  await endEach([() => node.remove(), () => rmSync(kubeconfig, { force: true })])
}
