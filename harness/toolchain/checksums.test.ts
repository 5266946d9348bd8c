import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Checksum, findChecksum, readChecksums, requireChecksum, writeChecksums } from './checksums.ts'
import { pinInCache, pinOfDouble, settingsIn, sha256Of, temporaryFolder } from './toolchain-doubles.ts'

const entry = (file: string, content: string): Checksum => ({
  component: 'loki',
  version: '9.9.9',
  file,
  sha256: sha256Of(content),
  source: 'a test',
})

test('a file without a pinned checksum is refused, and the way to pin it is named', () => {
  expect(() => requireChecksum([], pinOfDouble, 'x.tar.gz')).toThrow(
    /TOOL_UNPINNED: expected a pinned SHA-256 for x\.tar\.gz\n.*not downloaded\n.*signalproof toolchain pin alertmanager/,
  )
})

test('a checksum of another version is none', () => {
  const known = [{ ...entry('x.tar.gz', 'x'), component: 'alertmanager', version: '0.31.0' }]
  expect(() => requireChecksum(known, pinOfDouble, 'x.tar.gz')).toThrow('TOOL_UNPINNED')
})

test('a checksum fetched into the cache fills a gap of the table and never stands against it', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  const [pinned] = (await readChecksums(settings)) as [Checksum]
  await pinInCache(settings, sha256Of('new'))
  const file = join(settings.cacheRoot, 'toolchain', 'pinned-checksums.json')
  await writeChecksums(file, [{ ...pinned, sha256: sha256Of('another') }])
  const known = await readChecksums(settings)
  expect(findChecksum(known, pinned.component, pinned.version, pinned.file)?.sha256).toBe(pinned.sha256)
  expect(known.filter(({ file }) => file === pinned.file)).toHaveLength(1)
  expect(known.map(({ source }) => source)).toContain('the test')
})

test('writing replaces the entry of the same file and keeps the others', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'sub', 'sums.json')
  await writeChecksums(file, [entry('b', '1'), entry('a', '1')])
  await writeChecksums(file, [entry('b', '2')])
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([entry('a', '1'), entry('b', '2')])
})

test('a broken checksum file is named with the place in it', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'sums.json')
  await writeFile(file, JSON.stringify([{ ...entry('a', '1'), sha256: 'ABC' }]))
  await expect(writeChecksums(file, [])).rejects.toThrow(
    /CONFIG_INVALID.*sums\.json.*64 hexadecimal digits.*\[0\]\.sha256/s,
  )
})
