import { mkdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { componentFolders } from './cache-layout.ts'
import type { ComponentPin } from './component-pin.ts'
import { componentPins } from './pins.ts'
import { writeReceipt } from './receipt.ts'
import { describeSearch, resolvePin, searchComponent } from './resolve-component.ts'
import {
  pinOfDouble,
  scriptOfDouble,
  settingsIn,
  temporaryFolder,
  writeProgram,
} from './toolchain-doubles.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

async function putInCache(settings: ToolchainSettings, pin: ComponentPin = pinOfDouble): Promise<string> {
  const { installed } = componentFolders(settings, pin)
  await mkdir(installed, { recursive: true })
  for (const name of pin.binaries) await writeProgram(join(installed, name), 'echo never started; exit 1')
  await writeReceipt(installed, pin, {
    version: pin.version,
    platform: settings.platform,
    provenance: 'built',
    source: 'the test',
  })
  return join(installed, pin.binaries[0])
}

const withVariable = (settings: ToolchainSettings, value: string): ToolchainSettings => ({
  ...settings,
  environment: { ...settings.environment, SIGNALPROOF_ALERTMANAGER: value },
})

test('the environment variable comes before PATH, and PATH before the cache', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await expect(resolvePin(pinOfDouble, settings)).rejects.toThrow(
    /^TOOL_UNAVAILABLE: expected alertmanager 0\.31\.1 by SIGNALPROOF_ALERTMANAGER, on PATH or in the cache\n {2}seen: not on PATH; not in the cache\n.*signalproof toolchain install alertmanager/,
  )
  const cached = await putInCache(settings)
  expect(await resolvePin(pinOfDouble, settings)).toMatchObject({
    foundIn: 'cache',
    provenance: 'built',
    location: cached,
  })
  const onPath = await writeProgram(join(folder.path, 'bin', 'alertmanager'), scriptOfDouble('0.31.4'))
  expect(await resolvePin(pinOfDouble, settings)).toMatchObject({
    foundIn: 'PATH',
    provenance: 'path',
    location: onPath,
    version: '0.31.4',
  })
  const named = await writeProgram(join(folder.path, 'mine'), scriptOfDouble('0.31.2'))
  expect(await resolvePin(pinOfDouble, withVariable(settings, named))).toMatchObject({
    foundIn: 'environment variable',
    provenance: 'path',
    location: named,
    version: '0.31.2',
  })
  expect((await resolvePin(pinOfDouble, withVariable(settings, ''))).foundIn).toBe('PATH')
})

test('a wrong version on PATH is passed over, with the reason', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  const path = await writeProgram(join(folder.path, 'bin', 'alertmanager'), scriptOfDouble('0.25.0'))
  const search = await searchComponent(pinOfDouble, settings)
  expect(search.found).toBeUndefined()
  expect(describeSearch(search)).toBe(`on PATH: ${path}, which reports 0.25.0; not in the cache`)
  await putInCache(settings)
  expect((await searchComponent(pinOfDouble, settings)).found?.foundIn).toBe('cache')
})

test('a wrong binary that the environment variable names is refused: it was asked for', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await putInCache(settings)
  const refused = (path: string) => expect(resolvePin(pinOfDouble, withVariable(settings, path))).rejects
  const old = await writeProgram(join(folder.path, 'old'), scriptOfDouble('0.25.0'))
  await refused(old).toThrow(
    /^TOOL_WRONG_VERSION.*\n.*environment variable SIGNALPROOF_ALERTMANAGER\n.*reports 0\.25\.0\n.*unset it/,
  )
  const broken = await writeProgram(join(folder.path, 'broken'), 'exit 1')
  await refused(broken).toThrow(/^TOOL_DOES_NOT_RUN.*\n.*environment variable SIGNALPROOF_ALERTMANAGER/)
  await refused(folder.path).toThrow(/^TOOL_DOES_NOT_RUN: expected the path of an executable file/)
})

test('a component of two programs is taken from PATH only when both lie there', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  const pin = { ...pinOfDouble, binaries: ['alertmanager', 'amtool'] as const }
  await writeProgram(join(folder.path, 'bin', 'alertmanager'), scriptOfDouble())
  expect((await searchComponent(pin, settings)).unfit[0]).toMatch(/alertmanager without amtool beside it$/)
  const amtool = await writeProgram(join(folder.path, 'bin', 'amtool'), scriptOfDouble())
  expect((await resolvePin(pin, settings)).binaries).toEqual({
    alertmanager: join(folder.path, 'bin', 'alertmanager'),
    amtool,
  })
})

test('a collector is taken by its other name too, but not without the parts that the pipelines need', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await writeProgram(
    join(folder.path, 'bin', 'otelcol-contrib'),
    'echo "version: 0.160.0"; echo "module: go.opentelemetry.io/collector/receiver/otlpreceiver v0.160.0"',
  )
  const { unfit } = await searchComponent(componentPins.otelcol, settings)
  expect(unfit[0]).toMatch(/otelcol-contrib, which reports 0\.160\.0 and lacks .*filelogreceiver/)
  expect(unfit[0]).not.toContain('otlpreceiver')
})

test('an install whose binary has changed or gone since its receipt does not count', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  const cached = await putInCache(settings)
  await utimes(cached, 1, 1)
  expect((await searchComponent(pinOfDouble, settings)).found).toBeUndefined()
  await rm(cached)
  expect((await searchComponent(pinOfDouble, settings)).found).toBeUndefined()
})
