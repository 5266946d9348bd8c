import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foreignFormat } from './binary-format.ts'
import { temporaryFolder } from './toolchain-doubles.ts'

const here = { platform: 'linux', arch: 'x64' }
const elf = (machine: number) => {
  const head = Buffer.alloc(64)
  head.write('7f454c46', 'hex')
  head.writeUInt16LE(machine, 18)
  return head
}
const mach = Buffer.concat([Buffer.from('cffaedfe0c000001', 'hex'), Buffer.alloc(24)])

test.each([
  ['a binary for this machine', elf(62), undefined],
  ['a script', Buffer.from('#!/bin/sh\n'), undefined],
  ['a binary for another processor', elf(183), 'a binary for linux-arm64, and this machine is linux-x64'],
  [
    'a binary for a processor without a name',
    elf(9),
    'a binary for linux-machine 9, and this machine is linux-x64',
  ],
  ['a binary for another system', mach, 'a binary for darwin-arm64, and this machine is linux-x64'],
  ['a page of a portal', Buffer.from('<!doctype html><title>Sign in'), 'neither a binary nor a script'],
  ['a file cut short', Buffer.from('7f454c46', 'hex'), 'neither a binary nor a script'],
  ['an empty file', Buffer.alloc(0), 'an empty file'],
])('%s: %s', async (_name, content, says) => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'file')
  await writeFile(file, content)
  expect(await foreignFormat(file, here)).toBe(says)
})

test('the running Node is no foreign binary, and a file that is not there says nothing', async () => {
  expect(await foreignFormat(process.execPath)).toBeUndefined()
  expect(await foreignFormat('/nonexistent/file')).toBeUndefined()
})
