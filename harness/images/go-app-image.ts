import { goApp, prepareGoApp } from '../toolchain/app-builds.ts'
import { appRecipe } from './app-configs.ts'
import { containerArchitecture, containerPlatform } from './container-platform.ts'
import type { ImageRecipe } from './image-recipe.ts'
import type { StoreOptions } from './image-store.ts'
import { accounts } from './image-user.ts'
import { program, temporaryFolder } from './layer-entry.ts'
import { layer, scheduleData } from './layer-recipe.ts'

/** The image of the app in Go: its program, which needs nothing beside it, and the data that it serves. */
export async function goAppRecipe(root: string, { signal, progress }: StoreOptions): Promise<ImageRecipe> {
  const app = await prepareGoApp(root, { signal, progress, platform: containerPlatform() })
  return {
    ...appRecipe(goApp),
    architecture: containerArchitecture(),
    layers: [
      await layer('writing the data', false, [
        ...accounts,
        temporaryFolder,
        { kind: 'folder', path: 'app', mode: 0o755 },
        scheduleData(root, 'schedules.json'),
      ]),
      await layer('writing the program', false, [program(goApp, app.command)]),
    ],
  }
}
