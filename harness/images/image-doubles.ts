/** Stand-ins for the tests of this folder. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract } from 'tar-stream'
import type { ImageRecipe, LayerRecipe } from './image-recipe.ts'
import type { LayerEntry } from './layer-entry.ts'

export interface Member {
  readonly name: string
  readonly type: string
  readonly mode: number
  readonly owner: string
  readonly modifiedAt: number
  readonly content: string
  readonly link: string | null
  readonly pax: unknown
}

/** What a tar holds, in its order. */
export async function membersOf(tar: string | Readable): Promise<Member[]> {
  const members = extract()
  const stream = typeof tar === 'string' ? createReadStream(tar) : tar
  stream.on('error', (thrown: Error) => members.destroy(thrown))
  stream.pipe(members)
  const found: Member[] = []
  for await (const member of members) {
    const { name, type, mode, uid, gid, mtime, linkname, pax } = member.header
    const content = (await buffer(member)).toString()
    found.push({
      name,
      type,
      mode,
      owner: `${uid}:${gid}`,
      modifiedAt: mtime.getTime(),
      content,
      link: linkname,
      pax,
    })
  }
  return found
}

export const textLayer = (texts: Readonly<Record<string, string>>, kept = false): LayerRecipe => ({
  title: 'writing texts',
  key: createHash('sha256').update(JSON.stringify(texts)).digest('hex'),
  kept,
  content: {
    entries: async () =>
      Object.entries(texts).map(([path, text]): LayerEntry => ({ kind: 'text', path, mode: 0o644, text })),
  },
})

export const recipeDouble = (changes: Partial<ImageRecipe> = {}): ImageRecipe => ({
  name: 'double',
  reference: 'example.invalid/double:1',
  architecture: 'amd64',
  config: { Entrypoint: ['/double'] },
  source: 'the test',
  layers: [textLayer({ 'etc/base': 'base' }, true), textLayer({ 'app/code': 'one' })],
  ...changes,
})
