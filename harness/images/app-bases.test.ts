import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { settingsIn } from '../toolchain/toolchain-doubles.ts'
import { nodeLayers, pythonLayers } from './app-bases.ts'
import type { SupplyContext } from './component-supply.ts'
import { DockerDouble, imageDouble } from './docker-double.ts'
import { membersOf, recipeDouble, textLayer } from './image-doubles.ts'
import { ImageStore } from './image-store.ts'

/** A machine without a tree of Debian. */
function machine(daemon: DockerDouble) {
  const folder = temporaryFolder()
  const settings = settingsIn(folder.path)
  const context: SupplyContext = {
    settings,
    store: new ImageStore(settings),
    supply: { mode: 'auto', mirror: undefined },
    docker: async () => daemon.docker,
    isRegistryReached: async () => true,
  }
  return { context, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

test('an app stands on the layers of the pulled image, which are as they were there', async () => {
  const daemon = new DockerDouble()
  const base = await imageDouble('Node')
  daemon.registry.set('docker.io/library/node:24-slim', base)
  using here = machine(daemon)
  const below = await nodeLayers('/nowhere', here.context)
  const layers = [...below, textLayer({ 'app/main': 'main' })]
  const { tar, imageId } = await here.context.store.make(recipeDouble({ layers }))
  const members = new Map((await membersOf(tar)).map(({ name, content }) => [name, content]))
  const config = JSON.parse(members.get(`blobs/${imageId.replace(':', '/')}`) ?? '')
  expect(config.rootfs.diff_ids).toEqual([base.layer, expect.stringMatching(/^sha256:/)])
})

test('in the mode pull it is a failure when the image below cannot be pulled', async () => {
  using here = machine(new DockerDouble())
  const context: SupplyContext = { ...here.context, supply: { mode: 'pull', mirror: undefined } }
  await expect(pythonLayers(context)).rejects.toThrow(/IMAGE_PULL[\s\S]*python:3.11-slim/)
})
