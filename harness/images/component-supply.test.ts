import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { images } from '../toolchain/images.ts'
import { componentPins } from '../toolchain/pins.ts'
import { settingsIn } from '../toolchain/toolchain-doubles.ts'
import { type SupplyContext, supplyComponents } from './component-supply.ts'
import { DockerDouble, imageDouble } from './docker-double.ts'
import type { ImageMode } from './image-settings.ts'
import { ImageStore } from './image-store.ts'

/** A machine that has the program of one component, so that its image can be made. */
async function machine() {
  const version = componentPins.pause.version
  const folder = temporaryFolder({ pause: `#!/bin/sh\necho "pause, version ${version}"\n` })
  const program = join(folder.path, 'pause')
  await chmod(program, 0o755)
  const daemon = new DockerDouble()
  const notes: string[] = []
  const asked: string[] = []
  const supply = async (mode: ImageMode, isReached: boolean, mirror?: string) => {
    const settings = settingsIn(folder.path)
    const context: SupplyContext = {
      settings: { ...settings, environment: { ...settings.environment, SIGNALPROOF_PAUSE: program } },
      store: new ImageStore(settings),
      supply: { mode, mirror },
      docker: async () => daemon.docker,
      isRegistryReached: async (registry) => {
        asked.push(registry)
        return isReached
      },
      progress: (event) => {
        if (event.kind === 'note') notes.push(event.text)
      },
    }
    const [image] = await supplyComponents(context, { components: ['pause'], optional: [] })
    return image
  }
  return { daemon, notes, asked, supply, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const upstream = await imageDouble('upstream')
const unlike = await imageDouble('unlike')

test('in the mode auto a reached registry is pulled from, once', async () => {
  using here = await machine()
  here.daemon.registry.set(images.pause, upstream)
  const image = await here.supply('auto', true)
  expect(image).toMatchObject({ reference: images.pause, provenance: 'image', imageId: upstream.id })
  here.daemon.images.clear()
  expect(await here.supply('auto', false)).toEqual(image)
  expect(here.daemon.pulls).toEqual([images.pause])
  expect(here.asked).toEqual(['registry.k8s.io'])
})

test('in the mode auto an image that the daemon has is taken without a registry', async () => {
  using here = await machine()
  here.daemon.images.set(images.pause, upstream)
  expect(await here.supply('auto', false)).toMatchObject({ provenance: 'image' })
  expect([here.asked, here.daemon.pulls]).toEqual([[], []])
})

test('an image that was made here and loaded into the daemon is none of upstream', async () => {
  using here = await machine()
  here.daemon.images.set(images.pause, { ...unlike, labels: { 'dev.signalproof.source': 'made' } })
  expect(await here.supply('auto', false)).toMatchObject({ provenance: 'built' })
  here.daemon.registry.set(images.pause, upstream)
  expect(await here.supply('pull', true)).toMatchObject({ provenance: 'image', imageId: upstream.id })
})

test('in the mode auto an image is made where no registry is reached, and stays as it was made', async () => {
  using here = await machine()
  const image = await here.supply('auto', false)
  expect(image).toMatchObject({ reference: images.pause, provenance: 'built' })
  here.daemon.registry.set(images.pause, upstream)
  expect(await here.supply('auto', true)).toEqual(image)
  expect(here.daemon.pulls).toEqual([])
  expect(await here.supply('pull', true)).toMatchObject({ provenance: 'image' })
})

test('in the mode auto an image that the registry does not have is made, and that is said', async () => {
  using here = await machine()
  expect(await here.supply('auto', true)).toMatchObject({ provenance: 'built' })
  expect(here.notes).toEqual([expect.stringMatching(/^not pulled: manifest for .* not found$/)])
})

test('in the mode pull it is a failure', async () => {
  using here = await machine()
  await expect(here.supply('pull', true)).rejects.toThrow(/IMAGE_PULL[\s\S]*not found/)
})

test('in the mode built nothing is asked, whatever is there', async () => {
  using here = await machine()
  here.daemon.images.set(images.pause, upstream)
  expect(await here.supply('built', true)).toMatchObject({ provenance: 'built' })
  expect([here.asked, here.daemon.pulls]).toEqual([[], []])
})

test('a mirror is asked in the place of the registry, and the image keeps its name', async () => {
  using here = await machine()
  here.daemon.registry.set('127.0.0.1:5000/hub/pause:3.10.1', upstream)
  const image = await here.supply('auto', true, '127.0.0.1:5000/hub')
  expect(image).toMatchObject({ reference: images.pause, provenance: 'image' })
  expect(here.asked).toEqual(['127.0.0.1:5000/hub'])
})

test('an image that is not what its id says is refused, and nothing of it stays', async () => {
  using here = await machine()
  here.daemon.images.set(images.pause, { ...unlike, id: upstream.id })
  await expect(here.supply('auto', true)).rejects.toThrow('IMAGE_DIGEST')
  here.daemon.images.set(images.pause, upstream)
  expect(await here.supply('auto', true)).toMatchObject({ imageId: upstream.id })
})

test('an image for another machine is refused', async () => {
  using here = await machine()
  here.daemon.architecture = 'riscv64'
  here.daemon.images.set(images.pause, upstream)
  await expect(here.supply('auto', true)).rejects.toThrow('linux/riscv64')
})
