import { readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { startNode } from '../toolchain/toolchain-doubles.ts'
import { membersOf, recipeDouble, textLayer } from './image-doubles.ts'
import type { ImageRecipe, LayerRecipe } from './image-recipe.ts'
import { ImageStore } from './image-store.ts'

vi.setConfig({ testTimeout: 30_000 })

/** A layer that counts how often it is made. */
function counted(layer: LayerRecipe): LayerRecipe & { made: number } {
  const { content } = layer
  if (!('entries' in content)) throw new Error('not of entries')
  const counting = {
    ...layer,
    made: 0,
    content: {
      entries: async (work: string) => {
        counting.made += 1
        return await content.entries(work)
      },
    },
  }
  return counting
}

const withLayers = (...layers: LayerRecipe[]): ImageRecipe => recipeDouble({ layers })

test('an image is made once, and again by the same bytes when it is gone', async () => {
  using cache = temporaryFolder()
  const store = new ImageStore({ cacheRoot: cache.path })
  const layer = counted(textLayer({ a: 'A' }))
  const first = await store.make(withLayers(layer))
  expect(first).toMatchObject({
    name: 'double',
    reference: 'example.invalid/double:1',
    provenance: 'built',
    source: 'the test',
  })
  expect(await store.make(withLayers(layer))).toEqual(first)
  expect(layer.made).toBe(1)
  const before = await readFile(first.tar)
  await rm(first.tar)
  expect(await store.make(withLayers(layer))).toEqual(first)
  expect(layer.made).toBe(2)
  expect((await readFile(first.tar)).equals(before)).toBe(true)
})

test('an archive that was cut short is made anew', async () => {
  using cache = temporaryFolder()
  const store = new ImageStore({ cacheRoot: cache.path })
  const { tar, sizeBytes } = await store.make(recipeDouble())
  await truncate(tar, 100)
  expect(await store.make(recipeDouble())).toMatchObject({ tar, sizeBytes })
  expect((await readFile(tar)).length).toBe(sizeBytes)
})

test('a change of the last layer leaves the ones below as they are', async () => {
  using cache = temporaryFolder()
  const store = new ImageStore({ cacheRoot: cache.path })
  const base = counted(textLayer({ base: 'base' }, true))
  const reference = 'signalproof/double:{id}'
  const one = await store.make({ ...withLayers(base, textLayer({ code: '1' })), reference })
  const two = await store.make({ ...withLayers(base, textLayer({ code: '2' })), reference })
  expect(base.made).toBe(1)
  expect(two.reference).toBe(`signalproof/double:${two.imageId.slice(7, 19)}`)
  expect(two.reference).not.toBe(one.reference)
  const blobsOf = async (tar: string) => (await membersOf(tar)).map(({ name }) => name)
  const common = (await blobsOf(one.tar)).filter((name) => name.startsWith('blobs/'))
  const shared = (await blobsOf(two.tar)).filter((name) => common.includes(name))
  expect(shared).toHaveLength(1)
})

test('the label says from what it was made', async () => {
  using cache = temporaryFolder()
  const image = await new ImageStore({ cacheRoot: cache.path }).make(recipeDouble())
  const config = (await membersOf(image.tar)).find(({ name }) => name.endsWith(image.imageId.slice(7)))
  expect(JSON.parse(config?.content ?? '').config.Labels).toEqual({ 'dev.signalproof.source': 'the test' })
})

test('a layer that cannot be made leaves nothing half, and the next try succeeds', async () => {
  using cache = temporaryFolder()
  const store = new ImageStore({ cacheRoot: cache.path })
  const broken: LayerRecipe = {
    ...textLayer({}),
    content: { entries: () => Promise.reject(new Error('no such thing')) },
  }
  await expect(store.make(withLayers(textLayer({ a: 'A' }, true), broken))).rejects.toThrow('no such thing')
  expect((await readdir(join(cache.path, 'images'))).toSorted()).toEqual(['layers', 'lock'])
  expect(await store.make(recipeDouble())).toMatchObject({ provenance: 'built' })
})

test('what a killed process left half made is removed', async () => {
  using cache = temporaryFolder({ 'images/staging-left/half.tar': 'half' })
  await new ImageStore({ cacheRoot: cache.path }).make(recipeDouble())
  expect(await readdir(join(cache.path, 'images'))).not.toContain('staging-left')
})

test('older images of a name go, with the layers that only they had', async () => {
  using cache = temporaryFolder()
  const store = new ImageStore({ cacheRoot: cache.path })
  const image = async (text: string) => {
    const { tar } = await store.make(withLayers(textLayer({ text }, true)))
    // Used in this order, on file systems with coarse times, too.
    await utimes(join(tar, '..', 'receipt.json'), Number(text), Number(text))
    return tar
  }
  const oldest = await image('1')
  const older = await image('2')
  const newest = await image('3')
  await expect(readFile(oldest)).rejects.toThrow('ENOENT')
  expect((await readFile(older)).length).toBeGreaterThan(0)
  expect((await readFile(newest)).length).toBeGreaterThan(0)
  const layers = await readdir(join(cache.path, 'images', 'layers'))
  expect(layers.filter((file) => file.endsWith('.tar'))).toHaveLength(2)
})

test('two processes that want the same image get one', async () => {
  using cache = temporaryFolder()
  const code = `
    const { ImageStore } = await import(${JSON.stringify(join(import.meta.dirname, 'image-store.ts'))})
    const { recipeDouble } = await import(${JSON.stringify(join(import.meta.dirname, 'image-doubles.ts'))})
    const image = await new ImageStore({ cacheRoot: ${JSON.stringify(cache.path)} }).make(recipeDouble())
    console.log(JSON.stringify(image))`
  const answers = await Promise.all([code, code, code].map((text) => buffer(startNode(text).stdout)))
  const images = answers.map((answer) => JSON.parse(answer.toString()))
  expect(images[1]).toEqual(images[0])
  expect(images[2]).toEqual(images[0])
  expect(await readdir(join(cache.path, 'images', 'made', 'double'))).toHaveLength(1)
})

test('an image that is kept under a key is fetched once', async () => {
  using cache = temporaryFolder()
  const store = new ImageStore({ cacheRoot: cache.path })
  const fetch = vi.fn(async (tar: string) => {
    await writeFile(tar, 'an archive')
    await writeFile(`${tar}.half`, 'what was read on the way')
    return { reference: 'a:1', digest: 'sha256:1', imageId: 'sha256:2', source: 'a@sha256:1' }
  })
  const image = await store.keep('a', 'the key', {}, fetch)
  expect(image).toMatchObject({ provenance: 'image', sizeBytes: 10, reference: 'a:1' })
  expect(await store.keep('a', 'the key', {}, fetch)).toEqual(image)
  expect(await store.findKept('a', 'the key')).toEqual(image)
  expect(await store.findKept('a', 'another key')).toBeUndefined()
  expect(fetch).toHaveBeenCalledTimes(1)
  expect((await readdir(join(image.tar, '..'))).toSorted()).toEqual(['a.tar', 'receipt.json'])
})
