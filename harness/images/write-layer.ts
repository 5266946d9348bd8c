import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Header, type Pack, pack } from 'tar-stream'
import { type LayerEntry, sortedWithFolders } from './layer-entry.ts'

/** Everything in a layer is of this time, so that when it was made does not change its digest. */
export const fixedTime = new Date(0)

/** The file capability CAP_NET_BIND_SERVICE, permitted and effective, as the kernel keeps it beside a file. */
const bindServiceCapability = Buffer.from('0100000200040000000000000000000000000000', 'hex').toString(
  'latin1',
)

/** The layer as a tar: the same entries, the same bytes. */
export function layerTar(entries: readonly LayerEntry[], signal?: AbortSignal): Readable {
  const tar = pack()
  writeEntries(tar, sortedWithFolders(entries), signal).then(
    () => tar.finalize(),
    (thrown: Error) => tar.destroy(thrown),
  )
  return Readable.from(tar)
}

async function writeEntries(
  tar: Pack,
  entries: readonly LayerEntry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const entry of entries) {
    signal?.throwIfAborted()
    const header = { name: entry.path, mode: entry.mode, uid: 0, gid: 0, mtime: fixedTime }
    if (entry.kind === 'folder') tar.entry({ ...header, type: 'directory' })
    else if (entry.kind === 'link') tar.entry({ ...header, type: 'symlink', linkname: entry.target })
    else if (entry.kind === 'text') tar.entry(header, entry.text)
    else await writeFileEntry(tar, header, entry, signal)
  }
}

async function writeFileEntry(
  tar: Pack,
  header: Pick<Header, 'name' | 'mode' | 'uid' | 'gid' | 'mtime'>,
  { from, bindsLowPorts = false }: Extract<LayerEntry, { kind: 'file' }>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { size } = await stat(from)
  const pax = bindsLowPorts ? { 'SCHILY.xattr.security.capability': bindServiceCapability } : undefined
  const entry = tar.entry({ ...header, size, ...(pax && { pax }) })
  await pipeline(createReadStream(from, { highWaterMark: readChunkBytes }), entry, { signal })
}

/** Larger than Node's own: a layer is mostly one large program. */
export const readChunkBytes = 1 << 20
