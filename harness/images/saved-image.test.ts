import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { sha256 } from './blob.ts'
import { membersOf } from './image-doubles.ts'
import { adoptSavedImage } from './saved-image.ts'
import { layerTar } from './write-layer.ts'

const layer = await buffer(layerTar([{ kind: 'text', path: 'a', mode: 0o644, text: 'A' }]))
const config = JSON.stringify({
  os: 'linux',
  architecture: 'amd64',
  config: { Entrypoint: ['/a'] },
  rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
})

interface Changes {
  readonly layer?: Buffer
  readonly config?: string
  readonly more?: Record<string, string>
  /** Where the table of contents says that the layer is, when it is a link to it. */
  readonly link?: string
}

/** As `docker save` writes it. */
function saved(changes: Changes = {}): Readable {
  const tar = pack()
  tar.entry({ name: 'x/layer.tar' }, changes.layer ?? layer)
  if (changes.link !== undefined)
    tar.entry({ name: changes.link, type: 'symlink', linkname: '../x/layer.tar' })
  tar.entry({ name: 'config.json' }, changes.config ?? config)
  for (const [name, text] of Object.entries(changes.more ?? {})) tar.entry({ name }, text)
  const contents = [{ Config: 'config.json', RepoTags: null, Layers: [changes.link ?? 'x/layer.tar'] }]
  tar.entry({ name: 'manifest.json' }, JSON.stringify(contents))
  tar.finalize()
  return Readable.from(tar)
}

async function adopt(stream: Readable, imageId = sha256(config)) {
  const folder = temporaryFolder()
  const tar = join(folder.path, 'image.tar')
  const work = join(folder.path, 'work')
  try {
    const documents = await adoptSavedImage(stream, {
      work,
      tar,
      reference: 'double:1',
      asked: 'double:1',
      imageId,
    })
    expect(existsSync(work)).toBe(false)
    return { documents, members: await membersOf(tar) }
  } finally {
    expect(existsSync(work)).toBe(false)
    folder[Symbol.dispose]()
  }
}

test.each<[string, Changes]>([
  ['as it is', {}],
  ['packed by gzip', { layer: gzipSync(layer) }],
  ['packed by zstd', { layer: zstdCompressSync(layer) }],
  ['behind a link', { link: 'y/layer.tar' }],
])('a saved image whose layer lies %s becomes an archive of ours', async (_, changes) => {
  const { documents, members } = await adopt(saved(changes))
  expect(documents).toMatchObject({ config, imageId: sha256(config) })
  const names = members.map(({ name }) => name)
  expect(names).toContain(`blobs/${sha256(layer).replace(':', '/')}`)
  expect(names).toContain('index.json')
})

test('the id of a daemon that keeps images as containerd does leads to the configuration', async () => {
  const manifest = JSON.stringify({ config: { digest: sha256(config) } })
  const index = JSON.stringify({ manifests: [{ digest: 'sha256:ff' }, { digest: sha256(manifest) }] })
  const path = (text: string) => `blobs/${sha256(text).replace(':', '/')}`
  const more = { [path(manifest)]: manifest, [path(index)]: index }
  const { documents } = await adopt(saved({ more }), sha256(index))
  expect(documents.imageId).toBe(sha256(config))
  const other = JSON.stringify({ config: { digest: 'sha256:ff' } })
  await expect(adopt(saved({ more: { [path(other)]: other } }), sha256(other))).rejects.toThrow(
    'IMAGE_DIGEST',
  )
})

test.each<[string, Changes, string]>([
  ['a layer', { layer: Buffer.from('something else') }, `with layer ${sha256(layer)}`],
  ['a configuration', { config: config.replace('/a', '/b') }, `with configuration ${sha256(config)}`],
])('%s that is not what its digest says is refused, and nothing stays', async (_, changes, words) => {
  await expect(adopt(saved(changes))).rejects.toThrow(words)
})

test('an archive that breaks off is refused', async () => {
  const whole = await buffer(saved())
  await expect(adopt(Readable.from([whole.subarray(0, 700)]))).rejects.toThrow()
})
