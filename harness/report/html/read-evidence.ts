import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { RunResult } from '../run-result.ts'
import type { EvidenceFile } from './report-input.ts'

/** Of one file, and of all files together: the page stays small, and the folder has the rest. */
export const evidenceBounds = { fileBytes: 16_384, totalBytes: 400_000 } as const

/**
 * The begins of the files that claims kept, those of broken claims first: where the room ends, it ends at proven ones.
 * They were redacted when they were kept.
 */
export function readEvidence(
  folder: string,
  { claims, firstBroken }: Pick<RunResult, 'claims' | 'firstBroken'>,
): EvidenceFile[] {
  const rank = ({ id, verdict }: RunResult['claims'][number]) =>
    id === firstBroken ? 0 : verdict === 'broken' ? 1 : 2
  let leftBytes: number = evidenceBounds.totalBytes
  return claims
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap(({ id, evidence = [] }) =>
      evidence.map((path) => {
        const file = readBegin(folder, path, Math.min(evidenceBounds.fileBytes, leftBytes))
        leftBytes -= file.text === null ? 0 : Buffer.byteLength(file.text)
        return { claim: id, path, ...file }
      }),
    )
}

const absent = { sizeBytes: 0, text: null, leftOutBytes: 0 }

function readBegin(
  folder: string,
  path: string,
  mostBytes: number,
): Pick<EvidenceFile, 'sizeBytes' | 'text' | 'leftOutBytes'> {
  const file = resolve(folder, path)
  // A path of a result that somebody else wrote leads nowhere else.
  if (relative(folder, file).startsWith('..')) return absent
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() !== true) return absent
  const sizeBytes = found.size
  if (mostBytes <= 0) return { sizeBytes, text: null, leftOutBytes: sizeBytes }
  const begin = Buffer.alloc(Math.min(sizeBytes, mostBytes))
  const descriptor = openSync(file, 'r')
  try {
    const read = readSync(descriptor, begin, 0, begin.length, 0)
    const whole = wholeCharacters(begin.subarray(0, read), sizeBytes)
    return { sizeBytes, text: whole.toString('utf8'), leftOutBytes: sizeBytes - whole.length }
  } finally {
    closeSync(descriptor)
  }
}

/** Ends before a character of which the bound left out a part. */
function wholeCharacters(bytes: Buffer, sizeBytes: number): Buffer {
  if (bytes.length === sizeBytes) return bytes
  let end = bytes.length
  while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1
  const lead = bytes[end - 1] ?? 0
  const isCut = lead >= 0xc0 && bytes.length - end + 1 < (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2)
  return isCut ? bytes.subarray(0, end - 1) : bytes
}
