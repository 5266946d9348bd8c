import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile, writingTo } from '../toolchain/cache-writing.ts'
import { withLock } from '../toolchain/file-lock.ts'
import type { InstallProgress } from '../toolchain/install-progress.ts'
import { type Blob, blobOfFile, writeBlob } from './blob.ts'
import { type ArchiveContent, describeImage, writeArchive } from './image-archive.ts'
import { fillReference, type ImageRecipe, type LayerRecipe, sourceLabel } from './image-recipe.ts'
import {
  archiveFile,
  type ImageReceipt,
  readImage,
  readLayerRecord,
  readReceipt,
  receiptFile,
} from './image-records.ts'
import type { PreparedImage } from './prepared-image.ts'
import { layerTar } from './write-layer.ts'

export interface StoreOptions {
  readonly signal?: AbortSignal | undefined
  readonly progress?: InstallProgress | undefined
}

/** So many images of one name stay, the last used ones: the one before may be wanted again. */
const keptImages = 2
const stagingPrefix = 'staging-'
/** Goes up when the same recipe shall give another image. */
const storeFormat = 2

/**
 * The images that were made or pulled, below the cache folder: `made/<name>/<key>/` with an archive and its receipt, and
 * `layers/` with what several images have in common. An image comes into being by a rename, so it is whole or absent.
 */
export class ImageStore {
  readonly #root: string

  constructor({ cacheRoot }: { readonly cacheRoot: string }) {
    this.#root = join(cacheRoot, 'images')
  }

