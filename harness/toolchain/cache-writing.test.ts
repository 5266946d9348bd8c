import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceFile, saysDiskFull, writingTo } from './cache-writing.ts'
import { temporaryFolder } from './toolchain-doubles.ts'

test.each([
  'go: writing stat cache: mkdir /x: no space left on device',
  'tar: alertmanager: Wrote only 2048 of 10240 bytes',
  'loki:  write error (disk full?).  Continue? (y/n/^C)',
  'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
  'write error: Disk quota exceeded',
])('%j says that the disk is full', (line) => {
  expect(saysDiskFull(['before', line, 'tar: Exiting with failure status due to previous errors'])).toBe(line)
})

test('other last words do not', () => {
  expect(saysDiskFull(['x.go:1: undefined: y', 'gzip: stdin: unexpected end of file'])).toBeUndefined()
})

test('a file is replaced whole, or stays as it was with nothing beside it', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'file')
  await replaceFile(file, 'one')
  await replaceFile(file, 'two')
  expect(await readFile(file, 'utf8')).toBe('two')
  await rm(file)
  await mkdir(file)
  await expect(writingTo(folder.path, () => replaceFile(file, 'three'))).rejects.toThrow(
    /^TOOL_CACHE.*EISDIR/s,
  )
  expect(await readdir(folder.path)).toEqual(['file'])
})

test('a folder that goes away while it is written to is the cache that cannot be written', async () => {
  await using folder = await temporaryFolder()
  const gone = join(folder.path, 'gone')
  const work = () => replaceFile(join(gone, 'file'), 'text')
  await expect(writingTo(gone, work)).rejects.toThrow(/^TOOL_CACHE: .*gone\n {2}seen: ENOENT/)
  await expect(writingTo(join(folder.path, 'other'), work), 'of another folder').rejects.toThrow(/^ENOENT/)
})
