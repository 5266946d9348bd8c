import { constants } from 'node:fs'
import { copyFile, link, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PreparedImage } from '../../../images/prepared-image.ts'
import { readToolchainSettings } from '../../../toolchain/toolchain-settings.ts'
import { type Labels, nodeLabels } from './node-labels.ts'

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

const folderOfNodes = () => join(readToolchainSettings().cacheRoot, 'images', 'nodes')

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch {
    // Another file system, or one without hard links.
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  }
}
