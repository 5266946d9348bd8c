import { constants } from 'node:fs'
import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PreparedImage } from '../../../images/prepared-image.ts'
import { readToolchainSettings } from '../../../toolchain/toolchain-settings.ts'
import { type Labels, nodeLabels } from './node-labels.ts'
import { startLimitMs } from './node-ready.ts'

/**
 * A folder with the archives of a cluster's images, under hard links: a node that is started again finds them where they
 * were, also when the store of images has let them go.
 */
export async function linkImages(id: string, images: readonly PreparedImage[]): Promise<string> {
  const folder = join(folderOfNodes(), id)
  await mkdir(folder, { recursive: true })
  await Promise.all(images.map(({ name, tar }) => linkOrCopy(tar, join(folder, `${name}.tar`))))
  return folder
}

/** Removes the folder that a container's labels name, if it is one of this cache's. */
export async function removeImageFolder(labels: Labels): Promise<void> {
  const folder = labels[nodeLabels.imageFolder]
  if (folder === undefined || join(folder, '..') !== folderOfNodes()) return
  await rm(folder, { recursive: true, force: true })
}

/** A folder is there before the container that names it: its images are unpacked first where that was never done. */
const unpackLimitMs = 600_000

/** Removes the folders whose process was killed before it made the container. @param inUse the labels of those that there are */
export async function removeAbandonedFolders(inUse: readonly Labels[], now = Date.now()): Promise<void> {
  const used = new Set(inUse.map((labels) => labels[nodeLabels.imageFolder]))
  const names = await readdir(folderOfNodes()).catch(() => [])
  const unused = names.map((name) => join(folderOfNodes(), name)).filter((folder) => !used.has(folder))
  await Promise.all(
    unused.map(async (folder) => {
      const changed = await stat(folder).catch(() => undefined)
      if (changed !== undefined && now - changed.mtimeMs > startLimitMs + unpackLimitMs)
        await rm(folder, { recursive: true, force: true })
    }),
  )
}

const folderOfNodes = () => join(readToolchainSettings().cacheRoot, 'images', 'nodes')

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch {
    // Another file system, or one without hard links.
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  }
}
