import { accessSync, constants, existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'

const isFull = (code: unknown) => code === 'ENOSPC' || code === 'EDQUOT'
const closed = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'EIO']

/**
 * Runs work that writes below a folder of ours and turns what the file system refuses into an error with a way out.
 * @throws SignalproofError TOOL_DISK_FULL, TOOL_CACHE
 */
export async function writingTo<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw asCacheError(folder, thrown) ?? thrown
  }
}

/** Writes a file so that it is there whole or as it was before; its folder must be there. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const partial = `${file}.${process.pid}`
  try {
    await writeFile(partial, text)
    await rename(partial, file)
  } catch (thrown) {
    await rm(partial, { force: true })
    throw thrown
  }
}

export function asCacheError(folder: string, thrown: unknown): SignalproofError | undefined {
  const { code = '', message, path } = thrown as NodeJS.ErrnoException
  if (isFull(code)) return diskFull(folder, message)
  // A folder that cannot be made, or that somebody removed while it was written to.
  const isGone = code === 'ENOENT' && path !== undefined && isBelow(path, folder)
  if (!isGone && !closed.includes(code)) return undefined
  return new SignalproofError('TOOL_CACHE', {
    expected: `a folder that can be written: ${folder}`,
    seen: isGone ? (whyClosed(path) ?? message) : message,
    remedy:
      'make it writable (its owner, its permissions, its mount); the cache of components can be elsewhere: SIGNALPROOF_CACHE=/some/folder',
    cause: thrown,
  })
}

/** Node says of a read-only file system that the folder it cannot make is not there; the one above it knows better. */
function whyClosed(path: string): string | undefined {
  const parent = dirname(path)
  if (parent !== path && !existsSync(parent)) return whyClosed(parent)
  try {
    accessSync(parent, constants.W_OK)
    return undefined
  } catch (thrown) {
    return (thrown as Error).message
  }
}

/** Work that writes to a folder may have to make the ones that it lies in first. */
const isBelow = (path: string, folder: string) =>
  `${path}/`.startsWith(`${folder}/`) || `${folder}/`.startsWith(`${path}/`)

export function diskFull(folder: string, seen: string): SignalproofError {
  return new SignalproofError('TOOL_DISK_FULL', {
    expected: `room on the disk of ${folder}`,
    seen,
    remedy:
      'free some space; the cache of components can be on another disk: SIGNALPROOF_CACHE=/some/folder. What is finished is kept',
  })
}

/** The words in which Go, pip, tar and others say that the disk is full. */
export const saysDiskFull = (lines: readonly string[]) =>
  lines.findLast((line) =>
    /no space left on device|disk quota exceeded|wrote only \d+ of \d+ bytes|disk full\?/i.test(line),
  )
