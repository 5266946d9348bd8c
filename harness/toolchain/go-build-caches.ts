import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildFolders } from './cache-layout.ts'
import { diskFull, writingTo } from './cache-writing.ts'
import type { ComponentPin } from './component-pin.ts'
import { withLock } from './file-lock.ts'
import { type ComponentName, componentPins } from './pins.ts'
import { searchComponent } from './resolve-component.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

type Pin = Pick<ComponentPin, 'name' | 'version'>

/** What tells Go which caches to use; nothing, when they are the user's. Ours are deleted one day, so they stay writable. */
export function goCacheEnvironment(settings: ToolchainSettings): NodeJS.ProcessEnv {
  if (settings.goCaches === 'user') return {}
  const { goBuild, goModules } = buildFolders(settings)
  return { GOCACHE: goBuild, GOMODCACHE: goModules, GOFLAGS: '-modcacherw' }
}

const marker = (pin: Pin) => `${pin.name}-${pin.version}`
const lockPurpose = { purpose: 'keeping the list of unfinished builds' }

/** Says that a component needs the build caches, from before its first download until it is installed, over any number of interrupted tries. */
export async function markUnfinished(settings: ToolchainSettings, pin: Pin): Promise<void> {
  if (settings.goCaches === 'user') return
  const { unfinished, lock } = buildFolders(settings)
  await writingTo(settings.cacheRoot, () =>
    withLock(lock, lockPurpose, async () => {
      await mkdir(unfinished, { recursive: true })
      await writeFile(join(unfinished, marker(pin)), '')
    }),
  )
}

export async function markFinished(settings: ToolchainSettings, pin: Pin): Promise<void> {
  await rm(join(buildFolders(settings).unfinished, marker(pin)), { force: true })
}

/**
 * Removes the build caches that were made here, unless they are to be kept or a component still needs them.
 * Hands back whether they were removed.
 */
export async function removeIdleBuildCaches(settings: ToolchainSettings): Promise<boolean> {
  const { root, lock } = buildFolders(settings)
  if (settings.goCaches !== 'own' || !(await exists(root))) return false
  const discarded = `${root}-discarded-${process.pid}`
  const removable = await withLock(lock, lockPurpose, async () => {
    if ((await stillUnfinished(settings)).length > 0) return false
    await rename(root, discarded)
    return true
  })
  if (removable) await rm(discarded, { recursive: true, force: true })
  return removable
}

/** A mark left by an interrupted build counts for nothing once its component is there, or is no longer the pinned version. */
async function stillUnfinished(settings: ToolchainSettings): Promise<string[]> {
  const marks = await readdir(buildFolders(settings).unfinished).catch((): string[] => [])
  const missing: string[] = []
  for (const name of Object.keys(componentPins) as ComponentName[]) {
    const pin = componentPins[name]
    if (!marks.includes(marker(pin))) continue
    const { found } = await searchComponent(pin, settings)
    if (found === undefined) missing.push(name)
  }
  return missing
}

/**
 * Refuses a build that the disk has no room for; what earlier tries left in the caches counts as there.
 * @throws SignalproofError TOOL_DISK_FULL
 */
export async function requireBuildSpace(settings: ToolchainSettings, neededMegabytes: number): Promise<void> {
  if (settings.goCaches === 'user') return
  const { root } = buildFolders(settings)
  const freeMegabytes = await freeMegabytesAt(settings.cacheRoot)
  if (freeMegabytes >= neededMegabytes) return
  const presentMegabytes = await folderMegabytes(root)
  if (freeMegabytes + presentMegabytes >= neededMegabytes) return
  throw diskFull(
    settings.cacheRoot,
    `${gigabytes(freeMegabytes)} free, and compiling needs ${gigabytes(neededMegabytes)} (removed afterwards)`,
  )
}

export const gigabytes = (megabytes: number) => `${(megabytes / 1000).toFixed(1)} GB`

/** What a user may still write on the disk of a folder that may not be there yet. */
export async function freeMegabytesAt(folder: string): Promise<number> {
  const parent = dirname(folder)
  if (parent !== folder && !(await exists(folder))) return await freeMegabytesAt(parent)
  const { bavail, bsize } = await statfs(folder)
  return (bavail * bsize) / 1e6
}

async function folderMegabytes(folder: string): Promise<number> {
  if (!(await exists(folder))) return 0
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0
  }
  return bytes / 1e6
}

const exists = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined
