import { basename } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { diskFull, saysDiskFull } from './cache-writing.ts'
import type { ReleaseArchive } from './component-pin.ts'
import { findProgram } from './program-path.ts'
import { runTethered } from './tethered-command.ts'

export interface Extraction {
  readonly archive: string
  readonly format: ReleaseArchive['format']
  readonly members: readonly string[]
  readonly into: string
  readonly environment: NodeJS.ProcessEnv
  readonly signal?: AbortSignal | undefined
}

interface Extractor {
  readonly program: string
  readonly args: (extraction: Extraction) => readonly string[]
}

/** The system's own programs, in order of preference: each machine has one of them, and none has to be kept by us. */
const extractors: Record<ReleaseArchive['format'], readonly Extractor[]> = {
  'tar.gz': [
    { program: 'tar', args: ({ archive, members, into }) => ['-xzf', archive, '-C', into, ...members] },
  ],
  zip: [
    { program: 'unzip', args: ({ archive, members, into }) => ['-q', '-o', archive, ...members, '-d', into] },
    { program: 'bsdtar', args: ({ archive, members, into }) => ['-xf', archive, '-C', into, ...members] },
    { program: 'python3', args: ({ archive, into }) => ['-m', 'zipfile', '-e', archive, into] },
  ],
}

/** The first program on PATH that opens such an archive. */
export const findExtractor = (format: ReleaseArchive['format'], environment: NodeJS.ProcessEnv) =>
  extractors[format].find(({ program }) => findProgram(program, environment) !== undefined)

/**
 * Takes the named members out of an archive into a folder that exists.
 * @throws SignalproofError TOOL_UNAVAILABLE when no program can, TOOL_DISK_FULL, TOOL_DOWNLOAD when the archive is not whole
 */
export async function extractMembers(extraction: Extraction): Promise<void> {
  const { archive, format, into, environment, signal } = extraction
  const programs = extractors[format]
  const usable = findExtractor(format, environment)
  if (usable === undefined) {
    const names = programs.map(({ program }) => program)
    throw new SignalproofError('TOOL_UNAVAILABLE', {
      expected: `a program that opens a ${format} file: ${names.join(', ')}`,
      seen: 'none of them on PATH',
      remedy: `install ${names[0]}`,
    })
  }
  const end = await runTethered({
    program: usable.program,
    args: usable.args(extraction),
    cwd: into,
    environment,
    signal,
  })
  if (end.exitCode === 0) return
  const full = saysDiskFull(end.lastLines)
  if (full !== undefined) throw diskFull(into, full)
  throw new SignalproofError('TOOL_DOWNLOAD', {
    expected: `${extraction.members.join(', ')} in ${basename(archive)}`,
    seen: `${usable.program} ended with ${end.exitCode}: ${end.lastLines.slice(-3).join('; ') || 'no output'}`,
    remedy:
      'run the same command again; if it stays so, the archive has another shape than the table of pins says',
  })
}
