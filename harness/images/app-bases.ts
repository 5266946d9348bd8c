import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { makeDebianTree } from '../toolchain/debian-tree.ts'
import { findDebianTree } from '../toolchain/debian-tree-files.ts'
import { nodeBase, pythonBase } from './base-layers.ts'
import { pulledIfPossible, type SupplyContext } from './component-supply.ts'
import { requireLinux } from './container-platform.ts'
import type { LayerRecipe } from './image-recipe.ts'
import { program } from './layer-entry.ts'
import { layer } from './layer-recipe.ts'
import { findNodeProgram } from './node-program.ts'
import { memberOfTar } from './part-of-tar.ts'

/** What the images of the apps stand on: upstream's slim image where it can be had, else what is needed of Debian. */
const appBases = {
  node: { name: 'base-of-node', reference: 'node:24-slim' },
  python: { name: 'base-of-python', reference: 'python:3.11-slim' },
} as const

/** Layers with `node` on PATH. @throws SignalproofError when they can be had in no allowed way */
export async function nodeLayers(root: string, context: SupplyContext): Promise<readonly LayerRecipe[]> {
  const pulled = await pulledLayers('node', context)
  if (pulled !== undefined) return pulled
  requireLinux(appBases.node.reference)
  const node = await findNodeProgram(root)
  return [
    nodeBase(await makeDebianTree('apps', context)),
    await layer('writing Node', true, [program('usr/local/bin/node', node)]),
  ]
}

/** Layers with `python3` on PATH. @throws as nodeLayers */
export async function pythonLayers(context: SupplyContext): Promise<readonly LayerRecipe[]> {
  const pulled = await pulledLayers('python', context)
  if (pulled !== undefined) return pulled
  requireLinux(appBases.python.reference)
  return [pythonBase(await makeDebianTree('apps', context))]
}

/** Debian's tree is taken first where it was made before: then nothing has to be asked. */
async function pulledLayers(
  base: keyof typeof appBases,
  context: SupplyContext,
): Promise<readonly LayerRecipe[] | undefined> {
  const { mode } = context.supply
  if (mode === 'auto' && (await findDebianTree('apps', context.settings)) !== undefined) return undefined
  const image = await pulledIfPossible(appBases[base], context)
  return image === undefined ? undefined : await layersOf(image.tar, image.imageId)
}

const tableOfContents = z.tuple([z.object({ Layers: z.array(z.string()) })])

async function layersOf(tar: string, imageId: string): Promise<LayerRecipe[]> {
  const contents = await text(memberOfTar(tar, 'manifest.json'))
  const [{ Layers }] = tableOfContents.parse(JSON.parse(contents))
  return Layers.map((path, index) => ({
    title: `taking layer ${index + 1} of the image below`,
    key: `${imageId} ${path}`,
    kept: true,
    content: { stream: (signal) => memberOfTar(tar, path, signal) },
  }))
}
