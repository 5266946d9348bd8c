import type { Readable } from 'node:stream'
import type { ImageConfig } from './image-archive.ts'
import type { LayerEntry } from './layer-entry.ts'

/** What an image is made of. Nothing is read or made before it is known that the image is not there already. */
export interface ImageRecipe {
  /** The component's or app's name. */
  readonly name: string
  /** As manifests write it. In `{id}` the first 12 digits of the image's id are put, so that the same content has the same name. */
  readonly reference: string
  readonly architecture: 'amd64' | 'arm64'
  readonly config: ImageConfig
  /** From what, for people. */
  readonly source: string
  /** The lowest first; what changes most often last. */
  readonly layers: readonly LayerRecipe[]
}

export interface LayerRecipe {
  /** For progress, e.g. `requirements`. */
  readonly title: string
  /** Stands for all that the layer is made from. */
  readonly key: string
  /** Whether another image, or the same one after a change above it, has this layer, too: then it is kept by itself. */
  readonly kept: boolean
  readonly content:
    | { readonly tar: string }
    | { readonly stream: (signal?: AbortSignal) => Readable }
    /** The folder given is for what has to be made first; it is removed afterwards. */
    | { readonly entries: (work: string) => Promise<readonly LayerEntry[]> }
}

export const fillReference = (reference: string, imageId: string) =>
  reference.replace('{id}', imageId.replace('sha256:', '').slice(0, 12))

export const sourceLabel = 'dev.signalproof.source'
