import type Docker from 'dockerode'
import { dockerDaemon } from '../../../images/docker-images.ts'
import type { NodeRequest } from '../cluster-nodes.ts'
import { DockerNode } from './docker-node.ts'
import { linkImages, removeImageFolder } from './image-folder.ts'
import { nodeFolders, serverArguments } from './node-arguments.ts'
import { NodeContainer } from './node-container.ts'
import { explainDocker, failWhenEnded, nodeFailed, removeContainer } from './node-ends.ts'
import { type Labels, nodeLabels, ownerLabels } from './node-labels.ts'
import { activityOf, LogTail } from './node-log.ts'
import { ensureSeedVolume } from './seed-volume.ts'

/**
 * Starts a node with all its images in it, and waits until it is Ready.
 * @param Container tests start nodes that fail
 * @throws SignalproofError ENV_NODE_FAILED with the node's last lines, ENV_PORT_TAKEN; the signal's reason
 */
export async function startNode(request: NodeRequest, Container = NodeContainer): Promise<DockerNode> {
  const docker = await dockerDaemon()
  const { id, image, images, root, kept, signal, onActivity } = request
  const imageFolder = await linkImages(id, images)
  const labels: Labels = {
    ...ownerLabels(),
    [nodeLabels.environment]: id,
    [nodeLabels.kept]: String(kept),
    [nodeLabels.root]: root,
    [nodeLabels.imageFolder]: imageFolder,
    [nodeLabels.nodeKind]: image.kind,
    [nodeLabels.nodeProvenance]: image.provenance,
  }
  try {
    const seedVolume =
      image.kind === 'k3s'
        ? undefined
        : await ensureSeedVolume({
            docker,
            node: image,
            images,
            imageFolder,
            signal,
            onActivity,
          })
    const containerId = await runContainer(docker, { request, labels, imageFolder, seedVolume, Container })
    const node = await DockerNode.of(docker, containerId)
    await node.exec(['mkdir', '-p', ...nodeFolders])
    return node
  } catch (thrown) {
    await removeImageFolder(labels)
    throw thrown
  }
}

interface ContainerRequest {
  readonly request: NodeRequest
  readonly labels: Labels
  readonly imageFolder: string
  readonly seedVolume: string | undefined
  readonly Container: typeof NodeContainer
}

/** @returns the id of a container whose node is Ready; when it does not come to that, none is left */
async function runContainer(
  docker: Docker,
  { request, labels, imageFolder, seedVolume, Container }: ContainerRequest,
): Promise<string> {
  const { id, image, images, nodePorts, hostPorts, signal, onActivity } = request
  signal?.throwIfAborted()
  const created = Promise.withResolvers<Docker.Container>()
  const waiting = new AbortController()
  const tail = new LogTail()
  const starting = new Container({
    name: `signalproof-node-${id}`,
    image: image.reference,
    command: serverArguments(images),
    labels,
    imageFolder,
    seedVolume,
    nodePorts,
    hostPorts,
    onCreated: (containerId) => created.resolve(docker.getContainer(containerId)),
  })
    .withLogConsumer((log) =>
      tail.follow(log, (line) => {
        const activity = activityOf(line)
        if (activity !== undefined) onActivity?.(activity)
      }),
    )
    .start()
  const ending = created.promise.then((container) =>
    failWhenEnded(container, { signal: waiting.signal, condition: 'next-exit', tail }),
  )
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  try {
    return (await Promise.race([starting, ending, aborted.promise])).getId()
  } catch (thrown) {
    for (const promise of [starting, ending]) promise.catch(() => {})
    // Whichever is first, creating it or giving that up.
    const container = await Promise.race([
      created.promise,
      starting.then(
        () => undefined,
        () => undefined,
      ),
    ])
    const account = signal?.aborted === true ? signal.reason : await explain(thrown, tail, hostPorts)
    if (container !== undefined) await removeContainer(container)
    throw account
  } finally {
    signal?.removeEventListener('abort', onAbort)
    ending.catch(() => {})
    waiting.abort()
  }
}

/** Testcontainers removes a container that did not become ready, and its log with it; the tail is what is left of it then. */
async function explain(
  thrown: unknown,
  tail: LogTail,
  hostPorts: ReadonlyMap<number, number>,
): Promise<unknown> {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (message.startsWith('Log stream ended')) {
    await tail.ended
    return nodeFailed('its container ended', tail.lines, thrown)
  }
  if (message.startsWith('Log message')) return nodeFailed(message, tail.lines, thrown)
  return explainDocker(thrown, hostPorts)
}
