import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { ContainerRuntimeClient } from 'testcontainers'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { containerArchitecture } from './container-platform.ts'
import type { StoreOptions } from './image-store.ts'
import type { PreparedImage } from './prepared-image.ts'

/** Testcontainers' own way to the daemon. */
export type Docker = ContainerRuntimeClient['container']['dockerode']
/** What the daemon says of an image it has. */
export type ImageFacts = Awaited<ReturnType<ReturnType<Docker['getImage']>['inspect']>>

/** Found as Testcontainers finds it; loaded only when it is asked for, since that takes half a second. @throws SignalproofError ENV_DOCKER_UNREACHABLE */
export async function dockerDaemon(): Promise<Docker> {
  // Inside a container Testcontainers takes the bridge's address; everything here is published on this one only.
  process.env.TESTCONTAINERS_HOST_OVERRIDE ??= '127.0.0.1'
  const { getContainerRuntimeClient } = await import('testcontainers')
  try {
    return (await getContainerRuntimeClient()).container.dockerode
  } catch (thrown) {
    throw new SignalproofError('ENV_DOCKER_UNREACHABLE', {
      expected: 'a Docker daemon, by which images are pulled and nodes started',
      seen: describeThrown(thrown),
      remedy: 'start it, and look: docker version',
      cause: thrown,
    })
  }
}

/** What the daemon knows of an image it has. */
export async function inspectImage(docker: Docker, reference: string): Promise<ImageFacts | undefined> {
  try {
    return await docker.getImage(reference).inspect()
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined
    throw thrown
  }
}

export const isNotFound = (thrown: unknown) => (thrown as { statusCode?: number }).statusCode === 404

/**
 * Loads the archive, unless the daemon has the image already.
 * @throws SignalproofError IMAGE_REFUSED when the daemon does not take it
 */
export async function loadIntoDaemon(
  docker: Docker,
  image: Pick<PreparedImage, 'reference' | 'imageId' | 'tar' | 'name'>,
  { signal, progress = () => {} }: StoreOptions = {},
): Promise<void> {
  if (await hasImage(docker, image)) return
  progress({
    kind: 'activity',
    component: `image of ${image.name}`,
    text: 'loading it into the Docker daemon',
  })
  const answer = await docker.loadImage(createReadStream(image.tar, { signal }), { quiet: true })
  const wrong = await readAnswer(docker, answer, signal)
  if (await hasImage(docker, image)) return
  throw new SignalproofError('IMAGE_REFUSED', {
    expected: `the Docker daemon to load ${image.reference}`,
    seen: wrong ?? 'it says that it did, and does not have it',
    remedy: `look into the daemon's log; room on its disk: docker system df; by hand: docker load -i ${image.tar}`,
  })
}

async function hasImage(
  docker: Docker,
  { reference, imageId }: Pick<PreparedImage, 'reference' | 'imageId'>,
): Promise<boolean> {
  const found = await inspectImage(docker, reference)
  // A daemon that keeps images as containerd does gives them other ids; then the name, which holds ours, has to do.
  return found !== undefined && (found.Id === imageId || reference.endsWith(imageId.slice(7, 19)))
}

/** @throws SignalproofError IMAGE_PULL when the daemon does not have it afterwards; the signal's reason */
export async function pullIntoDaemon(
  docker: Docker,
  asked: string,
  signal?: AbortSignal,
): Promise<ImageFacts> {
  let seen: string | undefined
  try {
    const answer = await docker.pull(asked, {
      platform: `linux/${containerArchitecture()}`,
      abortSignal: signal,
    })
    seen = await readAnswer(docker, answer, signal)
  } catch (thrown) {
    signal?.throwIfAborted()
    seen = describeThrown(thrown)
  }
  const found = seen === undefined ? await inspectImage(docker, asked) : undefined
  if (found !== undefined) return found
  throw new SignalproofError('IMAGE_PULL', {
    expected: `the Docker daemon to pull ${asked}`,
    seen: seen ?? 'it says that it did, and does not have it',
    remedy: `docker pull ${asked} shows the same by hand; SIGNALPROOF_IMAGES=built has it made here`,
  })
}

/** What stands in the way, in the daemon's words; undefined when the answer, which comes bit by bit, is a good one. */
async function readAnswer(
  docker: Docker,
  answer: NodeJS.ReadableStream,
  signal?: AbortSignal,
): Promise<string | undefined> {
  let wrong: string | undefined
  const stop = () => (answer as Readable).destroy(signal?.reason as Error)
  signal?.addEventListener('abort', stop, { once: true })
  await new Promise<void>((resolve) => {
    docker.modem.followProgress(
      answer,
      (thrown) => {
        if (thrown !== null) wrong ??= thrown.message
        resolve()
      },
      (event: { error?: string }) => {
        if (event.error !== undefined) wrong = event.error
      },
    )
  })
  signal?.removeEventListener('abort', stop)
  signal?.throwIfAborted()
  return wrong
}
