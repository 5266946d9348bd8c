import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type Docker from 'dockerode'
import { pause } from '../../../core/eventually.ts'
import { isNotFound } from '../../../images/docker-images.ts'
import type { NodeImage, PreparedImage } from '../../../images/prepared-image.ts'
import { readToolchainSettings } from '../../../toolchain/toolchain-settings.ts'
import { seedArguments } from './node-arguments.ts'
import { imageFolderInNode, ownControlGroups, seedInNode } from './node-container.ts'
import { nodeFailed, removeContainer } from './node-ends.ts'
import { isOrphan, type Labels, nodeLabels, ownerLabels } from './node-labels.ts'
import { lastLines } from './node-log.ts'
import { seedDigest, seedName } from './seed-digest.ts'

export interface SeedRequest {
  readonly docker: Docker
  readonly node: NodeImage
  readonly images: readonly PreparedImage[]
  /** The folder with their archives. */
  readonly imageFolder: string
  readonly signal?: AbortSignal | undefined
  readonly onActivity?: ((text: string) => void) | undefined
}

/** Seeds of older checkouts may be wanted again, when somebody goes back and forth. */
const olderSeeds = 2
const lookAgainMs = 100

/**
 * A volume in which a node's containerd has unpacked images once, for all nodes to come: importing them takes longer
 * than everything else in a node's start. Of processes that want the same one, the first makes it and the others wait.
 * @returns the volume's name
 * @throws SignalproofError ENV_NODE_FAILED; the signal's reason
 */
export async function ensureSeedVolume(request: SeedRequest): Promise<string> {
  const { docker, images } = request
  const digest = await seedDigest(images)
  const name = seedName(digest)
  if (await isKnownComplete(docker, name)) return name
  request.onActivity?.('unpacking the images once, for this start and those to come')
  while (!(await fillOnce(request, name, digest))) await pause(lookAgainMs, request.signal)
  await noteComplete(docker, name)
  await removeOlderSeeds(docker, name)
  return name
}

/**
 * The name of the container that fills a seed is its lock: Docker gives it to one only. Of one that could not be filled
 * nothing is left, unless another process fills it meanwhile.
 * @returns whether the seed is complete; false after another process has been waited for
 */
async function fillOnce(request: SeedRequest, name: string, digest: string): Promise<boolean> {
  const filling = `${name}-filling`
  const container = await createUnlessThere(request, name, filling, digest)
  if (container === undefined) {
    await awaitOther(request, filling)
    return false
  }
  try {
    await runToEnd(container, request.signal)
  } catch (thrown) {
    await removeContainer(container)
    await removeSeed(request.docker, name)
    throw thrown
  }
  await removeContainer(container)
  return true
}

async function runToEnd(container: Docker.Container, signal?: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  try {
    const ending = container.wait({ condition: 'next-exit' })
    await container.start()
    const { StatusCode: code } = await Promise.race([ending, aborted])
    if (code !== 0) throw nodeFailed('unpacking the images failed', await lastLines(container))
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

async function createUnlessThere(
  { docker, node, images, imageFolder }: SeedRequest,
  volume: string,
  name: string,
  digest: string,
): Promise<Docker.Container | undefined> {
  const wanted: Docker.ContainerCreateOptions = {
    name,
    Image: node.reference,
    Cmd: seedArguments(images),
    Labels: { ...ownerLabels(), [nodeLabels.seed]: digest },
    HostConfig: {
      Privileged: true,
      ...ownControlGroups,
      Binds: [`${imageFolder}:${imageFolderInNode}:ro`],
      // Makes the volume where there is none: another that failed to fill it may just have removed it.
      Mounts: [
        {
          Type: 'volume',
          Source: volume,
          Target: seedInNode,
          VolumeOptions: {
            Labels: { [nodeLabels.seed]: digest },
            NoCopy: true,
            DriverConfig: { Name: 'local', Options: {} },
          },
        },
      ],
      Tmpfs: { '/run': 'rw' },
    },
  }
  try {
    const container: Docker.Container = await docker.createContainer(wanted)
    return container
  } catch (thrown) {
    if ((thrown as { statusCode?: number }).statusCode === 409) return undefined
    throw thrown
  }
}

/** Until the other one has ended; a container whose process died before it started it is removed. */
async function awaitOther({ docker, signal }: SeedRequest, name: string): Promise<void> {
  const container = docker.getContainer(name)
  try {
    const { Config, State } = await container.inspect()
    if (isOrphan(Config.Labels as Labels)) return await removeContainer(container)
    if (State.Status === 'created') return
    await container.wait({ condition: 'removed', ...(signal === undefined ? {} : { abortSignal: signal }) })
  } catch (thrown) {
    signal?.throwIfAborted()
    if (!isNotFound(thrown)) throw thrown
  }
}

/**
 * Looking into a volume takes a container. So a file tells that a volume was seen complete; a volume of the same name
 * that was made later is another one.
 */
const noteOf = (volume: string) => join(readToolchainSettings().cacheRoot, 'images', 'seeds', volume)

async function isKnownComplete(docker: Docker, volume: string): Promise<boolean> {
  const created = await creationOf(docker, volume)
  if (created === undefined) return false
  try {
    return (await readFile(noteOf(volume), 'utf8')) === created
  } catch {
    return false
  }
}

async function noteComplete(docker: Docker, volume: string): Promise<void> {
  const note = noteOf(volume)
  await mkdir(dirname(note), { recursive: true })
  await writeFile(note, (await creationOf(docker, volume)) ?? '')
}

async function creationOf(docker: Docker, volume: string): Promise<string | undefined> {
  try {
    return ((await docker.getVolume(volume).inspect()) as unknown as { CreatedAt: string }).CreatedAt
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined
    throw thrown
  }
}

/** @returns the names of those that were removed; one that a node uses stays */
export async function removeOlderSeeds(docker: Docker, newest?: string): Promise<string[]> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [nodeLabels.seed] } })
  const older = volumes
    .map((volume) => volume as unknown as { Name: string; CreatedAt: string })
    .filter(({ Name: name }) => name !== newest)
    .sort((a, b) => b.CreatedAt.localeCompare(a.CreatedAt))
    .slice(newest === undefined ? 0 : olderSeeds)
  const removed = await Promise.all(older.map(({ Name: name }) => removeSeed(docker, name)))
  return removed.flat()
}

/** @returns its name, unless it is in use or gone */
export async function removeSeed(docker: Docker, volume: string): Promise<string[]> {
  try {
    await docker.getVolume(volume).remove()
  } catch (thrown) {
    const status = (thrown as { statusCode?: number }).statusCode
    if (status === 409 || status === 404) return []
    throw thrown
  }
  await rm(noteOf(volume), { force: true })
  return [volume]
}
