import { expect, test } from 'vitest'
import { images } from '../toolchain/images.ts'
import { settingsIn } from '../toolchain/toolchain-doubles.ts'
import type { SupplyContext } from './component-supply.ts'
import { DockerDouble, imageDouble } from './docker-double.ts'
import { ImageStore } from './image-store.ts'
import { k3sImage, supplyNode } from './node-supply.ts'

/** The node that is made here takes Kubernetes to make; what is judged here is when k3s is taken. */
function contextOf(daemon: DockerDouble, isReached: boolean): SupplyContext {
  const settings = settingsIn('/nowhere')
  return {
    settings,
    store: new ImageStore(settings),
    supply: { mode: 'auto', mirror: undefined },
    docker: async () => daemon.docker,
    isRegistryReached: async () => isReached,
  }
}

const k3sFrom = (daemon: DockerDouble, mode: 'auto' | 'k3s', isReached: boolean) =>
  supplyNode(mode, contextOf(daemon, isReached))

const reference = images.k3s
const place = `docker.io/${reference}`
const k3s = await imageDouble('k3s')

test('k3s is taken where the daemon has it', async () => {
  const daemon = new DockerDouble()
  daemon.images.set(place, k3s)
  expect(await k3sFrom(daemon, 'auto', false)).toMatchObject({
    kind: 'k3s',
    reference: place,
    imageId: k3s.id,
    provenance: 'image',
  })
  expect(daemon.pulls).toEqual([])
})

test('k3s is pulled where its registry is reached', async () => {
  const daemon = new DockerDouble()
  daemon.registry.set(place, k3s)
  expect(await k3sFrom(daemon, 'auto', true)).toMatchObject({ kind: 'k3s' })
  expect(daemon.pulls).toEqual([place])
})

test('asked for by name, it is a failure when it cannot be pulled', async () => {
  await expect(k3sFrom(new DockerDouble(), 'k3s', false)).rejects.toThrow(/IMAGE_PULL[\s\S]*k3s1 not found/)
})

test('where nobody asked for it by name, a registry that does not have it is no failure', async () => {
  expect(await k3sImage(false, contextOf(new DockerDouble(), true))).toBeUndefined()
  expect(await k3sImage(false, contextOf(new DockerDouble(), false))).toBeUndefined()
})
