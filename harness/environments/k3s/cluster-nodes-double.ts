import type { PreparedImage } from '../../images/prepared-image.ts'
import type { ClusterNode } from './cluster-node.ts'
import type { ClusterNodes, FoundNode } from './cluster-nodes.ts'

/** Nodes that are only noted down: `containers` are those that there are, `removed` those that were ended. */
export class ClusterNodesDouble implements ClusterNodes {
  readonly containers = new Map<string, FoundNode>()
  readonly removed: string[] = []
  readonly imported: string[] = []
  kubeconfig = ''
  swept = 0

  add(id: string, isRunning = true): FoundNode {
    const found = { id, containerId: `container-${id}`, isRunning, imageReference: 'signalproof/node:1' }
    this.containers.set(id, found)
    return found
  }

  async start({ id }: { id: string }): Promise<ClusterNode> {
    return this.nodeOf(this.add(id))
  }

  async find(id: string): Promise<FoundNode | undefined> {
    return this.containers.get(id)
  }

  async reopen(found: FoundNode): Promise<ClusterNode> {
    return this.nodeOf(this.add(found.id))
  }

  async remove({ id }: FoundNode): Promise<void> {
    this.containers.delete(id)
    this.removed.push(id)
  }

  async sweep(): Promise<string[]> {
    this.swept += 1
    return []
  }

  private nodeOf(found: FoundNode): ClusterNode {
    return {
      containerId: found.containerId,
      image: { reference: found.imageReference, kind: 'kubernetes', provenance: 'built' },
      labels: {},
      kubeconfig: async () => this.kubeconfig,
      mappedPort: (port) => port,
      exec: async () => ({ exitCode: 0, output: '' }),
      importImages: async (images: readonly PreparedImage[]) => {
        this.imported.push(...images.map(({ reference }) => reference))
      },
      remove: () => this.remove(found),
    }
  }
}
