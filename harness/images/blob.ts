import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readChunkBytes } from './write-layer.ts'

/** Content that is known by its digest, in a file. */
export interface Blob {
  /** `sha256:…` */
  readonly digest: string
  readonly sizeBytes: number
  readonly file: string
}

export const sha256 = (content: string | Buffer) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

/** Writes what the stream yields, and learns its digest on the way. */
export async function writeBlob(content: Readable, file: string, signal?: AbortSignal): Promise<Blob> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  await pipeline(
    content,
    async function* measure(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        sizeBytes += chunk.length
        yield chunk
      }
    },
    createWriteStream(file),
    { signal },
  )
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes, file }
}

export async function blobOfFile(file: string, signal?: AbortSignal): Promise<Blob> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of createReadStream(file, { highWaterMark: readChunkBytes, signal })) {
    hash.update(chunk as Buffer)
    sizeBytes += (chunk as Buffer).length
  }
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes, file }
}
