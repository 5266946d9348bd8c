import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import { dockerDaemon } from '../../../images/docker-images.ts'
import { linkImages, removeImageFolder } from './image-folder.ts'
import { nodeLabels } from './node-labels.ts'
import { nodeRequest } from './node-request-double.ts'
import { seedDigest, seedName } from './seed-digest.ts'
import { ensureSeedVolume, removeSeed, type SeedRequest } from './seed-volume.ts'

/** A seed of one small image that no node wants. */
async function smallSeed(): Promise<SeedRequest & { activity: string[] }> {
  const docker = await dockerDaemon()
  const { image: node, images } = await nodeRequest()
  const unique = randomBytes(4).toString('hex')
  const small = images.filter(({ name }) => name === 'pause').map((pause) => ({ ...pause, digest: unique }))
  const imageFolder = await linkImages(unique, small)
  onTestFinished(() => removeImageFolder({ [nodeLabels.imageFolder]: imageFolder }))
  const activity: string[] = []
  return { docker, node, images: small, imageFolder, activity, onActivity: (text) => activity.push(text) }
}

test('two that want the same seed at once make it once, and the third finds it', async () => {
  const request = await smallSeed()
  const { docker, activity } = request

  const names = await Promise.all([ensureSeedVolume(request), ensureSeedVolume(request)])
  const [name = ''] = names
  onTestFinished(async () => expect(await removeSeed(docker, name)).toEqual([name]))

  expect(new Set(names).size).toBe(1)
  expect(activity).toHaveLength(2)
  await expect(ensureSeedVolume(request)).resolves.toBe(name)
  expect(activity).toHaveLength(2)
  const containers = await docker.listContainers({ all: true, filters: { name: [`${name}-filling`] } })
  expect(containers).toEqual([])
})

test('of a seed that cannot be filled nothing is left, and it says why', async () => {
  using folder = temporaryFolder({ 'broken.tar': 'no archive' })
  const request = { ...(await smallSeed()), imageFolder: folder.path }

  const failed = ensureSeedVolume(request)
  await expect(failed).rejects.toThrow(/image tar \S+\/broken\.tar cannot be imported/)
  await expect(ensureSeedVolume(request)).rejects.toMatchObject({ code: 'ENV_NODE_FAILED' })
  const volume = request.docker.getVolume(seedName(await seedDigest(request.images)))
  await expect(volume.inspect()).rejects.toMatchObject({ statusCode: 404 })
})
