import type Docker from 'dockerode'
import { dockerDaemon } from '../../../images/docker-images.ts'
import { readKeptState } from '../kept-cluster-state.ts'
import { removeAbandonedFolders, removeImageFolder } from './image-folder.ts'
import { removeContainer } from './node-ends.ts'
import { isKept, isOrphan, type Labels, nodeLabels } from './node-labels.ts'
import { seedName } from './seed-digest.ts'
import { removeOlderSeeds, removeSeed } from './seed-volume.ts'

export interface SweepOptions {
  /** The prepared images of nodes to come, too. */
  readonly all: boolean
}

/**
 * Removes what processes that died have left: their containers, with their volumes and images. Those of living processes and
 * the clusters that a checkout keeps are never touched.
 * @returns what was removed, in words
 */
export async function sweepDocker(options: SweepOptions): Promise<string[]> {
  return await sweep(await dockerDaemon(), options)
}

export async function sweep(docker: Docker, { all }: SweepOptions): Promise<string[]> {
  const listed = await docker.listContainers({ all: true, filters: { label: [nodeLabels.owner] } })
  const removed: string[] = []
  const staying: Labels[] = []
  for (const { Id: id, Names: [name = ''] = [], Labels: labels } of listed) {
    if (!isLeftOver(labels)) {
      staying.push(labels)
      continue
    }
    await removeContainer(docker.getContainer(id))
    await removeImageFolder(labels)
    removed.push(`container ${name.replace(/^\//, '')}${describe(labels)}`)
    removed.push(...(await removePartialSeed(docker, labels)).map(inWords))
  }
  await removeAbandonedFolders(staying)
  if (all) removed.push(...(await removeOlderSeeds(docker)).map(inWords))
  return removed
}

/** A kept cluster is its checkout's as long as the state file there names it: `up` may be killed before it is written. */
const isLeftOver = (labels: Labels): boolean => isOrphan(labels) && !(isKept(labels) && isClaimed(labels))

function isClaimed({ [nodeLabels.root]: root, [nodeLabels.environment]: id }: Labels): boolean {
  return root !== undefined && readKeptState(root)?.id === id
}

/** Whoever filled it was killed before it was complete. */
async function removePartialSeed(docker: Docker, labels: Labels): Promise<string[]> {
  const digest = labels[nodeLabels.seed]
  return digest === undefined ? [] : await removeSeed(docker, seedName(digest))
}

const inWords = (volume: string) => `volume ${volume}`

const describe = (labels: Labels) =>
  labels[nodeLabels.root] === undefined ? '' : ` of ${labels[nodeLabels.root]}`
