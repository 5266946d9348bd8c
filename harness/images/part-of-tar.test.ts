import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { nodeBase, pythonBase } from './base-layers.ts'
import { membersOf } from './image-doubles.ts'
import { partOfTar } from './part-of-tar.ts'

async function tarOf(folder: string, names: readonly string[]): Promise<string> {
  const tar = join(folder, 'tree.tar')
  const tree = pack()
  for (const name of names) {
    if (name.endsWith('/')) tree.entry({ name, type: 'directory' })
    else if (name.includes(' -> ')) {
      const [path = '', linkname = ''] = name.split(' -> ')
      tree.entry({ name: path, type: 'symlink', linkname })
    } else tree.entry({ name, mode: 0o755, mtime: new Date() }, name)
  }
  tree.finalize()
  await pipeline(tree, createWriteStream(tar))
  return tar
}

test('what is wanted is there with the folders above it, and nothing else', async () => {
  using folder = temporaryFolder()
  const tar = await tarOf(folder.path, [
    './',
    './usr/',
    './usr/bin/',
    './usr/bin/a',
    './usr/bin/b',
    './etc/c',
  ])
  const members = await membersOf(partOfTar(tar, (path) => path.endsWith('a')))
  expect(members.map(({ name, content }) => [name, content])).toEqual([
    ['usr', ''],
    ['usr/bin', ''],
    ['usr/bin/a', './usr/bin/a'],
  ])
  expect(new Set(members.map(({ modifiedAt }) => modifiedAt))).toEqual(new Set([0]))
})

test('a tar that is not there ends the layer', async () => {
  await expect(buffer(partOfTar('/no/such.tar', () => true))).rejects.toThrow('/no/such.tar')
})

const tree = [
  './lib -> usr/lib',
  './usr/bin/bash',
  './usr/bin/python3 -> python3.11',
  './usr/bin/python3.11',
  './usr/lib/python3.11/json/__init__.py',
  './usr/lib/python3.11/test/__init__.py',
  './usr/lib/x86_64-linux-gnu/libc.so.6',
  './usr/lib/x86_64-linux-gnu/libssl.so.3',
  './usr/lib/x86_64-linux-gnu/libapt-pkg.so.6.0',
]

test.each([
  ['Node', nodeBase, ['lib', 'usr/lib/x86_64-linux-gnu/libc.so.6']],
  [
    'Python',
    pythonBase,
    [
      'lib',
      'usr/bin/python3',
      'usr/bin/python3.11',
      'usr/lib/python3.11/json/__init__.py',
      'usr/lib/x86_64-linux-gnu/libc.so.6',
      'usr/lib/x86_64-linux-gnu/libssl.so.3',
    ],
  ],
])('the base of %s has its libraries and no shell', async (_, base, wanted) => {
  using folder = temporaryFolder()
  const { content } = base({ tar: await tarOf(folder.path, tree), digest: 'x' })
  if (!('stream' in content)) throw new Error('not a part of a tree')
  const members = await membersOf(content.stream())
  expect(members.filter(({ type }) => type !== 'directory').map(({ name }) => name)).toEqual(wanted)
})
