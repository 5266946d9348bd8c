import { createHash } from 'node:crypto'
import { readdir, readlink, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** One file, folder or link of a layer; it belongs to root and is as old as 1970, whatever it was made from. */
export type LayerEntry = {
  /** From the root of the image, without the slash before it. */
  readonly path: string
  readonly mode: number
} & (
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'file'
      /** Where its content lies on this machine. */
      readonly from: string
      /** A program that may listen on ports below 1024 without being root, as upstream's CoreDNS is. */
      readonly bindsLowPorts?: boolean
    }
)

/** World-writable with the sticky bit: what the root file system of an image from nothing lacks. */
export const temporaryFolder: LayerEntry = { kind: 'folder', path: 'tmp', mode: 0o1777 }

export const program = (path: string, from: string, bindsLowPorts = false): LayerEntry => ({
  kind: 'file',
  path,
  mode: 0o755,
  from,
  bindsLowPorts,
})

/**
 * What lies below a folder, as entries below `path`. A file is executable for all or for none, and readable for all:
 * whose umask it was made under does not show.
 */
export async function entriesBelow(
  folder: string,
  path: string,
  wanted: (relativePath: string) => boolean = () => true,
): Promise<LayerEntry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const entries = await Promise.all(
    found.map(async (entry): Promise<LayerEntry | undefined> => {
      const from = join(entry.parentPath, entry.name)
      const inFolder = relative(folder, from)
      const inImage = join(path, inFolder)
      if (!wanted(inFolder) || entry.isDirectory()) return undefined
      if (entry.isSymbolicLink())
        return { kind: 'link', path: inImage, mode: 0o777, target: await readlink(from) }
      const { mode } = await stat(from)
      return { kind: 'file', path: inImage, mode: (mode & 0o100) === 0 ? 0o644 : 0o755, from }
    }),
  )
  return entries.filter((entry) => entry !== undefined)
}

/** The entries with the folders above them, each once and before what lies in it. */
export function sortedWithFolders(entries: readonly LayerEntry[]): LayerEntry[] {
  const byPath = new Map<string, LayerEntry>()
  for (const entry of entries) {
    const parts = entry.path.split('/')
    for (let depth = 1; depth < parts.length; depth += 1) {
      const path = parts.slice(0, depth).join('/')
      // Left out, some runtimes make them readable by root only.
      if (!byPath.has(path)) byPath.set(path, { kind: 'folder', path, mode: 0o755 })
    }
    byPath.set(entry.path, entry)
  }
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * What the entries would be made from, without reading files: their sizes and times stand for their content. Good to
 * see that nothing has changed; two keys may still stand for the same layer.
 */
export async function keyOfEntries(entries: readonly LayerEntry[]): Promise<string> {
  const hash = createHash('sha256')
  const lines = await Promise.all(entries.map(describeEntry))
  for (const line of lines.toSorted()) hash.update(line)
  return hash.digest('hex')
}

async function describeEntry(entry: LayerEntry): Promise<string> {
  if (entry.kind !== 'file') return `${JSON.stringify(entry)}\n`
  const { size, mtimeMs } = await stat(entry.from)
  return `${JSON.stringify({ ...entry, size, mtimeMs })}\n`
}
