import type { SetOption } from '../../config/set-option.ts'
import type { RunningEnvironment } from '../contract.ts'
import type { OpenedEnvironment, OpenRequest } from '../home.ts'
import type { ReachedCluster } from './bring-cluster.ts'
import type { ClusterParts, PreparedParts } from './cluster-parts.ts'
import type { ClusterPhases } from './cluster-phases.ts'
import type { WantedCluster } from './prepared-cluster.ts'

/** One run, on a cluster of its own or on the kept one. */
export interface ClusterRun {
  readonly parts: ClusterParts
  readonly wanted: OpenRequest
  readonly prepared: PreparedParts
  /** With the `--set` of the run. */
  readonly rendered: WantedCluster
  /** The same checkout with another `--set`. */
  readonly render: (set: readonly SetOption[]) => WantedCluster
  readonly faultToken: string
  readonly phases: ClusterPhases
  readonly serve: (cluster: ReachedCluster, as: ServedAs) => Promise<ServedRun>
}

export interface ServedAs {
  readonly id: string
  /** Whether all was rolled out before the run. */
  readonly isSettled: boolean
}

export interface ServedRun {
  readonly environment: RunningEnvironment
  close(): Promise<void>
}

export type OpenedRun = Omit<OpenedEnvironment, 'productionDocuments'>
