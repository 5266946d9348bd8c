import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { currentPlatform } from '../toolchain/platforms.ts'
import { dockerDaemon, inspectImage, loadIntoDaemon } from './docker-images.ts'
import { membersOf, recipeDouble } from './image-doubles.ts'
import { ImageStore } from './image-store.ts'
import { pullImage, type UpstreamImage } from './pull-image.ts'
import { startRegistry } from './registry-double.ts'

/** With the Docker daemon of this machine and a registry of the test's own. */
const docker = await dockerDaemon()
const left: string[] = []
afterEach(async () => {
  for (const reference of left.splice(0))
    if ((await inspectImage(docker, reference)) !== undefined) await docker.getImage(reference).remove()
})

async function pulling(architecture?: string) {
  const registry = await startRegistry(architecture)
  const cache = temporaryFolder()
  const pull = async (more: Partial<UpstreamImage> = {}) => {
    const image = { name: 'loki', reference: 'grafana/loki:3.7.8', ...more }
    const at = `${registry.address}/grafana/loki`
    left.push(image.digest === undefined ? `${at}:3.7.8` : `${at}@${image.digest}`)
    const store = new ImageStore({ cacheRoot: cache.path })
    return await pullImage(image, { docker, store, supply: { mirror: registry.address } })
  }
  return {
    registry,
    pull,
    kept: async () =>
      (await readdir(cache.path, { recursive: true })).filter((name) => name.endsWith('.tar')),
    async [Symbol.asyncDispose]() {
      cache[Symbol.dispose]()
      await registry[Symbol.asyncDispose]()
    },
  }
}

test('a pulled image arrives as an archive, by its tag and by its digest', async () => {
  await using here = await pulling()
  const { registry, pull } = here
  const image = await pull()
  expect(image).toMatchObject({
    reference: 'grafana/loki:3.7.8',
    imageId: registry.imageId,
    provenance: 'image',
    source: `${registry.address}/grafana/loki@${registry.digest}`,
  })
  expect((await membersOf(image.tar)).map(({ name }) => name)).toContain(
    `blobs/${registry.imageId.replace(':', '/')}`,
  )
  expect(await pull({ digest: registry.digest })).toMatchObject({ imageId: registry.imageId })
})

test('a registry that does not have the image is named, and nothing stays', async () => {
  await using here = await pulling()
  await expect(here.pull({ reference: 'grafana/loki:missing' })).rejects.toThrow(
    /IMAGE_PULL: expected the Docker daemon to pull 127\.0\.0\.1:\d+\/grafana\/loki:missing\n.*(manifest|not found)/,
  )
  expect(await here.kept()).toEqual([])
})

test('another image than the pinned digest says is refused, and nothing stays', async () => {
  await using here = await pulling()
  const { digest } = here.registry
  here.registry.wrongManifest = '{"schemaVersion":2}'
  await expect(here.pull({ digest })).rejects.toThrow(/IMAGE_PULL[\s\S]*(digest|verif|manifest)/)
  expect(await here.kept()).toEqual([])
})

test('a layer that is broken on the way is refused, and nothing stays', async () => {
  await using here = await pulling()
  here.registry.wrongLayer = Buffer.from('not the layer')
  await expect(here.pull()).rejects.toThrow(/IMAGE_PULL[\s\S]*(digest|verification|filesystem layer)/)
  expect(await here.kept()).toEqual([])
})

test('an image for another machine is refused', async () => {
  await using here = await pulling('riscv64')
  await expect(here.pull()).rejects.toThrow('platform linux/')
  expect(await here.kept()).toEqual([])
})

test('an image that was made here is loaded into the daemon, once', async () => {
  using cache = temporaryFolder()
  const architecture = currentPlatform().endsWith('arm64') ? 'arm64' : 'amd64'
  const reference = 'signalproof/loaded-by-a-test:{id}'
  const store = new ImageStore({ cacheRoot: cache.path })
  const image = await store.make(recipeDouble({ architecture, reference }))
  left.push(image.reference)
  await loadIntoDaemon(docker, image)
  expect(await inspectImage(docker, image.reference)).toMatchObject({ Id: image.imageId })
  await loadIntoDaemon(docker, { ...image, tar: '/no/such.tar' })
})

test('an archive that the daemon cannot read is refused in its words', async () => {
  using folder = temporaryFolder({ 'broken.tar': 'no archive' })
  const image = { name: 'double', reference: 'signalproof/broken:1', imageId: 'sha256:0' }
  await expect(loadIntoDaemon(docker, { ...image, tar: join(folder.path, 'broken.tar') })).rejects.toThrow(
    'IMAGE_REFUSED',
  )
})
