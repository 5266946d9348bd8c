import { SignalproofError } from '../core/signalproof-error.ts'

const isFull = (code: unknown) => code === 'ENOSPC' || code === 'EDQUOT'
const isClosed = (code: unknown) =>
  code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST'

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

export function asCacheError(folder: string, thrown: unknown): SignalproofError | undefined {
  const { code, message } = thrown as NodeJS.ErrnoException
  if (isFull(code)) return diskFull(folder, message)
  if (!isClosed(code)) return undefined
  return new SignalproofError('TOOL_CACHE', {
    expected: `a folder that can be written: ${folder}`,
    seen: message,
    remedy:
      'correct its owner and permissions; the cache of components can be elsewhere: SIGNALPROOF_CACHE=/some/folder',
    cause: thrown,
  })
}

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
