import type { ProfileName } from '../config/config-schema.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { SetOption } from '../config/set-option.ts'
import type { StackDocuments } from '../config/stack-documents.ts'
import type { InstallProgress } from '../toolchain/install-progress.ts'
import type { EnvironmentKind, RunningEnvironment } from './contract.ts'

/** Where a run's stack lives: each home finds or starts one, and gives it to the run in the same shape. */
export interface EnvironmentHome {
  readonly kind: EnvironmentKind
  /**
   * Uses the kept environment of the same configuration, or begins to start one. It does not wait until all is ready; the
   * first claim does, by the environment's supervisor.
   */
  open(request: OpenRequest): Promise<OpenedEnvironment>
}

export interface OpenRequest {
  readonly project: LoadedConfig
  readonly profile: ProfileName
  readonly set: readonly SetOption[]
  /** A context of the kubeconfig, where the environment is a cluster that is there already. */
  readonly context?: string
  /** Keep what was started for the next run. */
  readonly keep: boolean
  /** When the command began, epoch ms. */
  readonly startedAt: number
  /** The run's own folder. */
  readonly folder: string
  /** Empties the run's folder; called once nothing can be refused any more, so that a refusal leaves it as it was. */
  readonly startFolder: () => void
  readonly signal?: AbortSignal
  readonly progress?: InstallProgress
  /** Hears that the environment went down without being asked to: every wait of the run ends with these words. */
  readonly onFailed: (message: string) => void
}

export interface OpenedEnvironment {
  readonly environment: RunningEnvironment
  /** What git holds for production, with the same `--set`: promises are judged on it without running it. */
  readonly productionDocuments: StackDocuments
  /**
   * Resolves when `onFailed` has heard whatever there is to hear: claims see a stack go down before its end is known.
   * Absent where a failure is heard in the moment it happens.
   */
  settled?(): Promise<void>
  /** Ends what `open` started; a kept environment stays. */
  close(): Promise<void>
}
