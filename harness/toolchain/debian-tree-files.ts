import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type DebianRecipe,
  type DebianTreeName,
  debianRecipes,
  debianSuite,
  emptyInTrees,
  removedFromTrees,
  treeTimeSeconds,
} from './debian-recipes.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

/** A root file system, packed. */
export interface DebianTree {
  readonly name: DebianTreeName
  /** A tar file: names in order, one time, owners by number, nothing in /dev, /proc and /sys. */
  readonly tar: string
  /** A line for each package in it: name, version, architecture. */
  readonly packageList: string
  /** SHA-256 of the tar file. */
  readonly digest: string
}

/** What a making leaves beside the tree. */
const receipt = z.strictObject({
  recipe: z.string(),
  mirror: z.string().optional(),
  madeAt: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  mtimeMs: z.number(),
})
export type TreeReceipt = z.infer<typeof receipt>

/** The tree that was made earlier by the same recipe, if it is whole. */
export async function findDebianTree(
  name: DebianTreeName,
  settings: ToolchainSettings,
): Promise<DebianTree | undefined> {
  const { folder } = treeFolders(name, settings)
  const { tar, packageList, receiptFile } = filesIn(folder)
  try {
    const { sha256, sizeBytes, mtimeMs } = receipt.parse(JSON.parse(await readFile(receiptFile, 'utf8')))
    const seen = await stat(tar)
    if (seen.size !== sizeBytes || seen.mtimeMs !== mtimeMs || !existsSync(packageList)) return undefined
    return { name, tar, packageList, digest: sha256 }
  } catch {
    return undefined
  }
}

export const filesIn = (folder: string) => ({
  tar: join(folder, 'root.tar'),
  packageList: join(folder, 'packages.txt'),
  receiptFile: join(folder, 'receipt.json'),
})

/** Everything that decides what is in a tree, but for the versions that the mirror has that day. */
export const recipeDigest = (recipe: DebianRecipe) =>
  createHash('sha256')
    .update(JSON.stringify([debianSuite, recipe, removedFromTrees, emptyInTrees, treeTimeSeconds]))
    .digest('hex')
    .slice(0, 16)

export function treeFolders(name: DebianTreeName, { cacheRoot, platform }: ToolchainSettings) {
  const home = join(cacheRoot, 'debian-trees', name)
  return { home, folder: join(home, `${recipeDigest(debianRecipes[name])}-${platform}`) }
}
