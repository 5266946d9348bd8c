import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { sha256, writeBlob } from './blob.ts'
import { describeImage, writeArchive } from './image-archive.ts'
import { membersOf } from './image-doubles.ts'
import { layerTar } from './write-layer.ts'

async function archive(folder: string) {
  const text = (path: string) => layerTar([{ kind: 'text', path, mode: 0o644, text: path }])
  const base = await writeBlob(text('base'), join(folder, 'base.tar'))
  const app = await writeBlob(text('app'), join(folder, 'app.tar'))
  const layers = [base, app, base]
  const documents = describeImage({ architecture: 'amd64', config: { Entrypoint: ['/x'] }, layers })
  const tar = join(folder, 'image.tar')
  await writeArchive(tar, { reference: 'grafana/loki:3.7.8', documents, layers })
  return { tar, documents, base, app }
}

test('both tables of contents lead to blobs that are what their names say, each written once', async () => {
  using folder = temporaryFolder()
  const { tar, documents, base, app } = await archive(folder.path)
  const members = new Map((await membersOf(tar)).map(({ name, content }) => [name, content]))
  const blobs = [...members].filter(([name]) => name.startsWith('blobs/'))
  expect(blobs).toHaveLength(4)
  for (const [name, content] of blobs) expect(`blobs/${sha256(content).replace(':', '/')}`).toBe(name)
  const path = (digest: string) => `blobs/${digest.replace(':', '/')}`

  const [docker] = JSON.parse(members.get('manifest.json') ?? '')
  expect(docker).toEqual({
    Config: path(documents.imageId),
    RepoTags: ['grafana/loki:3.7.8'],
    Layers: [base, app, base].map(({ digest }) => path(digest)),
  })
  expect(JSON.parse(members.get(docker.Config) ?? '').rootfs.diff_ids).toEqual([
    base.digest,
    app.digest,
    base.digest,
  ])

  const [entry] = JSON.parse(members.get('index.json') ?? '').manifests
  expect(entry).toMatchObject({
    digest: documents.digest,
    annotations: { 'io.containerd.image.name': 'docker.io/grafana/loki:3.7.8' },
  })
  const manifest = JSON.parse(members.get(path(entry.digest)) ?? '')
  expect(entry.size).toBe(members.get(path(entry.digest))?.length)
  expect(manifest.config.digest).toBe(documents.imageId)
  expect(manifest.layers.map(({ digest }: { digest: string }) => digest)).toEqual(
    [base, app, base].map(({ digest }) => digest),
  )
})

test('the same parts make the same image, and another entrypoint another one', async () => {
  using one = temporaryFolder()
  using other = temporaryFolder()
  const { documents, base } = await archive(one.path)
  expect((await archive(other.path)).documents).toEqual(documents)
  const changed = describeImage({ architecture: 'amd64', config: { Entrypoint: ['/y'] }, layers: [base] })
  expect(changed.imageId).not.toBe(documents.imageId)
  expect(changed.digest).not.toBe(documents.digest)
})
