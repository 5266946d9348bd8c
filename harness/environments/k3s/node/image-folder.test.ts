import { existsSync, mkdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import { removeAbandonedFolders } from './image-folder.ts'
import { nodeLabels } from './node-labels.ts'

const hour = 3_600_000

test('a folder goes when no container names it and no start can still be on its way to one', async () => {
  using cache = temporaryFolder()
  vi.stubEnv('SIGNALPROOF_CACHE', cache.path)
  onTestFinished(() => void vi.unstubAllEnvs())
  const make = (id: string, ageMs: number): string => {
    const folder = join(cache.path, 'images', 'nodes', id)
    mkdirSync(folder, { recursive: true })
    const at = new Date(Date.now() - ageMs)
    utimesSync(folder, at, at)
    return folder
  }
  const killed = make('killed', hour)
  const used = make('used', hour)
  const starting = make('starting', 60_000)

  await removeAbandonedFolders([{ [nodeLabels.imageFolder]: used }, {}])

  expect([killed, used, starting].map((folder) => existsSync(folder))).toEqual([false, true, true])
})

test('a cache without any is left as it is', async () => {
  using cache = temporaryFolder()
  vi.stubEnv('SIGNALPROOF_CACHE', cache.path)
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(removeAbandonedFolders([])).resolves.toBeUndefined()
})
