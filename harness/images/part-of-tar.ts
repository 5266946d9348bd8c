import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, type Pack, pack } from 'tar-stream'
import { fixedTime, readChunkBytes } from './write-layer.ts'

/** A layer of what is wanted of another tar: files and links as they are there, folders only above them. */
export function partOfTar(tar: string, wanted: (path: string) => boolean, signal?: AbortSignal): Readable {
  const part = pack()
  copyWanted(tar, part, wanted, signal).then(
    () => part.finalize(),
    (thrown: Error) => part.destroy(thrown),
  )
  return Readable.from(part)
}

async function copyWanted(
  tar: string,
  part: Pack,
  wanted: (path: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const members = extract()
  const reading = pipeline(createReadStream(tar, { highWaterMark: readChunkBytes }), members, { signal })
  const folders = new Set<string>()
  try {
    for await (const member of members) {
      const { header } = member
      const name = header.name.replace(/^\.?\//, '').replace(/\/$/, '')
      if (header.type === 'directory' || !wanted(name)) {
        member.resume()
        continue
      }
      for (const folder of foldersAbove(name)) {
        if (folders.has(folder)) continue
        folders.add(folder)
        part.entry({ name: folder, type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: fixedTime })
      }
      const { type = 'file', linkname, size, mode, uid, gid } = header
      await pipeline(
        member,
        part.entry({
          name,
          type,
          mode,
          uid,
          gid,
          mtime: fixedTime,
          ...(type === 'file' ? { size } : { linkname: linkname?.replace(/^\.\//, '') ?? '' }),
        }),
      )
    }
  } finally {
    await reading
  }
}

function foldersAbove(name: string): string[] {
  const parts = name.split('/')
  return parts.slice(1).map((_, depth) => parts.slice(0, depth + 1).join('/'))
}

/** The content of one file of a tar. */
export function memberOfTar(tar: string, name: string, signal?: AbortSignal): Readable {
  return Readable.from(contentOf(tar, name, signal))
}

async function* contentOf(tar: string, name: string, signal: AbortSignal | undefined) {
  const members = extract()
  const source = createReadStream(tar, { highWaterMark: readChunkBytes, signal })
  source.on('error', (thrown) => members.destroy(thrown))
  source.pipe(members)
  for await (const member of members) {
    if (member.header.name === name) yield* member
    else member.resume()
  }
}
