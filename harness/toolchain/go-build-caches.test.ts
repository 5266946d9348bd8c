import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildFolders } from './cache-layout.ts'
import { markFinished, markUnfinished, removeIdleBuildCaches } from './go-build-caches.ts'
import { componentPins } from './pins.ts'
import { scriptOfDouble, settingsIn, temporaryFolder, writeProgram } from './toolchain-doubles.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

const { alertmanager, loki } = componentPins

async function withCaches(folder: string, changes: Partial<ToolchainSettings> = {}) {
  const settings = settingsIn(folder, changes)
  const { root, goBuild } = buildFolders(settings)
  await mkdir(goBuild, { recursive: true })
  await writeFile(join(goBuild, 'object'), 'x')
  return { settings, root }
}

test('the caches stay while one component needs them, and go with the last', async () => {
  await using folder = await temporaryFolder()
  const { settings, root } = await withCaches(folder.path)
  await markUnfinished(settings, alertmanager)
  await markUnfinished(settings, loki)
  await markFinished(settings, loki)
  expect(await removeIdleBuildCaches(settings)).toBe(false)
  await markFinished(settings, alertmanager)
  expect(await removeIdleBuildCaches(settings)).toBe(true)
  expect(existsSync(root)).toBe(false)
  expect(await removeIdleBuildCaches(settings)).toBe(false)
})

test('an interrupted build does not hold them once its component came another way, or has another version', async () => {
  await using folder = await temporaryFolder()
  const { settings, root } = await withCaches(folder.path)
  await markUnfinished(settings, alertmanager)
  await markUnfinished(settings, { name: 'loki', version: '3.0.0' })
  expect(await removeIdleBuildCaches(settings)).toBe(false)
  await writeProgram(join(folder.path, 'bin', 'alertmanager'), scriptOfDouble())
  expect(await removeIdleBuildCaches(settings)).toBe(true)
  expect(existsSync(root)).toBe(false)
})

test.each(['keep', 'user'] as const)('with SIGNALPROOF_GO_CACHES=%s nothing is removed', async (goCaches) => {
  await using folder = await temporaryFolder()
  const { settings, root } = await withCaches(folder.path, { goCaches })
  expect(await removeIdleBuildCaches(settings)).toBe(false)
  expect(existsSync(root)).toBe(true)
})
