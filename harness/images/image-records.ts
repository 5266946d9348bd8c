import { readFile, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Blob } from './blob.ts'
import type { PreparedImage } from './prepared-image.ts'

/** What the store of images remembers in files beside them. */

const layerRecord = z.strictObject({
  digest: z.string(),
  sizeBytes: z.number(),
  file: z.string(),
  mtimeMs: z.number(),
})

const imageReceipt = z.strictObject({
  name: z.string(),
  reference: z.string(),
  digest: z.string(),
  imageId: z.string(),
  provenance: z.enum(['image', 'built']),
  source: z.string(),
  sizeBytes: z.number(),
  /** Keys of the layers that are kept by themselves; they stay as long as the image does. */
  keptLayers: z.array(z.string()),
})
export type ImageReceipt = z.infer<typeof imageReceipt>

export const archiveFile = (name: string) => `${name}.tar`
export const receiptFile = 'receipt.json'

export async function readLayerRecord(record: string): Promise<Blob | undefined> {
  try {
    const { mtimeMs, ...blob } = layerRecord.parse(JSON.parse(await readFile(record, 'utf8')))
    const seen = await stat(blob.file)
    return seen.size === blob.sizeBytes && seen.mtimeMs === mtimeMs ? blob : undefined
  } catch {
    return undefined
  }
}

export async function readReceipt(folder: string): Promise<ImageReceipt | undefined> {
  try {
    return imageReceipt.parse(JSON.parse(await readFile(join(folder, receiptFile), 'utf8')))
  } catch {
    return undefined
  }
}

/** The image of a folder if it is whole; that it was asked for is noted, since the longest unused go. */
export async function readImage(folder: string): Promise<PreparedImage | undefined> {
  const receipt = await readReceipt(folder)
  if (receipt === undefined) return undefined
  const tar = join(folder, archiveFile(receipt.name))
  const seen = await stat(tar).catch(() => undefined)
  if (seen?.size !== receipt.sizeBytes) return undefined
  const now = new Date()
  await utimes(join(folder, receiptFile), now, now).catch(() => {})
  const { keptLayers: _, ...image } = receipt
  return { ...image, tar }
}
