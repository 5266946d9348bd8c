import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { sha256 } from './blob.ts'
import type { Docker } from './docker-images.ts'
import { layerTar } from './write-layer.ts'

/** An image as a registry or a daemon has it. */
interface DoubleImage {
  readonly id: string
  /** The digest of its one layer. */
  readonly layer: string
  readonly saved: Buffer
  readonly labels?: Readonly<Record<string, string>>
}

export async function imageDouble(text: string): Promise<DoubleImage> {
  const layer = await buffer(layerTar([{ kind: 'text', path: 'a', mode: 0o644, text }]))
  const config = JSON.stringify({
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
  })
  const tar = pack()
  tar.entry({ name: 'layer.tar' }, layer)
  tar.entry({ name: 'config.json' }, config)
  tar.entry(
    { name: 'manifest.json' },
    JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: ['layer.tar'] }]),
  )
  tar.finalize()
  return { id: sha256(config), layer: sha256(layer), saved: await buffer(Readable.from(tar)) }
}

/** A Docker daemon as far as images go; `pulls` are the references that it was asked to pull. */
export class DockerDouble {
  readonly images = new Map<string, DoubleImage>()
  readonly registry = new Map<string, DoubleImage>()
  readonly pulls: string[] = []
  architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'

  get docker(): Docker {
    return this as unknown as Docker
  }

  getImage(reference: string) {
    const found = this.images.get(reference)
    return {
      inspect: async () => {
        if (found === undefined) throw Object.assign(new Error('no such image'), { statusCode: 404 })
        const Config = { Labels: found.labels }
        return { Id: found.id, Config, Os: 'linux', Architecture: this.architecture, RepoDigests: [] }
      },
      get: async () => Readable.from([found?.saved]),
    }
  }

  async pull(reference: string): Promise<{ error?: string }[]> {
    this.pulls.push(reference)
    const image = this.registry.get(reference)
    if (image === undefined) return [{ error: `manifest for ${reference} not found` }]
    this.images.set(reference, image)
    return [{}]
  }

  readonly modem = {
    followProgress(
      answer: { error?: string }[],
      done: (thrown: null) => void,
      each: (event: unknown) => void,
    ) {
      for (const event of answer) each(event)
      done(null)
    },
  }
}
