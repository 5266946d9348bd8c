import type { ToolchainSettings } from '../toolchain/toolchain-settings.ts'

/** What the doctor looks at; nothing of it is changed. */
export interface Surroundings {
  readonly settings: ToolchainSettings
  readonly environment: NodeJS.ProcessEnv
  /** The folder with signalproof.config.ts; undefined where there is none. */
  readonly projectRoot: string | undefined
  /** The oldest major version of Node that will do. */
  readonly neededNode: number
  readonly nodeVersion: string
  /** Whether publishers and proxies of modules may be asked if they are there. */
  readonly asksNetwork: boolean
}
