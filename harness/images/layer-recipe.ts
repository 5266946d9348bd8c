import { join } from 'node:path'
import type { LayerRecipe } from './image-recipe.ts'
import { keyOfEntries, type LayerEntry } from './layer-entry.ts'

/** A layer of files that lie ready. */
export const layer = async (
  title: string,
  kept: boolean,
  entries: readonly LayerEntry[],
): Promise<LayerRecipe> => ({
  title,
  key: await keyOfEntries(entries),
  kept,
  content: { entries: async () => entries },
})

/** What the apps serve. */
export const scheduleData = (root: string, path: string): LayerEntry => ({
  kind: 'file',
  path,
  mode: 0o644,
  from: join(root, 'apps', 'contract', 'schedules.json'),
})
