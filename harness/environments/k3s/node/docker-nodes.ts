import type Docker from 'dockerode'
import { dockerDaemon } from '../../../images/docker-images.ts'
import type { ClusterNodes, FoundNode } from '../cluster-nodes.ts'
import { DockerNode } from './docker-node.ts'
import { removeImageFolder } from './image-folder.ts'
import { readyLine } from './node-container.ts'
import { explainDocker, failWhenEnded, removeContainer } from './node-ends.ts'
import { type Labels, nodeLabels } from './node-labels.ts'
import { sweepDocker } from './node-sweep.ts'
import { startNode } from './start-node.ts'

/** Nodes as containers of the Docker daemon of this machine. */
export const dockerNodes: ClusterNodes = {
  start: (request) => startNode(request),

  async find(id) {
    const docker = await dockerDaemon()
    const label = `${nodeLabels.environment}=${id}`
    const [found] = await docker.listContainers({ all: true, filters: { label: [label] } })
    if (found === undefined) return undefined
    return { id, containerId: found.Id, isRunning: found.State === 'running', imageReference: found.Image }
  },

  async reopen(found, { signal }) {
    const docker = await dockerDaemon()
    const container = docker.getContainer(found.containerId)
    if (!found.isRunning) await startAgain(container)
    await awaitReady(container, signal)
    return await DockerNode.of(docker, found.containerId)
  },

  async remove(found: FoundNode) {
    const docker = await dockerDaemon()
    const container = docker.getContainer(found.containerId)
    const { Config } = await container.inspect()
    await removeContainer(container)
    await removeImageFolder(Config.Labels as Labels)
  },

  sweep: sweepDocker,
}

async function startAgain(container: Docker.Container): Promise<void> {
  const { HostConfig } = await container.inspect()
  const bindings = Object.values((HostConfig.PortBindings ?? {}) as Record<string, { HostPort?: string }[]>)
  const fixed = bindings.flat().flatMap(({ HostPort: port }) => (Number(port) > 0 ? [Number(port)] : []))
  try {
    await container.start()
  } catch (thrown) {
    throw explainDocker(thrown, new Map(fixed.map((port) => [port, port])))
  }
}

/** The ready line of the life that the container is in; it stands in the log already where the container ran on. */
async function awaitReady(container: Docker.Container, signal?: AbortSignal): Promise<void> {
  const { State } = await container.inspect()
  const waiting = new AbortController()
  const stop = signal === undefined ? waiting.signal : AbortSignal.any([waiting.signal, signal])
  const ending = failWhenEnded(container, stop)
  try {
    const log = await container.logs({
      follow: true,
      stdout: true,
      stderr: true,
      since: Date.parse(State.StartedAt) / 1000,
      abortSignal: stop,
    })
    await Promise.race([ending, lineSeen(log)])
  } catch (thrown) {
    signal?.throwIfAborted()
    throw thrown
  } finally {
    ending.catch(() => {})
    waiting.abort()
  }
}

function lineSeen(log: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let recent = ''
    log.on('error', reject).on('data', (piece: Buffer) => {
      recent = (recent + piece.toString('latin1')).slice(-piece.length - readyLine.length)
      if (recent.includes(readyLine)) resolve()
    })
  })
}
