import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'
import { fetchedChecksumsFile } from './cache-layout.ts'
import { asCacheError, replaceFile, writingTo } from './cache-writing.ts'
import type { ComponentPin } from './component-pin.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

const checksum = z.strictObject({
  component: z.string(),
  version: z.string(),
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case'),
  /** Where the checksum was found, so that anybody can look again. */
  source: z.string().min(1),
})
const checksums = z.array(checksum)

/** The pinned SHA-256 of one published file, with its source. */
export type Checksum = z.infer<typeof checksum>

/**
 * A checksum is a fact of the project, so in a checkout a new one goes into the table, to be reviewed and committed.
 * An installed package is compiled, may be read-only and is replaced as a whole: there it goes into the cache.
 */
const tableFile = join(import.meta.dirname, 'pinned-checksums.json')
const isCheckout = import.meta.filename.endsWith('.ts')

export const checksumFileToWrite = (settings: ToolchainSettings) =>
  isCheckout ? tableFile : fetchedChecksumsFile(settings)

/** The table's checksums; those of the cache fill its gaps, and never stand against it. */
export async function readChecksums(settings: Pick<ToolchainSettings, 'cacheRoot'>): Promise<Checksum[]> {
  const table = await readChecksumFile(tableFile)
  const fetched = await readChecksumFile(fetchedChecksumsFile(settings))
  return [
    ...table,
    ...fetched.filter(
      (entry) => findChecksum(table, entry.component, entry.version, entry.file) === undefined,
    ),
  ]
}

export const findChecksum = (known: readonly Checksum[], component: string, version: string, file: string) =>
  known.find((entry) => entry.component === component && entry.version === version && entry.file === file)

/**
 * The checksum without which a file is not fetched.
 * @throws SignalproofError TOOL_UNPINNED
 */
export function requireChecksum(
  known: readonly Checksum[],
  pin: Pick<ComponentPin, 'name' | 'version'>,
  file: string,
): Checksum {
  const found = findChecksum(known, pin.name, pin.version, file)
  if (found !== undefined) return found
  throw new SignalproofError('TOOL_UNPINNED', {
    expected: `a pinned SHA-256 for ${file}`,
    seen: 'none, so the file is not downloaded',
    remedy: `fetch the publisher's: signalproof toolchain pin ${pin.name}`,
  })
}

/** Adds entries to a file, in place of those for the same component and file; replaced as a whole or not at all. */
export async function writeChecksums(file: string, added: readonly Checksum[]): Promise<void> {
  const kept = (await readChecksumFile(file)).filter(
    (old) => !added.some((entry) => entry.component === old.component && entry.file === old.file),
  )
  const all = [...kept, ...added].toSorted((a, b) =>
    `${a.component} ${a.file}`.localeCompare(`${b.component} ${b.file}`),
  )
  await writingTo(dirname(file), async () => {
    await mkdir(dirname(file), { recursive: true })
    await replaceFile(file, `${JSON.stringify(all, null, 2)}\n`)
  })
}

async function readChecksumFile(file: string): Promise<Checksum[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw asCacheError(dirname(file), thrown) ?? thrown
  }
  try {
    return checksums.parse(JSON.parse(text))
  } catch (thrown) {
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'a list of pinned checksums',
      seen: thrown instanceof z.ZodError ? z.prettifyError(thrown) : String(thrown),
      remedy: 'correct the file, or delete it and run signalproof toolchain pin again',
      where: file,
      cause: thrown,
    })
  }
}