  /**
   * The image of the recipe: the one that is there if nothing that it is made from has changed, else a new one.
   * @throws SignalproofError TOOL_DISK_FULL, TOOL_CACHE, and what making a layer throws; the signal's reason
   */
  async make(recipe: ImageRecipe, options: StoreOptions = {}): Promise<PreparedImage> {
    return await this.#once(recipe.name, recipeKey(recipe), options, (staging) =>
      this.#assemble(recipe, staging, options),
    )
  }

  /** The image of the recipe, if it is there; nothing is made. */
  async find(recipe: ImageRecipe): Promise<PreparedImage | undefined> {
    return await readImage(join(this.#root, 'made', recipe.name, recipeKey(recipe)))
  }

  /** An image that was kept under this key. */
  async findKept(name: string, key: string): Promise<PreparedImage | undefined> {
    return await readImage(join(this.#root, 'made', name, hashOf(key)))
  }

  /** An image that `fetch` writes to the file it is given; the key says which one. */
  async keep(
    name: string,
    key: string,
    options: StoreOptions,
    fetch: (tar: string) => Promise<Pick<PreparedImage, 'reference' | 'digest' | 'imageId' | 'source'>>,
  ): Promise<PreparedImage> {
    return await this.#once(name, hashOf(key), options, async (staging) => {
      const fetched = await fetch(join(staging, archiveFile(name)))
      return { ...fetched, name, provenance: 'image', keptLayers: [] }
    })
  }

  async #once(
    name: string,
    key: string,
    options: StoreOptions,
    make: (staging: string) => Promise<Omit<ImageReceipt, 'sizeBytes'>>,
  ): Promise<PreparedImage> {
    const home = join(this.#root, 'made', name)
    const folder = join(home, key)
    const found = await readImage(folder)
    if (found !== undefined) return found
    const { progress = () => {} } = options
    progress({ kind: 'started', components: [{ name: `image of ${name}`, version: key.slice(0, 8) }] })
    try {
      await this.#staged(name, options, async (staging) => {
        if ((await readImage(folder)) !== undefined) return
        const made = await make(staging)
        for (const entry of await readdir(staging)) {
          if (entry !== archiveFile(name)) await rm(join(staging, entry), { recursive: true })
        }
        const { size: sizeBytes } = await stat(join(staging, archiveFile(name)))
        await writeFile(join(staging, receiptFile), `${JSON.stringify({ ...made, sizeBytes }, null, 2)}\n`)
        await mkdir(home, { recursive: true })
        await rm(folder, { recursive: true, force: true })
        await rename(staging, folder)
        await this.#removeLongUnused(home)
      })
    } catch (thrown) {
      progress({ kind: 'failed', component: `image of ${name}`, text: 'not made' })
      throw thrown
    }
    const image = await readImage(folder)
    if (image === undefined) throw new Error(`the image of ${name} was removed while it was made: ${folder}`)
    progress({ kind: 'installed', component: `image of ${name}`, text: `${image.provenance}: ${image.tar}` })
    return image
  }

  /** One process makes images at a time, so a staging folder that is there was left by one that was killed. */
  async #staged<T>(
    name: string,
    { signal, progress = () => {} }: StoreOptions,
    work: (staging: string) => Promise<T>,
  ): Promise<T> {
    const onWait = () =>
      progress({ kind: 'activity', component: `image of ${name}`, text: 'waiting for its turn' })
    const options = { purpose: `making the image of ${name}`, signal, onWait }
    return await withLock(join(this.#root, 'lock'), options, () =>
      writingTo(this.#root, async () => {
        for (const entry of await readdir(this.#root)) {
          if (entry.startsWith(stagingPrefix)) await rm(join(this.#root, entry), { recursive: true })
        }
        const staging = await mkdtemp(join(this.#root, stagingPrefix))
        try {
          return await work(staging)
        } finally {
          await rm(staging, { recursive: true, force: true })
        }
      }),
    )
  }

  async #assemble(recipe: ImageRecipe, staging: string, options: StoreOptions) {
    const content = await this.#content(recipe, staging, options)
    const { reference, documents } = content
    await writeArchive(join(staging, archiveFile(recipe.name)), content, options.signal)
    return {
      name: recipe.name,
      reference,
      digest: documents.digest,
      imageId: documents.imageId,
      provenance: 'built' as const,
      source: recipe.source,
      keptLayers: recipe.layers.filter(({ kept }) => kept).map(({ key }) => hashOf(key)),
    }
  }

  async #content(recipe: ImageRecipe, staging: string, options: StoreOptions): Promise<ArchiveContent> {
    const layers: Blob[] = []
    for (const layer of recipe.layers) layers.push(await this.#layer(recipe.name, layer, staging, options))
    const { architecture, source } = recipe
    const config = { ...recipe.config, Labels: { ...recipe.config.Labels, [sourceLabel]: source } }
    const documents = describeImage({ architecture, config, layers })
    return { reference: fillReference(recipe.reference, documents.imageId), documents, layers }
  }

  async #layer(
    name: string,
    layer: LayerRecipe,
    staging: string,
    { signal, progress = () => {} }: StoreOptions,
  ): Promise<Blob> {
    const record = join(this.#root, 'layers', `${hashOf(layer.key)}.json`)
    const known = await readLayerRecord(record)
    if (known !== undefined) return known
    signal?.throwIfAborted()
    progress({ kind: 'activity', component: `image of ${name}`, text: layer.title })
    const made = await makeLayer(layer, staging, signal)
    if (!layer.kept) return made
    await mkdir(join(this.#root, 'layers'), { recursive: true })
    let { file } = made
    if (!('tar' in layer.content)) {
      file = join(this.#root, 'layers', `${hashOf(layer.key)}.tar`)
      await rename(made.file, file)
    }
    const { mtimeMs } = await stat(file)
    await replaceFile(record, JSON.stringify({ ...made, file, mtimeMs }))
    return { ...made, file }
  }

  async #removeLongUnused(home: string): Promise<void> {
    const folders = await Promise.all(
      (await readdir(home)).map(async (name) => {
        const used = await stat(join(home, name, receiptFile)).catch(() => undefined)
        return { folder: join(home, name), usedAt: used?.mtimeMs ?? 0 }
      }),
    )
    const unused = folders.toSorted((a, b) => b.usedAt - a.usedAt).slice(keptImages)
    for (const { folder } of unused) await rm(folder, { recursive: true, force: true })
    await this.#removeUnneededLayers()
  }

  async #removeUnneededLayers(): Promise<void> {
    const made = join(this.#root, 'made')
    const needed = new Set<string>()
    for (const name of await readdir(made)) {
      for (const key of await readdir(join(made, name))) {
        const receipt = await readReceipt(join(made, name, key))
        for (const layer of receipt?.keptLayers ?? []) needed.add(layer)
      }
    }
    const layers = join(this.#root, 'layers')
    for (const file of await readdir(layers).catch(() => [])) {
      if (!needed.has(file.replace(/\.(json|tar)$/, ''))) await rm(join(layers, file), { force: true })
    }
  }
}

async function makeLayer(
  { content }: LayerRecipe,
  staging: string,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  if ('tar' in content) return await blobOfFile(content.tar, signal)
  const work = await mkdtemp(join(staging, 'work-'))
  const stream = 'stream' in content ? content.stream(signal) : layerTar(await content.entries(work), signal)
  const blob = await writeBlob(stream, `${work}.tar`, signal)
  await rm(work, { recursive: true, force: true })
  return blob
}

const recipeKey = ({ name, reference, architecture, config, source, layers }: ImageRecipe) =>
  hashOf(
    JSON.stringify({
      storeFormat,
      name,
      reference,
      architecture,
      config,
      source,
      layers: layers.map(({ key }) => key),
    }),
  )

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)
