import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stagingPrefix } from './cache-layout.ts'
import { writingTo } from './cache-writing.ts'
import { type DebianTreeName, debianRecipes, debianSuite } from './debian-recipes.ts'
import { type Privileges, requireDebianTools } from './debian-tools.ts'
import { type DebianTree, findDebianTree, treeFolders } from './debian-tree-files.ts'
import { TreeMaker } from './debian-tree-maker.ts'
import { withLock } from './file-lock.ts'
import type { InstallProgress } from './install-progress.ts'
import { readToolchainSettings, type ToolchainSettings } from './toolchain-settings.ts'

export interface TreeOptions {
  readonly signal?: AbortSignal | undefined
  readonly progress?: InstallProgress | undefined
  readonly settings?: ToolchainSettings
  readonly privileges?: Privileges
}

/**
 * Makes a root file system of Debian's packages by debootstrap, which verifies them by Debian's keys, unless it is in the
 * cache. Whole or absent; another process that wants the same one waits. It is made as root only, and used by anybody.
 * @throws SignalproofError TOOL_UNAVAILABLE without debootstrap, Debian's keys or root; TOOL_UNREACHABLE,
 * TOOL_CHECKSUM, TOOL_BUILD_FAILED, TOOL_DISK_FULL, TOOL_CACHE; the signal's reason
 */
export async function makeDebianTree(name: DebianTreeName, options: TreeOptions = {}): Promise<DebianTree> {
  const { settings = readToolchainSettings(), signal, progress = () => {} } = options
  const found = await findDebianTree(name, settings)
  if (found !== undefined) return found
  const component = `debian-${name}`
  const { home, folder } = treeFolders(name, settings)
  const tools = requireDebianTools(debianRecipes[name].purpose, settings, options.privileges)
  progress({ kind: 'started', components: [{ name: component, version: debianSuite }] })
  const say = (text: string) => progress({ kind: 'activity', component, text })
  try {
    return await writingTo(home, () =>
      withLock(join(home, 'lock'), { purpose: `making ${component}`, signal }, async () => {
        const made = (await findDebianTree(name, settings)) ?? (await make())
        progress({ kind: 'installed', component, text: made.tar })
        return made
      }),
    )
  } catch (thrown) {
    if (signal?.aborted !== true)
      progress({ kind: 'failed', component, text: String(thrown).split('\n')[0] ?? '' })
    throw thrown
  }

  async function make(): Promise<DebianTree> {
    await removeStaging(home)
    const staging = await mkdtemp(join(home, stagingPrefix))
    try {
      await new TreeMaker(debianRecipes[name], staging, { tools, settings, signal, say }).run()
      await rm(folder, { recursive: true, force: true })
      await rename(join(staging, 'output'), folder)
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
    return (await findDebianTree(name, settings)) as DebianTree
  }
}

/** The lock is ours, so a staging folder that is there was left by a process that was killed. */
async function removeStaging(home: string): Promise<void> {
  for (const entry of await readdir(home))
    if (entry.startsWith(stagingPrefix)) await rm(join(home, entry), { recursive: true, force: true })
}
