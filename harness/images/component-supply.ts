import type { ErrorCode } from '../core/error-codes.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { images } from '../toolchain/images.ts'
import { componentPins } from '../toolchain/pins.ts'
import { searchComponent } from '../toolchain/resolve-component.ts'
import type { ToolchainSettings } from '../toolchain/toolchain-settings.ts'
import {
  type ComponentImageName,
  componentImageNames,
  componentRecipe,
  componentRecipes,
  referenceOf,
} from './component-images.ts'
import type { Docker } from './docker-images.ts'
import type { ImageSettings } from './image-settings.ts'
import type { ImageStore, StoreOptions } from './image-store.ts'
import type { PreparedImage } from './prepared-image.ts'
import {
  findInDaemon,
  type PullContext,
  placeOf,
  pulledKey,
  pullImage,
  type UpstreamImage,
} from './pull-image.ts'

export interface SupplyContext extends StoreOptions {
  readonly store: ImageStore
  readonly supply: ImageSettings
  readonly settings: ToolchainSettings
  /** Asked for only when an image is not in the store. */
  readonly docker: () => Promise<Docker>
  readonly isRegistryReached: (registry: string, signal?: AbortSignal) => Promise<boolean>
}

/** What is run as an image only: left out where it cannot be pulled. */
const imagesOnly = ['grafana'] as const

export interface SupplyRequest {
  readonly components?: readonly ComponentImageName[]
  readonly optional?: readonly (typeof imagesOnly)[number][]
}

/**
 * The images of the components, by the first way that is open: in the store already, in the Docker daemon, pulled,
 * made here. What is in the store stays as it came: an image that was made is not pulled later, unless it is asked for.
 * @throws SignalproofError when a component can be had in no allowed way
 */
export async function supplyComponents(
  context: SupplyContext,
  { components = componentImageNames, optional = imagesOnly }: SupplyRequest = {},
): Promise<PreparedImage[]> {
  const [supplied, only] = await Promise.all([
    Promise.all(components.map((name) => withoutMaking({ name, reference: referenceOf(name) }, context))),
    Promise.all(optional.map((name) => pulledIfPossible({ name, reference: images[name] }, context))),
  ])
  const missing = components.filter((_, index) => supplied[index] === undefined)
  const recipes = missing.length === 0 ? [] : await componentRecipes(missing, context)
  const made = await Promise.all(recipes.map((recipe) => context.store.make(recipe, context)))
  return [...supplied, ...made, ...only].filter((image) => image !== undefined)
}

async function withoutMaking(
  image: UpstreamImage & { name: ComponentImageName },
  context: SupplyContext,
): Promise<PreparedImage | undefined> {
  const { supply, store } = context
  const kept = supply.mode === 'built' ? undefined : await store.findKept(image.name, pulledKey(image))
  const made =
    supply.mode === 'auto' && kept === undefined ? await madeBefore(image.name, context) : undefined
  return kept ?? made ?? (await pulledIfPossible(image, context))
}

/** The image that was made of the program that is installed now. */
async function madeBefore(
  name: ComponentImageName,
  { store, settings }: SupplyContext,
): Promise<PreparedImage | undefined> {
  const { found } = await searchComponent(componentPins[name], settings)
  return found === undefined ? undefined : await store.find(await componentRecipe(found))
}

/**
 * In the mode `auto` a registry that cannot be reached or does not have the image is no failure: the next way is taken.
 * @throws SignalproofError IMAGE_DIGEST, and in the mode `pull` whatever keeps it from being pulled
 */
export async function pulledIfPossible(
  image: UpstreamImage,
  context: SupplyContext,
): Promise<PreparedImage | undefined> {
  const { supply, store, isRegistryReached, signal, progress = () => {} } = context
  if (supply.mode === 'built') return undefined
  const kept = await store.findKept(image.name, pulledKey(image))
  if (kept !== undefined) return kept
  try {
    const pulling = await pullContext(context)
    const { registry, asked } = placeOf(image, supply)
    const isOpen =
      supply.mode === 'pull' ||
      (await findInDaemon(pulling.docker, asked)) !== undefined ||
      (await isRegistryReached(registry, signal))
    return isOpen ? await pullImage(image, pulling) : undefined
  } catch (thrown) {
    if (supply.mode === 'pull' || !(thrown instanceof SignalproofError) || !closedWay.includes(thrown.code))
      throw thrown
    progress({
      kind: 'note',
      component: `image of ${image.name}`,
      text: `not pulled: ${thrown.account.seen}`,
    })
    return undefined
  }
}

/** Nothing is wrong with what was tried, only it yields nothing here. */
const closedWay: readonly ErrorCode[] = ['IMAGE_PULL', 'ENV_DOCKER_UNREACHABLE']

const pullContext = async ({ docker, ...context }: SupplyContext): Promise<PullContext> => ({
  ...context,
  docker: await docker(),
})
