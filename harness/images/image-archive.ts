import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import { type Blob, sha256 } from './blob.ts'
import { wholeReference } from './image-reference.ts'
import { fixedTime, readChunkBytes } from './write-layer.ts'

/** How a container of an image starts; the words are those of the OCI image specification. */
export interface ImageConfig {
  readonly Entrypoint: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Env?: readonly string[]
  readonly User?: string
  readonly WorkingDir?: string
  readonly ExposedPorts?: Readonly<Record<string, object>>
  readonly Volumes?: Readonly<Record<string, object>>
  readonly Labels?: Readonly<Record<string, string>>
}

export interface ImageParts {
  readonly architecture: 'amd64' | 'arm64'
  readonly config: ImageConfig
  /** Tars without compression, the lowest first. */
  readonly layers: readonly Blob[]
}

/** The small documents of an image. */
export interface ImageDocuments {
  readonly config: string
  readonly manifest: string
  /** Of the manifest. */
  readonly digest: string
  /** Of the configuration. */
  readonly imageId: string
}

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
}

/** Without a date, so that the same parts make the same image. */
export function describeImage({ architecture, config, layers }: ImageParts): ImageDocuments {
  const configText = JSON.stringify({
    architecture,
    os: 'linux',
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], ...config },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  })
  return documentsOf(configText, layers)
}

/** Of a configuration that is there already. */
export function documentsOf(configText: string, layers: readonly Blob[]): ImageDocuments {
  const imageId = sha256(configText)
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: imageId, size: Buffer.byteLength(configText) },
    layers: layers.map(({ digest, sizeBytes }) => ({ mediaType: types.layer, digest, size: sizeBytes })),
  })
  return { config: configText, manifest, digest: sha256(manifest), imageId }
}

export interface ArchiveContent {
  readonly reference: string
  readonly documents: ImageDocuments
  readonly layers: readonly Blob[]
}

/** The image as one tar: an OCI layout (read by containerd and k3s) with Docker's own table of contents beside it. */
export async function writeArchive(
  file: string,
  content: ArchiveContent,
  signal?: AbortSignal,
): Promise<void> {
  const tar = pack()
  const writing = pipeline(tar, createWriteStream(file), { signal })
  fillArchive(tar, content, signal).then(
    () => tar.finalize(),
    (thrown: Error) => tar.destroy(thrown),
  )
  await writing
}

const blobPath = (digest: string) => `blobs/${digest.replace(':', '/')}`

async function fillArchive(
  tar: Pack,
  { reference, documents, layers }: ArchiveContent,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { config, manifest, digest, imageId } = documents
  const text = (name: string, value: string) => tar.entry({ name, mode: 0o644, mtime: fixedTime }, value)
  text('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  text('index.json', writeIndex(reference, documents))
  text(
    'manifest.json',
    JSON.stringify([
      {
        Config: blobPath(imageId),
        RepoTags: [reference],
        Layers: layers.map((layer) => blobPath(layer.digest)),
      },
    ]),
  )
  text(blobPath(imageId), config)
  text(blobPath(digest), manifest)
  const written = new Set<string>()
  for (const layer of layers) {
    if (written.has(layer.digest)) continue
    written.add(layer.digest)
    const entry = tar.entry({
      name: blobPath(layer.digest),
      mode: 0o644,
      mtime: fixedTime,
      size: layer.sizeBytes,
    })
    await pipeline(createReadStream(layer.file, { highWaterMark: readChunkBytes }), entry, { signal })
  }
}

function writeIndex(reference: string, { manifest, digest }: ImageDocuments): string {
  const { name, tag } = wholeReference(reference)
  const entry = {
    mediaType: types.manifest,
    digest,
    size: Buffer.byteLength(manifest),
    // The first is what containerd goes by, the second what the OCI specification knows.
    annotations: { 'io.containerd.image.name': `${name}:${tag}`, 'org.opencontainers.image.ref.name': tag },
  }
  return JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: [entry] })
}
