import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { membersOf, recipeDouble } from './image-doubles.ts'
import { ImageStore } from './image-store.ts'
import { writeThinArchive } from './thin-archive.ts'

test('only the layers that the node has are left out', async () => {
  using folder = temporaryFolder()
  const { tar, imageId, digest } = await new ImageStore({ cacheRoot: folder.path }).make(recipeDouble())
  const whole = await membersOf(tar)
  const [base, code] = JSON.parse(whole.find(({ name }) => name === 'manifest.json')?.content ?? '')[0].Layers
  const thin = join(folder.path, 'thin.tar')
  // The node's list names small documents, too, which an import needs to find in the archive.
  const has = new Set([base.replace('blobs/sha256/', 'sha256:'), imageId, digest])
  await writeThinArchive(tar, thin, has)
  expect(await membersOf(thin)).toEqual(whole.filter(({ name }) => name !== base))
  expect((await membersOf(thin)).map(({ name }) => name)).toContain(code)
  await writeThinArchive(tar, thin, new Set())
  expect(await membersOf(thin)).toEqual(whole)
})
