import type { LoadedConfig } from '../../config/load-config.ts'
import type { NodeImage, PreparedImages } from '../../images/prepared-image.ts'
import type { InstallProgress } from '../../toolchain/install-progress.ts'
import type { ClusterNodes } from './cluster-nodes.ts'

/** What a cluster is made of, and who makes it; tests put doubles here. */
export interface ClusterParts {
  readonly nodes: ClusterNodes
  readonly prepare: (project: LoadedConfig, options: PrepareOptions) => Promise<PreparedParts>
}

export interface PrepareOptions {
  readonly signal?: AbortSignal | undefined
  readonly progress?: InstallProgress | undefined
}

/** Everything that lies ready on this machine before a node starts. */
export interface PreparedParts {
  readonly images: PreparedImages
  readonly node: NodeImage
  /** The command kubectl. */
  readonly kubectl: string
}
