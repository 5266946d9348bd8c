import type { NodeImage, PreparedImage } from '../../images/prepared-image.ts'
import type { ClusterNode } from './cluster-node.ts'

/** Whoever runs nodes: Docker; a double in tests. */
export interface ClusterNodes {
  start(request: NodeRequest): Promise<ClusterNode>
  /** The node with this label, running or not; undefined when there is no container of it. */
  find(id: string): Promise<FoundNode | undefined>
  /** Starts it where it is stopped, and reads its ports again. */
  reopen(found: FoundNode, options: { signal?: AbortSignal | undefined }): Promise<ClusterNode>
  remove(found: FoundNode): Promise<void>
  /** Ends and removes what harnesses that are gone have left; with `all` the images prepared for later, too. @returns what it was, in words */
  sweep(options: { all: boolean }): Promise<string[]>
}

export interface NodeRequest {
  /** Distinguishes this cluster's objects in Docker from those of any other. */
  readonly id: string
  readonly image: NodeImage
  readonly images: readonly PreparedImage[]
  /** Each is mapped to a port of 127.0.0.1. */
  readonly nodePorts: readonly number[]
  /** Which port of this machine, where it is not to be any free one. */
  readonly hostPorts: ReadonlyMap<number, number>
  /** Outlives this process. */
  readonly kept: boolean
  readonly root: string
  readonly signal?: AbortSignal | undefined
  readonly onActivity?: ((text: string) => void) | undefined
}

export interface FoundNode {
  readonly id: string
  readonly containerId: string
  readonly isRunning: boolean
  readonly imageReference: string
}
