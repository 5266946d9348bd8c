import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'
import { type Blob, blobOfFile, sha256, writeBlob } from './blob.ts'
import { documentsOf, type ImageDocuments, writeArchive } from './image-archive.ts'

const tableOfContents = z.tuple([z.object({ Config: z.string(), Layers: z.array(z.string()) })])
const imageConfig = z.object({
  os: z.string(),
  architecture: z.string(),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
})

export interface SavedImage {
  /** As the archive names it. */
  readonly reference: string
  /** As the daemon knows it. */
  readonly asked: string
  readonly imageId: string
  /** The archive to write. */
  readonly tar: string
  /** A folder for the pieces. */
  readonly work: string
}

/**
 * Writes what `docker save` yields, in any of its forms, as an archive of ours; every layer must be what the image's
 * configuration says, and the configuration what the image's id says.
 * @throws SignalproofError IMAGE_DIGEST
 */
export async function adoptSavedImage(
  saved: Readable,
  { work, tar, reference, imageId, asked }: SavedImage,
  signal?: AbortSignal,
): Promise<ImageDocuments> {
  await mkdir(work)
  try {
    const links = await unpack(saved, work, signal)
    const place = (name: string): string => {
      const path = normalize(name)
      const target = links.get(path)
      return target === undefined ? join(work, path) : place(target)
    }
    const [contents] = tableOfContents.parse(JSON.parse(await readFile(join(work, 'manifest.json'), 'utf8')))
    const config = await readFile(place(contents.Config), 'utf8')
    if (!(await leadsTo(sha256(config), imageId, work)))
      throw notWhatItSays(asked, `configuration ${imageId}`, sha256(config))
    const { diff_ids: wanted } = imageConfig.parse(JSON.parse(config)).rootfs
    if (wanted.length !== contents.Layers.length)
      throw notWhatItSays(asked, `${wanted.length} layers`, `${contents.Layers.length}`)
    const layers: Blob[] = []
    for (const [index, digest] of wanted.entries()) {
      const file = place(contents.Layers[index] ?? '')
      const layer = await plainLayer(file, signal)
      if (layer.digest !== digest) throw notWhatItSays(asked, `layer ${digest}`, layer.digest)
      layers.push(layer)
    }
    const documents = documentsOf(config, layers)
    await writeArchive(tar, { reference, documents, layers }, signal)
    return documents
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const manifestOrIndex = z.object({
  config: z.object({ digest: z.string() }).optional(),
  manifests: z.array(z.object({ digest: z.string() })).default([]),
})

/** An image's id is the digest of its configuration or, where Docker keeps images as containerd does, of what names it. */
async function leadsTo(config: string, id: string, work: string): Promise<boolean> {
  if (config === id) return true
  const content = await readFile(join(work, 'blobs', id.replace(':', '/')), 'utf8').catch(() => undefined)
  if (content === undefined || sha256(content) !== id) return false
  const { config: named, manifests } = manifestOrIndex.parse(JSON.parse(content))
  if (named?.digest === config) return true
  for (const { digest } of manifests) if (await leadsTo(config, digest, work)) return true
  return false
}

/** Files by their path; older Docker writes a layer that two images share once, and a link in the second place. */
async function unpack(
  saved: Readable,
  work: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const links = new Map<string, string>()
  const members = extract()
  const reading = pipeline(saved, members, { signal })
  const writing = (async () => {
    for await (const member of members) {
      const { name, type, linkname } = member.header
      const path = normalize(name)
      if (type === 'symlink' || type === 'link') {
        links.set(path, type === 'link' ? normalize(linkname) : join(dirname(path), linkname))
      }
      if (type !== 'file' || path.startsWith('..')) {
        member.resume()
        continue
      }
      await mkdir(dirname(join(work, path)), { recursive: true })
      await pipeline(member, createWriteStream(join(work, path)), { signal })
    }
  })()
  await Promise.all([reading, writing])
  return links
}

/** The layer without compression: newer Docker keeps layers as the registry sends them. */
async function plainLayer(file: string, signal: AbortSignal | undefined): Promise<Blob> {
  const decompress = await decompressionOf(file)
  if (decompress === undefined) return await blobOfFile(file, signal)
  const plain = `${file}.plain`
  const packed = createReadStream(file)
  packed.on('error', (thrown) => decompress.destroy(thrown))
  return await writeBlob(packed.pipe(decompress), plain, signal)
}

async function decompressionOf(file: string) {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.readUInt16BE(0) === 0x1f8b) return createGunzip()
    return buffer.readUInt32LE(0) === 0xfd2fb528 ? createZstdDecompress() : undefined
  } finally {
    await handle.close()
  }
}

export const notWhatItSays = (asked: string, expected: string, seen: string) =>
  new SignalproofError('IMAGE_DIGEST', {
    expected: `${asked} with ${expected}`,
    seen,
    remedy: `remove it (docker image rm ${asked}) and run the same command again; nothing of it was kept here`,
  })
