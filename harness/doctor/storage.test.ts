import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingsIn, temporaryFolder } from '../toolchain/toolchain-doubles.ts'
import { checkCacheFolder, checkDisk } from './storage.ts'
import { checkMemory } from './useful-tools.ts'

const nothing = {
  atLeastSeconds: 0,
  atMostSeconds: 0,
  atLeastMegabytes: 0,
  atMostMegabytes: 0,
  installedMegabytes: 0,
  cores: 2,
  measuredOnCores: 2,
}
const surroundingsIn = (folder: string) => ({
  settings: settingsIn(folder),
  environment: {},
  projectRoot: undefined,
  neededNode: 24,
  nodeVersion: '24.0.0',
  asksNetwork: false,
})

test.each([
  [{}, 'ready', 'nothing more is needed'],
  [{ atLeastMegabytes: 1, atMostMegabytes: 2 }, 'ready', '0.0 GB needed'],
  [{ atLeastMegabytes: 1, atMostMegabytes: 1e12 }, 'lacking', '0.0 GB to 1000000000.0 GB needed'],
  [{ atLeastMegabytes: 1e12, atMostMegabytes: 1e12 }, 'blocking', '1000000000.0 GB needed'],
])('a disk for which %j is needed: %s', async (cost, state, says) => {
  await using folder = await temporaryFolder()
  const { check, freeMegabytes } = await checkDisk(surroundingsIn(folder.path), { ...nothing, ...cost })
  expect(check).toMatchObject({ state, seen: expect.stringContaining(says) })
  expect(check.remedy === null).toBe(state === 'ready')
  expect(freeMegabytes).toBeGreaterThan(0)
})

test('a cache folder that is not there yet is asked of the nearest one that is, and is not made', async () => {
  await using folder = await temporaryFolder()
  const cache = join(folder.path, 'cache')
  expect(checkCacheFolder(surroundingsIn(folder.path))).toMatchObject({
    state: 'ready',
    seen: `${cache}, not there yet`,
  })
  await mkdir(cache)
  expect(checkCacheFolder(surroundingsIn(folder.path))).toMatchObject({ state: 'ready', seen: cache })
})

test('memory is short when less is free than the stack takes', () => {
  expect(checkMemory(8000, 16_000)).toMatchObject({ state: 'ready', remedy: null })
  expect(checkMemory(400, 16_000)).toMatchObject({
    state: 'lacking',
    seen: expect.stringContaining('0.4 GB free of 16.0 GB'),
  })
})
