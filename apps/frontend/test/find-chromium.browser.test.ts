import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findChromium } from './chromium.ts'

async function folderWith(...programs: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chromium-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const name of programs) {
    await writeFile(join(folder, name), '')
    await chmod(join(folder, name), 0o755)
  }
  return folder
}

test('the first Chromium on PATH is taken, by whichever name', async () => {
  const [none, some] = [await folderWith('firefox'), await folderWith('google-chrome', 'chromium-browser')]
  const PATH = [none, some].join(delimiter)
  expect(findChromium({ PATH })).toBe(join(some, 'chromium-browser'))
})

test('a machine without one has none: a folder and a file that cannot be run are none', async () => {
  const folder = await folderWith()
  await mkdir(join(folder, 'chromium'))
  await writeFile(join(folder, 'google-chrome'), '')
  expect(findChromium({ PATH: folder })).toBeUndefined()
  expect(findChromium({})).toBeUndefined()
})

test('the variable goes first, and has to name a program', async () => {
  const folder = await folderWith('chromium', 'other')
  const CHROMIUM_PROGRAM = join(folder, 'other')
  expect(findChromium({ PATH: folder, CHROMIUM_PROGRAM })).toBe(CHROMIUM_PROGRAM)
  expect(() => findChromium({ PATH: folder, CHROMIUM_PROGRAM: '/nothing' })).toThrow(
    'CHROMIUM_PROGRAM: expected an executable file; seen "/nothing"',
  )
})
