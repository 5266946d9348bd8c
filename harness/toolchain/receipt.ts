import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { ComponentPin } from './component-pin.ts'
import type { Platform } from './platforms.ts'

const receipt = z.strictObject({
  component: z.string(),
  /** As the binary itself reports it. */
  version: z.string(),
  platform: z.string(),
  provenance: z.enum(['downloaded', 'built']),
  /** The address or module it came from, and what it was verified with. */
  source: z.string(),
  installedAt: z.string(),
  binaries: z.record(
    z.string(),
    z.strictObject({ sizeBytes: z.number(), mtimeMs: z.number(), sha256: z.string() }),
  ),
})

/** What an install leaves beside its binaries. */
export type Receipt = z.infer<typeof receipt>

const fileIn = (folder: string) => join(folder, 'receipt.json')

export async function writeReceipt(
  folder: string,
  pin: Pick<ComponentPin, 'name' | 'binaries'>,
  made: { version: string; platform: Platform; provenance: Receipt['provenance']; source: string },
): Promise<void> {
  const binaries: Receipt['binaries'] = {}
  for (const name of pin.binaries) {
    const path = join(folder, name)
    const { size: sizeBytes, mtimeMs } = await stat(path)
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    binaries[name] = { sizeBytes, mtimeMs, sha256: hash.digest('hex') }
  }
  const text: Receipt = { component: pin.name, ...made, installedAt: new Date().toISOString(), binaries }
  await writeFile(fileIn(folder), `${JSON.stringify(text, null, 2)}\n`)
}

/** The receipt of an install that is whole: every binary there, of the size and time it was accepted with. */
export async function readReceipt(
  folder: string,
  pin: Pick<ComponentPin, 'binaries'>,
): Promise<Receipt | undefined> {
  let read: Receipt
  try {
    read = receipt.parse(JSON.parse(await readFile(fileIn(folder), 'utf8')))
  } catch {
    return undefined
  }
  for (const name of pin.binaries) {
    const accepted = read.binaries[name]
    const seen = await stat(join(folder, name)).catch(() => undefined)
    if (accepted?.sizeBytes !== seen?.size || accepted?.mtimeMs !== seen?.mtimeMs) return undefined
  }
  return read
}
