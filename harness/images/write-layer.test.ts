import { chmod, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { membersOf } from './image-doubles.ts'
import { entriesBelow, keyOfEntries, type LayerEntry, program } from './layer-entry.ts'
import { layerTar } from './write-layer.ts'

const link: LayerEntry = { kind: 'link', path: 'usr/bin/again', mode: 0o777, target: 'double' }

test('a layer is sorted, with the folders above, all of root and of 1970', async () => {
  using folder = temporaryFolder({ double: 'a program' })
  const members = await membersOf(layerTar([link, program('usr/bin/double', join(folder.path, 'double'))]))
  expect(members.map(({ name, type, mode }) => `${name} ${type} ${mode.toString(8)}`)).toEqual([
    'usr directory 755',
    'usr/bin directory 755',
    'usr/bin/again symlink 777',
    'usr/bin/double file 755',
  ])
  expect(members.map(({ owner }) => owner)).toEqual(Array(4).fill('0:0'))
  expect(members.map(({ modifiedAt }) => modifiedAt)).toEqual(Array(4).fill(0))
  expect(members[3]?.content).toBe('a program')
  expect(members[2]?.link).toBe('double')
})

test('the same files give the same bytes, whatever their times, umask and order', async () => {
  using one = temporaryFolder({ a: 'A', 'b/c': 'C' })
  using other = temporaryFolder({ 'b/c': 'C', a: 'A' })
  await utimes(join(other.path, 'a'), 1, 1)
  await chmod(join(other.path, 'a'), 0o600)
  const tarOf = async (folder: string) =>
    await buffer(layerTar((await entriesBelow(folder, 'x')).toReversed()))
  expect((await tarOf(one.path)).equals(await tarOf(other.path))).toBe(true)
  await writeFile(join(other.path, 'a'), 'B')
  expect((await tarOf(one.path)).equals(await tarOf(other.path))).toBe(false)
})

test('a program that binds low ports carries the capability as the kernel keeps it', async () => {
  using folder = temporaryFolder({ double: '' })
  const [member] = await membersOf(layerTar([program('double', join(folder.path, 'double'), true)]))
  const { 'SCHILY.xattr.security.capability': value = '' } = (member?.pax ?? {}) as Record<string, string>
  const bytes = Buffer.from(value, 'latin1')
  // Version 2 with the effective flag, then the permitted set: bit 10 is CAP_NET_BIND_SERVICE.
  expect([bytes.length, bytes.readUInt32LE(0), bytes.readUInt32LE(4)]).toEqual([20, 0x02000001, 1 << 10])
})

test('a file that cannot be read ends the layer with its name', async () => {
  await expect(buffer(layerTar([program('double', '/no/such/file')]))).rejects.toThrow('/no/such/file')
})

test('the key of entries changes with a file, and only then', async () => {
  using folder = temporaryFolder({ double: 'one' })
  const file = join(folder.path, 'double')
  const key = () => keyOfEntries([program('double', file), link])
  const before = await key()
  expect(await key()).toBe(before)
  await writeFile(file, 'other')
  expect(await key()).not.toBe(before)
})
