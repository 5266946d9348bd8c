import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { pause } from '../core/eventually.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { writingTo } from './cache-writing.ts'

const holder = z.object({ pid: z.number(), purpose: z.string(), since: z.string() })

/** Who holds a lock, for people to read; the lock itself does not depend on it. */
export type LockHolder = z.infer<typeof holder>

export interface LockOptions {
  /** What the holder does, e.g. `installing loki 3.7.8`. */
  readonly purpose: string
  readonly signal?: AbortSignal | undefined
  /** Called once, when the lock is another's. */
  readonly onWait?: ((holder: LockHolder | undefined) => void) | undefined
}

export interface FileLock {
  /** May be called again. */
  release(): void
}

const lookEveryMs = 100

/**
 * Takes a lock that one holder has at a time, among processes and within one, and waits for it without end.
 * It is the operating system's lock on a file, taken by way of SQLite since Node offers none of its own: it is freed
 * when its holder ends in whatever way, so there is no stale lock to find. The file stays; deleting it would race.
 * @throws the signal's reason; SignalproofError TOOL_CACHE
 */
export async function acquireLock(path: string, { purpose, signal, onWait }: LockOptions): Promise<FileLock> {
  const holderFile = `${path}.holder.json`
  let said = false
  for (;;) {
    signal?.throwIfAborted()
    const database = await writingTo(dirname(path), async () => tryLock(path, holderFile, purpose))
    if (database !== undefined) {
      return {
        release() {
          if (!database.isOpen) return
          rmSync(holderFile, { force: true })
          database.close()
        },
      }
    }
    if (!said) onWait?.(readHolder(holderFile))
    said = true
    await pause(lookEveryMs, signal)
  }
}

export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(path, options)
  try {
    return await work()
  } finally {
    lock.release()
  }
}

function tryLock(path: string, holderFile: string, purpose: string): DatabaseSync | undefined {
  mkdirSync(dirname(path), { recursive: true })
  // Made by hand first, so that a folder that cannot be written says so in the file system's own words.
  writeFileSync(path, '', { flag: 'a' })
  const database = openDatabase(path)
  try {
    // Nothing is ever written to it, so it needs no journal beside it.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    const self: LockHolder = { pid: process.pid, purpose, since: new Date().toISOString() }
    writeFileSync(holderFile, JSON.stringify(self))
    return database
  } catch (thrown) {
    if (isBusy(thrown)) {
      database.close()
      return undefined
    }
    // The lock is ours, so a holder file that the disk had no room for is, too.
    rmSync(holderFile, { force: true })
    database.close()
    throw asLockError(path, thrown)
  }
}

function openDatabase(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 })
  } catch (thrown) {
    throw asLockError(path, thrown)
  }
}

/** What SQLite says of a file system that knows no locks, as some network disks do. */
function asLockError(path: string, thrown: unknown): unknown {
  const { code, message } = thrown as NodeJS.ErrnoException
  if (code !== 'ERR_SQLITE_ERROR') return thrown
  return new SignalproofError('TOOL_CACHE', {
    expected: `a folder in which a file can be locked: ${path}`,
    seen: message,
    remedy: 'put the cache of components on a disk of this machine: SIGNALPROOF_CACHE=/some/folder',
    cause: thrown,
  })
}

const sqliteBusy = 5
const isBusy = (thrown: unknown) => (thrown as { errcode?: number }).errcode === sqliteBusy

function readHolder(holderFile: string): LockHolder | undefined {
  try {
    return holder.parse(JSON.parse(readFileSync(holderFile, 'utf8')))
  } catch {
    return undefined
  }
}
