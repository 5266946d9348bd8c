import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { entriesBelow } from './layer-entry.ts'
import { nodeAppPackages, packageEntries } from './node-packages.ts'

const root = join(import.meta.dirname, '..', '..')

test('the images have the packages that the apps import, and no others', async () => {
  const imported = new Set<string>()
  for (const app of ['frontend', 'alert-receiver', 'node-service']) {
    for (const entry of await entriesBelow(join(root, 'apps', app, 'src'), app)) {
      if (entry.kind !== 'file') continue
      const { module } = parseSync(entry.from, await readFile(entry.from, 'utf8'))
      for (const { moduleRequest } of module.staticImports)
        if (!/^(node:|\.)/.test(moduleRequest.value)) imported.add(moduleRequest.value)
    }
  }
  expect([...imported].toSorted()).toEqual([...nodeAppPackages])
})

const packageOf = (dependencies: Record<string, string>) => JSON.stringify({ version: '1.0.0', dependencies })

test('what a package depends on comes along, each from where Node finds it', async () => {
  using folder = temporaryFolder({
    'node_modules/a/package.json': packageOf({ b: '1', c: '1' }),
    'node_modules/a/main.js': '',
    'node_modules/a/main.d.ts': '',
    'node_modules/a/README.md': '',
    'node_modules/a/node_modules/b/package.json': packageOf({}),
    'node_modules/b/package.json': packageOf({}),
    'node_modules/c/package.json': packageOf({ a: '1' }),
    'node_modules/unused/package.json': packageOf({}),
  })
  const entries = await packageEntries(['a'], folder.path, 'app')
  expect(entries.map(({ path }) => path).toSorted()).toEqual([
    'app/node_modules/a/main.js',
    'app/node_modules/a/node_modules/b/package.json',
    'app/node_modules/a/package.json',
    'app/node_modules/c/package.json',
  ])
})

test('a package that is not installed is named', async () => {
  using folder = temporaryFolder({ 'node_modules/a/package.json': packageOf({ missing: '1' }) })
  await expect(packageEntries(['a'], folder.path, 'app')).rejects.toThrow('the npm package missing')
})
