import type { NodeImage, PreparedImage } from '../../images/prepared-image.ts'

/** The name of the cluster in its kubeconfig. */
export const kubeContext = 'signalproof'

/** The node of a cluster that this harness runs in a container, as the rest of the environment sees it. */
export interface ClusterNode {
  readonly containerId: string
  /** Of the node itself, which a kept cluster has from the day it was started. */
  readonly image: Pick<NodeImage, 'kind' | 'reference' | 'provenance'>
  readonly labels: Readonly<Record<string, string>>
  /** With the context `signalproof`; its server is the port that is mapped at this moment. */
  kubeconfig(): Promise<string>
  /** Where a port of the node is on 127.0.0.1. @throws SignalproofError INTERNAL for one that was not exposed */
  mappedPort(port: number): number
  /** Runs a command as root in the node's container. */
  exec(command: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }>
  /** Puts images into the running node; those that are in it cost nothing. */
  importImages(images: readonly PreparedImage[], signal?: AbortSignal): Promise<void>
  /** Removes the container and all that was made for it. */
  remove(): Promise<void>
}
