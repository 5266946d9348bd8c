import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findDebianMirror } from './debian-mirror.ts'
import { temporaryFolder } from './toolchain-doubles.ts'

const deb822 = (fields: string) => `# a comment\nTypes: deb\n${fields}\nComponents: main\n`

const machines: [string, Record<string, string>, string | undefined][] = [
  ['without apt', {}, undefined],
  [
    'with lines',
    {
      'sources.list':
        'deb-src http://a/x bookworm main\n# deb http://b/x bookworm main\ndeb [arch=amd64] http://c/debian/ bookworm main\n',
    },
    'http://c/debian',
  ],
  [
    'with paragraphs',
    {
      'sources.list.d/other.sources': deb822('URIs: http://other/repo\nSuites: stable'),
      'sources.list.d/z.sources': deb822('URIs: http://d/mirror\nSuites: bookworm bookworm-updates'),
    },
    'http://d/mirror',
  ],
  [
    'with a paragraph that is off',
    { 'sources.list.d/a.sources': `${deb822('URIs: http://e/debian\nSuites: bookworm')}Enabled: no\n` },
    undefined,
  ],
  [
    'of a later release',
    {
      'sources.list':
        'deb http://security/debian-security trixie-security main\ndeb http://f/debian trixie main\n',
    },
    'http://f/debian',
  ],
  ['of Ubuntu', { 'sources.list': 'deb http://archive/ubuntu noble main\n' }, undefined],
  ['with packages on a disk', { 'sources.list': 'deb file:/media/debian bookworm main\n' }, undefined],
]

test.each(machines)('a machine %s', async (_name, files, mirror) => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'sources.list.d'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text)
  expect(await findDebianMirror('bookworm', {}, folder.path)).toBe(mirror)
  const environment = { SIGNALPROOF_DEBIAN_MIRROR: 'http://mine/debian' }
  expect(await findDebianMirror('bookworm', environment, folder.path)).toBe('http://mine/debian')
})
