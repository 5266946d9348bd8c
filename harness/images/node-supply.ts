import { SignalproofError } from '../core/signalproof-error.ts'
import { images } from '../toolchain/images.ts'
import type { SupplyContext } from './component-supply.ts'
import { inspectImage, loadIntoDaemon, pullIntoDaemon } from './docker-images.ts'
import type { readNodeMode } from './image-settings.ts'
import { nodeImageRecipe } from './node-image.ts'
import type { NodeImage } from './prepared-image.ts'
import { placeOf } from './pull-image.ts'

/**
 * The image of the node, in the Docker daemon: k3s where it is there or its registry is reached, else made here.
 * @throws SignalproofError when it can be had in no allowed way
 */
export async function supplyNode(
  mode: ReturnType<typeof readNodeMode>,
  context: SupplyContext,
): Promise<NodeImage> {
  if (mode !== 'built') {
    const k3s = await k3sImage(mode === 'k3s', context)
    if (k3s !== undefined) return k3s
  }
  const recipe = await nodeImageRecipe(context)
  const { tar, sizeBytes: _, ...image } = await context.store.make(recipe, context)
  await loadIntoDaemon(await context.docker(), { ...image, tar }, context)
  return { ...image, kind: 'kubernetes' }
}

/** @returns undefined where it cannot be had and need not */
export async function k3sImage(must: boolean, context: SupplyContext): Promise<NodeImage | undefined> {
  const { supply, isRegistryReached, signal, progress = () => {} } = context
  const docker = await context.docker()
  const { registry, asked } = placeOf({ name: 'node', reference: images.k3s }, supply)
  let found = await inspectImage(docker, asked)
  if (found === undefined && (must || (await isRegistryReached(registry, signal)))) {
    progress({ kind: 'activity', component: 'image of node', text: `pulling ${asked}` })
    found = await pullIntoDaemon(docker, asked, signal).catch((thrown: unknown) => {
      if (must || !(thrown instanceof SignalproofError)) throw thrown
      progress({ kind: 'note', component: 'image of node', text: `not pulled: ${thrown.account.seen}` })
      return undefined
    })
  }
  if (found === undefined) return undefined
  return {
    name: 'node',
    kind: 'k3s',
    reference: asked,
    digest: found.RepoDigests?.[0]?.replace(/^.*@/, '') ?? found.Id,
    imageId: found.Id,
    provenance: 'image',
    source: found.RepoDigests?.[0] ?? asked,
  }
}
