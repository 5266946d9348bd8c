import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { containerArchitecture, containerPlatform } from './container-platform.ts'
import { type Docker, type ImageFacts, inspectImage, pullIntoDaemon } from './docker-images.ts'
import { sourceLabel } from './image-recipe.ts'
import { wholeReference } from './image-reference.ts'
import type { ImageSettings } from './image-settings.ts'
import type { ImageStore, StoreOptions } from './image-store.ts'
import type { PreparedImage } from './prepared-image.ts'
import { adoptSavedImage, notWhatItSays } from './saved-image.ts'

/** An image of upstream's. */
export interface UpstreamImage {
  readonly name: string
  /** As manifests write it. */
  readonly reference: string
  /** Of its manifest or its list of manifests, where one is pinned: nothing else is taken then. */
  readonly digest?: string | undefined
}

export interface PullContext extends StoreOptions {
  readonly docker: Docker
  readonly store: ImageStore
  readonly supply: Pick<ImageSettings, 'mirror'>
}

export const pulledKey = ({ reference, digest = 'not pinned' }: UpstreamImage) =>
  `pulled 1 ${reference} ${digest} ${containerPlatform()}`

/** By what name the Docker daemon is asked for the image. */
export function placeOf({ reference, digest }: UpstreamImage, { mirror }: Pick<ImageSettings, 'mirror'>) {
  const { name, registry, repository, tag } = wholeReference(reference)
  const at = mirror === undefined ? name : `${mirror}/${repository}`
  return {
    registry: mirror ?? registry,
    at,
    asked: digest === undefined ? `${at}:${tag}` : `${at}@${digest}`,
  }
}

/** What the daemon has under an image's name, unless it was made here and loaded: that is none of upstream's. */
export async function findInDaemon(docker: Docker, asked: string): Promise<ImageFacts | undefined> {
  const found = await inspectImage(docker, asked)
  return found?.Config?.Labels?.[sourceLabel] === undefined ? found : undefined
}

/**
 * The image as an archive of the store, by way of the Docker daemon, which has the user's proxy and certificates: pulled
 * unless the store or the daemon has it.
 * @throws SignalproofError IMAGE_PULL, IMAGE_DIGEST, TOOL_DISK_FULL, TOOL_CACHE; the signal's reason
 */
export async function pullImage(image: UpstreamImage, context: PullContext): Promise<PreparedImage> {
  const { store, docker, supply, signal, progress = () => {} } = context
  const known = await store.findKept(image.name, pulledKey(image))
  if (known !== undefined) return known
  const { asked, at } = placeOf(image, supply)
  const say = (text: string) => progress({ kind: 'activity', component: `image of ${image.name}`, text })
  const pulled = () => {
    say(`pulling ${asked}`)
    return pullIntoDaemon(docker, asked, signal)
  }
  const found = (await findInDaemon(docker, asked)) ?? (await pulled())
  requirePlatform(found, asked)
  return await store.keep(image.name, pulledKey(image), context, async (tar) => {
    say('reading it from the Docker daemon')
    const saved = Readable.from(await docker.getImage(asked).get())
    const names = { reference: image.reference, asked, imageId: found.Id }
    const { digest, imageId } = await adoptSavedImage(
      saved,
      { ...names, work: join(dirname(tar), 'saved'), tar },
      signal,
    )
    return { reference: image.reference, digest, imageId, source: sourceOf(found, at) ?? asked }
  })
}

/** The name with the digest by which the registry gave it. */
const sourceOf = ({ RepoDigests = [] }: ImageFacts, at: string) =>
  RepoDigests.find((known) => wholeReference(known.replace(/@.*$/, '')).name === at)

function requirePlatform({ Os, Architecture }: ImageFacts, asked: string): void {
  const wanted = `linux/${containerArchitecture()}`
  const seen = `${Os}/${Architecture}`
  if (seen !== wanted) throw notWhatItSays(asked, `platform ${wanted}`, seen)
}
