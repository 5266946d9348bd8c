import { join } from 'node:path'
import type { ComponentPin } from './component-pin.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

/** A component's home in the cache: the finished install, the work on one, and the lock of both. */
export interface ComponentFolders {
  readonly home: string
  /** Holds the binaries and receipt.json; comes into being by a rename only. */
  readonly installed: string
  readonly lock: string
}

export const stagingPrefix = 'staging-'

export function componentFolders(
  settings: Pick<ToolchainSettings, 'cacheRoot' | 'platform'>,
  pin: Pick<ComponentPin, 'name' | 'version'>,
): ComponentFolders {
  const home = join(settings.cacheRoot, 'toolchain', pin.name)
  return { home, installed: join(home, `${pin.version}-${settings.platform}`), lock: join(home, 'lock') }
}

/** What is remembered of binaries outside the cache, so that they are not started again to learn their version. */
export const probesFolder = ({ cacheRoot }: Pick<ToolchainSettings, 'cacheRoot'>) =>
  join(cacheRoot, 'toolchain', 'probes')

/** Checksums that `toolchain pin` fetched for an installed package. */
export const fetchedChecksumsFile = ({ cacheRoot }: Pick<ToolchainSettings, 'cacheRoot'>) =>
  join(cacheRoot, 'toolchain', 'pinned-checksums.json')

/** Go's caches for builds, and the list of components that still need them. */
export function buildFolders({ cacheRoot }: Pick<ToolchainSettings, 'cacheRoot'>) {
  const root = join(cacheRoot, 'build')
  return {
    root,
    goBuild: join(root, 'go-build'),
    goModules: join(root, 'go-mod'),
    unfinished: join(root, 'unfinished'),
    lock: join(cacheRoot, 'build-lock'),
  }
}
