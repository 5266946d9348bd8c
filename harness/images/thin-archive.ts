import { createReadStream, createWriteStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { extract, pack } from 'tar-stream'
import { z } from 'zod'
import { readChunkBytes } from './write-layer.ts'

const tableOfContents = z.tuple([z.object({ Layers: z.array(z.string()) })])

/**
 * Writes an archive anew without the layers that a node has already: it makes the image from its own. For a changed
 * app that is its last layer, some kilobytes instead of all of Node or Python.
 * @param has digests (`sha256:…`) of the node's content, as `ctr -n k8s.io content ls -q` lists it
 */
export async function writeThinArchive(
  tar: string,
  thin: string,
  has: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<void> {
  const members = extract()
  const output = pack()
  const reading = pipeline(createReadStream(tar, { highWaterMark: readChunkBytes }), members, { signal })
  const writing = pipeline(output, createWriteStream(thin), { signal })
  const copying = (async () => {
    let layers = new Set<string>()
    for await (const member of members) {
      const { header } = member
      if (layers.has(header.name) && has.has(digestOf(header.name))) {
        member.resume()
      } else if (header.name === 'manifest.json') {
        const content = await text(member)
        layers = new Set(tableOfContents.parse(JSON.parse(content))[0].Layers)
        output.entry({ ...header, pax: null }, content)
      } else {
        await pipeline(member, output.entry(header), { signal })
      }
    }
    output.finalize()
  })()
  await Promise.all([reading, copying, writing])
}

const digestOf = (path: string) => path.replace(/^blobs\/sha256\//, 'sha256:')
