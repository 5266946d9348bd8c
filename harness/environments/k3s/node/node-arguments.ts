import type { PreparedImage } from '../../../images/prepared-image.ts'

/** The port of the node at which its API server listens. */
export const apiPort = 6443

/** The node's name in the cluster. */
const nodeName = 'node'

/** A folder of the node that a pod keeps its state in; the manifests name it as a local volume. */
export const nodeFolders = ['/var/lib/signalproof/collector']

/** How often the controller looks at autoscalers. */
export const autoscalerSyncMs = 5_000

/** What k3s brings along and the manifests of this repository bring instead, so that every node runs the same. */
const disabledParts = ['traefik', 'metrics-server', 'coredns', 'local-storage', 'servicelb']

/** The command line that fills a seed, of the node that is built here. @param images those that it is filled with */
export const seedArguments = (images: readonly PreparedImage[]): string[] => ['seed', pauseArgument(images)]

/**
 * The command line of `k3s server`, for k3s and for the node that is built here.
 * @param images those that are loaded into it
 */
export function serverArguments(images: readonly PreparedImage[]): string[] {
  return [
    'server',
    `--disable=${disabledParts.join(',')}`,
    `--node-name=${nodeName}`,
    '--tls-san=127.0.0.1',
    pauseArgument(images),
    // Its default is 15 s, and a claim waits for what it reads.
    `--kube-controller-manager-arg=horizontal-pod-autoscaler-sync-period=${autoscalerSyncMs / 1000}s`,
  ]
}

/** The image that holds a pod's namespaces. */
function pauseArgument(images: readonly PreparedImage[]): string {
  const pause = images.find(({ name }) => name === 'pause')
  if (pause === undefined) throw new Error('the images of a node have to have one that is called pause')
  return `--pause-image=${pause.reference}`
}
