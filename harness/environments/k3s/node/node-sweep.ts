import { dockerDaemon } from '../../../images/docker-images.ts'
import { removeImageFolder } from './image-folder.ts'
import { removeContainer } from './node-ends.ts'
import { isKept, isOrphan, type Labels, nodeLabels } from './node-labels.ts'
import { removeOlderSeeds } from './seed-volume.ts'

/**
 * Removes the containers whose process has died without removing them, with their volumes and images. Those of living
 * processes are never touched.
 * @param options.all the kept clusters of every checkout and the prepared images, too
 * @returns what was removed, in words
 */
export async function sweepDocker({ all }: { readonly all: boolean }): Promise<string[]> {
  const docker = await dockerDaemon()
  const listed = await docker.listContainers({ all: true, filters: { label: [nodeLabels.owner] } })
  const removed: string[] = []
  for (const {
    Id: id,
    Names: [name = ''],
    Labels: labels,
  } of listed) {
    if (isKept(labels) ? !all : !isOrphan(labels)) continue
    await removeContainer(docker.getContainer(id))
    await removeImageFolder(labels)
    removed.push(`container ${name.replace(/^\//, '')}${describe(labels)}`)
  }
  if (all) removed.push(...(await removeOlderSeeds(docker)).map((volume) => `volume ${volume}`))
  return removed
}

const describe = (labels: Labels) =>
  labels[nodeLabels.root] === undefined ? '' : ` of ${labels[nodeLabels.root]}`
