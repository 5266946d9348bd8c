import { SignalproofError } from '../core/signalproof-error.ts'
import { containersOf, type ManifestObject, objectName, podTemplateOf } from './manifest-object.ts'

/** Full references by the image's name without its tag: `signalproof/frontend` → `signalproof/frontend:3f2a…`. */
export type ImageReferences = Readonly<Record<string, string>>

/** `registry.k8s.io:443/a/b:v1@sha256:…` → `registry.k8s.io:443/a/b` */
export const imageName = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '')

/** Whether a reference says which image it means: by a tag other than `latest`, or a digest. */
export const isPinned = (reference: string): boolean =>
  reference.includes('@sha256:') || /:(?!latest$)[^:/]+$/.test(reference)

/**
 * Gives every container the image of the table, in place; one that is not in the table keeps its own.
 * @throws SignalproofError CONFIG_INVALID for an image that then has no tag
 */
export function setImages(objects: readonly ManifestObject[], images: ImageReferences): void {
  for (const object of objects) {
    const template = podTemplateOf(object)
    for (const container of template === undefined ? [] : containersOf(template)) {
      container.image = images[imageName(container.image)] ?? container.image
      if (!isPinned(container.image))
        throw notPinned(container.image, `${objectName(object)}, container ${container.name}`)
    }
  }
}

function notPinned(image: string, where: string): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected: 'an image with a tag or a digest',
    seen: image,
    where,
    remedy: 'pin it in the manifest; images of our own apps get their tag when they are built',
  })
}
