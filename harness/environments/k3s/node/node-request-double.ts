import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { findProjectRoot } from '../../../config/load-config.ts'
import { dockerDaemon } from '../../../images/docker-images.ts'
import { prepareImages, prepareNodeImage } from '../../../images/prepare-images.ts'
import type { ClusterNode } from '../cluster-node.ts'
import type { NodeRequest } from '../cluster-nodes.ts'
import { dockerNodes } from './docker-nodes.ts'
import { nodeLabels } from './node-labels.ts'

/** A request for a real node with all images; what it made is removed when the test is over. */
export async function nodeRequest(wanted: Partial<NodeRequest> = {}): Promise<NodeRequest> {
  // All images, as a real start has them: so they share its seed.
  const [{ components, apps }, image] = await Promise.all([
    prepareImages(findProjectRoot(process.cwd())),
    prepareNodeImage(),
  ])
  const request: NodeRequest = {
    id: randomBytes(4).toString('hex'),
    image,
    images: [...components, ...apps],
    nodePorts: [],
    hostPorts: new Map(),
    kept: false,
    root: '/a/checkout',
    ...wanted,
  }
  onTestFinished(async () => {
    const found = await dockerNodes.find(request.id)
    if (found !== undefined) await dockerNodes.remove(found)
  })
  return request
}

/** The names of the containers of a cluster, running or not. */
export async function containersOf(id: string): Promise<string[]> {
  const docker = await dockerDaemon()
  const label = `${nodeLabels.environment}=${id}`
  return (await docker.listContainers({ all: true, filters: { label: [label] } })).flatMap(
    ({ Names }) => Names,
  )
}

/** Runs kubectl in the node. @returns what it printed, trimmed */
export async function kubectl(node: ClusterNode, ...words: readonly string[]): Promise<string> {
  const command = ['kubectl', '--kubeconfig', '/etc/rancher/k3s/k3s.yaml', ...words]
  const { exitCode, output } = await node.exec(command)
  if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${output}`)
  return output.trim()
}
