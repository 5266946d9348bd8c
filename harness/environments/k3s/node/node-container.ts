import { K3sContainer } from '@testcontainers/k3s'
import { Wait } from 'testcontainers'
import { apiPort } from './node-arguments.ts'
import type { Labels } from './node-labels.ts'
import { readyLine, startLimitMs } from './node-ready.ts'

/** Where k3s looks for image archives at its start, in either image. */
export const imageFolderInNode = '/var/lib/rancher/k3s/agent/images'
export const seedInNode = '/seed'

/** The daemon's API knows it, dockerode's types do not. */
export const ownControlGroups = { CgroupnsMode: 'private' }

export interface NodeContainerOptions {
  readonly name: string
  readonly image: string
  readonly command: readonly string[]
  readonly labels: Labels
  /** Of this machine; it holds image archives. */
  readonly imageFolder: string
  /** The name of a volume with prepared images. */
  readonly seedVolume?: string | undefined
  readonly nodePorts: readonly number[]
  /** The port of 127.0.0.1 for a port of the node; any free one without it. */
  readonly hostPorts: ReadonlyMap<number, number>
  readonly onCreated: (containerId: string) => void
}

/**
 * Testcontainers' K3sContainer with two differences: its ports are on 127.0.0.1 only, and its control groups are its own, so
 * that the node sees neither other containers' nor the machine's.
 */
export class NodeContainer extends K3sContainer {
  readonly #onCreated: (containerId: string) => void

  constructor(options: NodeContainerOptions) {
    super(options.image)
    this.#onCreated = options.onCreated
    Object.assign(this.hostConfig, ownControlGroups)
    // The port of Rancher's webhook, which K3sContainer publishes, leads nowhere here.
    this.exposedPorts = []
    this.createOpts.ExposedPorts = {}
    this.hostConfig.PortBindings = {}
    this.withExposedPorts(
      ...[apiPort, ...options.nodePorts].map((container) => {
        const host = options.hostPorts.get(container)
        return host === undefined ? container : { container, host }
      }),
    )
      .withName(options.name)
      .withCommand([...options.command])
      .withLabels(options.labels)
      // In the place of the machine's control groups.
      .withBindMounts([
        { source: options.imageFolder, target: imageFolderInNode, mode: 'ro' },
        ...(options.seedVolume === undefined
          ? []
          : [{ source: options.seedVolume, target: seedInNode, mode: 'ro' as const }]),
      ])
      // What a killed process left is swept by the next start: Testcontainers' reaper would open a port for all addresses.
      .withAutoCleanup(false)
      .withWaitStrategy(Wait.forLogMessage(readyLine))
      .withStartupTimeout(startLimitMs)
  }

  protected override async beforeContainerCreated(): Promise<void> {
    await super.beforeContainerCreated()
    for (const bindings of Object.values(
      this.hostConfig.PortBindings as Record<string, { HostIp?: string }[]>,
    ))
      for (const binding of bindings) binding.HostIp = '127.0.0.1'
  }

  protected override async containerCreated(containerId: string): Promise<void> {
    this.#onCreated(containerId)
  }
}
