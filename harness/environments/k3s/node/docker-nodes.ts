import type Docker from 'dockerode'
import { dockerDaemon } from '../../../images/docker-images.ts'
import { KubeApi } from '../../../kube/kube-api.ts'
import { kubeContext } from '../cluster-node.ts'
import type { ClusterNodes, FoundNode } from '../cluster-nodes.ts'
import { DockerNode } from './docker-node.ts'
import { removeImageFolder } from './image-folder.ts'
import { explainDocker, removeContainer } from './node-ends.ts'
import { type Labels, nodeLabels } from './node-labels.ts'
import { awaitReady } from './node-ready.ts'
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
    // The log of one that runs for long may not have its beginning any more.
    else if (await answers(docker, found.containerId)) return await DockerNode.of(docker, found.containerId)
    await awaitReady(container, { signal })
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

async function answers(docker: Docker, containerId: string): Promise<boolean> {
  try {
    const node = await DockerNode.of(docker, containerId)
    const api = KubeApi.fromKubeconfig(await node.kubeconfig(), kubeContext)
    return (await api.raw('GET', '/readyz')).status === 200
  } catch {
    // Why it does not, is said by its log.
    return false
  }
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
