import { open } from 'node:fs/promises'

/** The processor in a binary's header, by the names that Node gives to processors. */
const elfMachines: Readonly<Record<number, string>> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
}
const machMachines: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' }

/**
 * What stands in the way of a file's being a program for this machine, read from its first bytes; undefined for a
 * script, a binary that fits and one that cannot be told. The system's own words leave that out: it may take a foreign
 * binary for a shell script.
 */
export async function foreignFormat(
  path: string,
  { platform, arch }: { platform: string; arch: string } = process,
): Promise<string | undefined> {
  const head = await firstBytes(path)
  if (head === undefined) return undefined
  if (head.length === 0) return 'an empty file'
  const here = `${platform}-${arch}`
  const made = formatOf(head)
  if (made === undefined) return 'neither a binary nor a script'
  return made === anyProcessor || made === here
    ? undefined
    : `a binary for ${made}, and this machine is ${here}`
}

const anyProcessor = 'any'

function formatOf(head: Buffer): string | undefined {
  if (head.toString('latin1', 0, 2) === '#!') return anyProcessor
  if (head.length < 20) return undefined
  if (head.readUInt32BE(0) === 0x7f454c46) return `linux-${nameOf(elfMachines, head.readUInt16LE(18))}`
  if (head.readUInt32LE(0) === 0xfeedfacf) return `darwin-${nameOf(machMachines, head.readUInt32LE(4))}`
  // A file of several binaries, one for each processor of Apple's.
  if (head.readUInt32BE(0) === 0xcafebabe) return anyProcessor
  if (head.toString('latin1', 0, 2) === 'MZ') return 'win32'
  return undefined
}

const nameOf = (names: Readonly<Record<number, string>>, machine: number) =>
  names[machine] ?? `machine ${machine}`

async function firstBytes(path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0)
    return buffer.subarray(0, bytesRead)
  } catch {
    return undefined
  }
}
