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
 * @throws SignalproofError CONFIG_INVALID for an image that then has no tag, and for one whose tag is not the table's: the
 * manifest would say one version and another would run
 */
export function setImages(objects: readonly ManifestObject[], images: ImageReferences): void {
  for (const object of objects) {
    const template = podTemplateOf(object)
    for (const container of template === undefined ? [] : containersOf(template)) {
      const where = `${objectName(object)}, container ${container.name}`
      const prepared = images[imageName(container.image)]
      if (prepared !== undefined && isPinned(container.image) && container.image !== prepared)
        throw otherImage(container.image, prepared, where)
      container.image = prepared ?? container.image
      if (!isPinned(container.image)) throw notPinned(container.image, where)
    }
  }
}

function otherImage(seen: string, prepared: string, where: string): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected: `the image ${prepared}, which is the one that is prepared`,
    seen,
    where,
    remedy: 'the manifest and the table of pins (harness/toolchain) have to name the same version',
  })
}

function notPinned(image: string, where: string): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected: 'an image with a tag or a digest',
    seen: image,
    where,
    remedy: 'pin it in the manifest; images of our own apps get their tag when they are built',
  })
}
