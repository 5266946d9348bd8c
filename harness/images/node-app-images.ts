import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nodeLayers } from './app-bases.ts'
import { appRecipe, sourceExtension } from './app-configs.ts'
import type { SupplyContext } from './component-supply.ts'
import { containerArchitecture } from './container-platform.ts'
import type { ImageRecipe } from './image-recipe.ts'
import { entriesBelow, type LayerEntry, temporaryFolder } from './layer-entry.ts'
import { layer, scheduleData } from './layer-recipe.ts'
import { nodeAppPackages, packageEntries } from './node-packages.ts'

/** What beside its sources an app reads. */
const dataOf = {
  frontend: async (root: string): Promise<LayerEntry[]> => [
    scheduleData(root, 'app/schedules.json'),
    ...(await entriesBelow(join(root, 'alerts', 'runbooks'), 'app/runbooks', (file) => file.endsWith('.md'))),
  ],
  'alert-receiver': async (): Promise<LayerEntry[]> => [],
}

const nodeApps = Object.keys(dataOf) as (keyof typeof dataOf)[]

/** Images of the apps in TypeScript: Node, the packages, then the sources. */
export async function nodeAppRecipes(root: string, context: SupplyContext): Promise<ImageRecipe[]> {
  const below = [
    ...(await nodeLayers(root, context)),
    await layer('writing the npm packages', true, [
      ...(await packageEntries(nodeAppPackages, root, 'app')),
      { kind: 'text', path: 'app/package.json', mode: 0o644, text: '{"type":"module"}\n' },
      temporaryFolder,
    ]),
  ]
  return await Promise.all(
    nodeApps.map(
      async (app): Promise<ImageRecipe> => ({
        ...appRecipe(app),
        architecture: containerArchitecture(),
        layers: [
          ...below,
          await layer('writing the sources', false, [
            ...(await sourceEntries(root, app)),
            ...(await sourceEntries(root, 'node-service')),
            ...(await dataOf[app](root)),
          ]),
        ],
      }),
    ),
  )
}

/** The published package carries the apps compiled, beside its data. */
function sourceEntries(root: string, app: string): Promise<LayerEntry[]> {
  const own = join(root, 'apps', app, 'src')
  const folder = existsSync(own) ? own : join(dirname(root), 'apps', app, 'src')
  return entriesBelow(folder, join('app', 'apps', app, 'src'), (file) => file.endsWith(sourceExtension))
}
