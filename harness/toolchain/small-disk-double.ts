/** A real file system of a few megabytes for a test: full where it is full, and read-only where it is mounted so. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { findProgram } from './program-path.ts'

export interface SmallDisk extends AsyncDisposable {
  /** For a process that `inside` starts. */
  readonly path: string
  /** For the test itself. */
  readonly pathFromOutside: string
  /** What has to stand before a command so that it sees the disk. */
  readonly inside: readonly string[]
  /** Mounts it again with other options: `size=64m`, `ro`, `rw`, `noexec`, `exec`. */
  remount(options: string): Promise<void>
}

/**
 * A tmpfs in a mount namespace of its own, which other processes reach by the way of the process that holds it. It is
 * gone when that process is, and that ends with our end of its input: no mount is ever left, however the test ends.
 * Hands back the reason where this machine or this user may not mount.
 */
export async function smallDisk(folder: string, options: string): Promise<SmallDisk | string> {
  const unshare = findProgram('unshare', process.env)
  if (unshare === undefined) return 'no unshare on PATH: a disk of its own is made on Linux only'
  const place = join(folder, 'disk')
  await mkdir(place, { recursive: true })
  const holder = execa(unshare, ['-U', '-r', '-m', '/bin/sh'], { reject: false, buffer: false })
  const answers = createInterface({ input: holder.stdout })[Symbol.asyncIterator]()
  const run = async (command: string): Promise<string> => {
    holder.stdin.write(`${command} 2>&1 && echo done\n`)
    const { value } = await Promise.race([answers.next(), holder.then(() => ({ value: undefined }))])
    return value ?? 'unshare ended: this machine or this user may not make a namespace'
  }
  const end = async () => {
    holder.stdin.end()
    await holder
  }
  // Where it may not make a namespace it is gone before it is written to.
  holder.stdin.on('error', () => {})
  const mounted = await run(`mount -t tmpfs -o ${options} tmpfs '${place}'`)
  if (mounted !== 'done') {
    await end()
    return `no file system can be mounted here: ${mounted}`
  }
  return {
    path: place,
    // Not for SQLite, which follows links itself, and so comes out at the place on which nothing is mounted.
    pathFromOutside: `/proc/${holder.pid}/root${place}`,
    inside: ['nsenter', '--preserve-credentials', '-U', '-m', '-t', String(holder.pid), '--'],
    async remount(changed) {
      // Named with its source, or mount adds the owner that it reads of it, who has no name in here.
      const answer = await run(`mount -o 'remount,${changed}' tmpfs '${place}'`)
      if (answer !== 'done') throw new Error(`remount,${changed}: ${answer}`)
    },
    [Symbol.asyncDispose]: end,
  }
}
