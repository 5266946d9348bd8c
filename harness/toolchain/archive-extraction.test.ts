import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import { extractMembers } from './archive-extraction.ts'
import { archiveOfDouble, onlyPrograms, temporaryFolder } from './toolchain-doubles.ts'

// Processes are started and ended here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 })

async function zipOf(folder: string): Promise<string> {
  await writeFile(join(folder, 'loki-linux-amd64'), 'a binary')
  await execa('python3', ['-m', 'zipfile', '-c', 'loki.zip', 'loki-linux-amd64'], { cwd: folder })
  return join(folder, 'loki.zip')
}

/** A PATH on which the named programs are the only ones. */
async function pathWith(folder: string, programs: readonly string[]) {
  return { ...process.env, PATH: await onlyPrograms(join(folder, 'only'), programs) }
}

test('a tar.gz gives the named member', async () => {
  await using folder = await temporaryFolder()
  const archive = join(folder.path, 'double.tar.gz')
  await writeFile(archive, await archiveOfDouble(folder.path))
  const members = ['double-0.31.1/alertmanager']
  const into = join(folder.path, 'into')
  await mkdir(into)
  await extractMembers({ archive, format: 'tar.gz', members, into, environment: process.env })
  expect(await readFile(join(into, members[0] as string), 'utf8')).toContain('version 0.31.1')
})

test.each(['unzip', 'python3'])('a zip is opened by %s where there is nothing else', async (program) => {
  await using folder = await temporaryFolder()
  const archive = await zipOf(folder.path)
  const into = join(folder.path, 'into')
  await mkdir(into)
  const environment = await pathWith(folder.path, [program])
  await extractMembers({ archive, format: 'zip', members: ['loki-linux-amd64'], into, environment })
  expect(await readFile(join(into, 'loki-linux-amd64'), 'utf8')).toBe('a binary')
})

test('without a program that opens it, the one to install is named', async () => {
  await using folder = await temporaryFolder()
  const extraction = extractMembers({
    archive: join(folder.path, 'x.zip'),
    format: 'zip',
    members: ['x'],
    into: folder.path,
    environment: await pathWith(folder.path, []),
  })
  await expect(extraction).rejects.toThrow(
    /^TOOL_UNAVAILABLE: expected a program that opens a zip file: unzip, .*\n.*\n.*install unzip/,
  )
})

test('an archive without the member is said to be not as the table says', async () => {
  await using folder = await temporaryFolder()
  const archive = await zipOf(folder.path)
  const extraction = extractMembers({
    archive,
    format: 'zip',
    members: ['promtail'],
    into: folder.path,
    environment: process.env,
  })
  await expect(extraction).rejects.toThrow(
    /^TOOL_DOWNLOAD: expected promtail in loki\.zip\n.*another shape than the table/s,
  )
})
