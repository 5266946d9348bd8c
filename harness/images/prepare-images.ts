import { readToolchainSettings } from '../toolchain/toolchain-settings.ts'
import { type SupplyContext, supplyComponents } from './component-supply.ts'
import { dockerDaemon } from './docker-images.ts'
import { goAppRecipe } from './go-app-image.ts'
import { readImageSettings, readNodeMode } from './image-settings.ts'
import { ImageStore, type StoreOptions } from './image-store.ts'
import { nodeAppRecipes } from './node-app-images.ts'
import { supplyNode } from './node-supply.ts'
import type { NodeImage, PreparedImage, PreparedImages } from './prepared-image.ts'
import { pythonAppRecipe } from './python-app-image.ts'
import { isRegistryReached } from './registry-reach.ts'

/**
 * Every image that pods of the stack and of the apps run, as archives on this machine; what has not changed since the
 * last time is not made again. Grafana's is among them only where it can be pulled.
 * @throws SignalproofError TOOL_…, IMAGE_…, USAGE_BAD_VALUE; the signal's reason
 */
export async function prepareImages(root: string, options: StoreOptions = {}): Promise<PreparedImages> {
  const [components, apps] = await Promise.all([
    prepareComponentImages(options),
    prepareAppImages(root, options),
  ])
  return { components, apps }
}

/** Those of the components alone. @throws as prepareImages */
const prepareComponentImages = (options: StoreOptions = {}): Promise<PreparedImage[]> =>
  supplyComponents(supplyContext(options))

async function prepareAppImages(root: string, options: StoreOptions = {}): Promise<PreparedImage[]> {
  const context = supplyContext(options)
  const recipes = await Promise.all([
    goAppRecipe(root, options),
    pythonAppRecipe(root, context),
    nodeAppRecipes(root, context),
  ])
  return await Promise.all(recipes.flat().map((recipe) => context.store.make(recipe, options)))
}

/** The image of the node, in the Docker daemon. @throws as prepareImages */
export const prepareNodeImage = (options: StoreOptions = {}): Promise<NodeImage> =>
  supplyNode(readNodeMode(), supplyContext(options))

function supplyContext(options: StoreOptions): SupplyContext {
  const settings = readToolchainSettings()
  return {
    ...options,
    settings,
    store: new ImageStore(settings),
    supply: readImageSettings(settings.environment),
    docker: dockerDaemon,
    isRegistryReached,
  }
}
