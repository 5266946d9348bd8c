import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { processStart } from '../../process/process-table.ts'

/** How everything that this harness makes in Docker is known again: whose it is, and whether it may outlive its maker. */
export const nodeLabels = {
  /** Which cluster a container belongs to. */
  environment: 'signalproof.environment',
  /** `true` where it outlives the process that made it. */
  kept: 'signalproof.kept',
  /** The checkout that it was made for. */
  root: 'signalproof.root',
  /** Process id and start of its maker. */
  owner: 'signalproof.owner',
  /** The machine, or the container, in which that process id means something. */
  ownerHome: 'signalproof.owner-home',
  /** The folder of this machine that holds its image archives; it goes when the container goes. */
  imageFolder: 'signalproof.image-folder',
  /** What the node is: `k3s` or `kubernetes`. */
  nodeKind: 'signalproof.node',
  /** Where its image came from, in the words of result.json. */
  nodeProvenance: 'signalproof.node-provenance',
  /** Of a volume and of the container that fills it: the digest of the images in it. */
  seed: 'signalproof.seed',
} as const

export type Labels = Readonly<Record<string, string>>

/** The labels that say that this process made it. */
export function ownerLabels(): Labels {
  return {
    [nodeLabels.owner]: `${process.pid} ${processStart(process.pid) ?? ''}`,
    [nodeLabels.ownerHome]: processHome(),
  }
}

/**
 * Whether the process that made it is gone. A process of another machine or container cannot be looked for from here, so
 * it counts as living.
 */
export function isOrphan(labels: Labels): boolean {
  const owner = labels[nodeLabels.owner]
  if (owner === undefined || labels[nodeLabels.ownerHome] !== processHome()) return false
  const [pid = '', ...start] = owner.split(' ')
  return processStart(Number(pid)) !== start.join(' ')
}

export const isKept = (labels: Labels): boolean => labels[nodeLabels.kept] === 'true'

/** Two containers on one Docker daemon have process ids of their own each. */
function processHome(): string {
  return process.platform === 'linux' ? `${hostname()} ${readlinkSync('/proc/self/ns/pid')}` : hostname()
}
