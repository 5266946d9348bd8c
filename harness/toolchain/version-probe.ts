import { createHash } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa, type Result } from 'execa'
import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'
import { foreignFormat } from './binary-format.ts'
import { replaceFile } from './cache-writing.ts'
import type { ComponentPin } from './component-pin.ts'
import { killGroup } from './tethered-command.ts'

/** A first start may be slow where the system checks a new binary; a binary that needs longer hangs. */
const defaultStartLimitMs = 60_000

/** How a binary is started to learn about it. */
export interface ProbeOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly signal?: AbortSignal | undefined
  readonly startLimitMs?: number | undefined
}

/**
 * Starts a binary once and hands back what it prints about itself.
 * @throws SignalproofError TOOL_DOES_NOT_RUN
 */
export async function probeBinary(
  path: string,
  args: readonly string[],
  { environment, signal, startLimitMs = defaultStartLimitMs }: ProbeOptions,
): Promise<string> {
  signal?.throwIfAborted()
  const child = execa(path, args, {
    env: environment,
    extendEnv: false,
    // A group of its own: a wrapper that hangs is ended with what it started, which would keep our pipe open.
    detached: true,
    stdin: 'ignore',
    all: true,
    reject: false,
  })
  const limit = AbortSignal.timeout(startLimitMs)
  const given = signal === undefined ? limit : AbortSignal.any([signal, limit])
  const giveUp = () => killGroup(child.pid)
  given.addEventListener('abort', giveUp, { once: true })
  const end = await child
  given.removeEventListener('abort', giveUp)
  signal?.throwIfAborted()
  if (!end.failed) return end.all
  throw new SignalproofError('TOOL_DOES_NOT_RUN', {
    expected: `${[path, ...args].join(' ')} to print its version`,
    seen: limit.aborted
      ? `no answer within ${startLimitMs / 1000} s`
      : ((await foreignFormat(path)) ?? describeEnd(end)),
    remedy:
      'is it a binary for this machine, whole, and executable? Remove it or put a working one in its place',
    cause: end,
  })
}

/** How a process ended, with its last line; why there was none. */
function describeEnd({
  originalMessage,
  exitCode,
  signal,
  signalDescription,
  all,
}: Pick<Result, 'originalMessage' | 'exitCode' | 'signal' | 'signalDescription'> & { all: string }): string {
  if (originalMessage !== undefined) return originalMessage
  const lastLine = all.trim().split('\n').at(-1) ?? ''
  const how = signal === undefined ? `exit code ${exitCode}` : `ended by ${signal} (${signalDescription})`
  return lastLine === '' ? how : `${how}: ${lastLine}`
}

/** The version in a program's own words: `loki, version 3.7.8 (branch: ...)`, `version: 0.160.0`, `Version:      3.7.15`. */
export const parseVersion = (output: string): string | undefined =>
  /version:?\s+v?(\d+\.\d+\.\d+[^\s,)]*)/i.exec(output)?.[1]

/** A version fits when it is the pinned one or a later patch of it; a pre-release does not. */
export function versionFits(version: string, pinned: string): boolean {
  const [seen, wanted] = [parts(version), parts(pinned)]
  if (seen === undefined || wanted === undefined || seen.isPreRelease) return false
  return seen.major === wanted.major && seen.minor === wanted.minor && seen.patch >= wanted.patch
}

function parts(version: string) {
  const match = /^(\d+)\.(\d+)\.(\d+)([-~].*)?/.exec(version)
  if (match === null) return undefined
  const [, major, minor, patch, preRelease] = match
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    isPreRelease: preRelease !== undefined,
  }
}

/**
 * The version a binary reports, when it is one that can be used for the component.
 * @throws SignalproofError TOOL_WRONG_VERSION with what it reports or lacks
 */
export function fittingVersion(
  pin: Pick<ComponentPin, 'name' | 'version' | 'reports'>,
  /** Its path, or what else it can be called. */
  binary: string,
  output: string,
  requiredParts: readonly string[],
): string {
  const version = pin.reports?.exec(output)?.[1] ?? parseVersion(output)
  const missing = requiredParts.filter((part) => !output.includes(part))
  if (version !== undefined && versionFits(version, pin.version) && missing.length === 0) return version
  throw new SignalproofError('TOOL_WRONG_VERSION', {
    expected: `${pin.name} ${pin.version} or a later patch of it`,
    seen:
      version === undefined
        ? `${binary}, which reports no version`
        : `${binary}, which reports ${version}${missing.length === 0 ? '' : ` and lacks ${missing.join(', ')}`}`,
    remedy: `put ${pin.name} ${pin.version} there, or let signalproof install its own`,
  })
}

const remembered = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  mtimeMs: z.number(),
  output: z.string(),
})

/** As probeBinary, but a binary that has not changed since is not started again. */
export async function probeBinaryOnce(
  path: string,
  args: readonly string[],
  { readOnly, ...options }: ProbeOptions & { readonly readOnly?: boolean | undefined },
  memoryFolder: string,
): Promise<string> {
  const { size: sizeBytes, mtimeMs } = await stat(path)
  const memoryFile = join(
    memoryFolder,
    `${createHash('sha256').update(path).digest('hex').slice(0, 16)}.json`,
  )
  const memory = await recall(memoryFile)
  if (memory?.path === path && memory.sizeBytes === sizeBytes && memory.mtimeMs === mtimeMs)
    return memory.output
  const output = await probeBinary(path, args, options)
  if (readOnly !== true) await remember(memoryFile, { path, sizeBytes, mtimeMs, output })
  return output
}

async function recall(file: string) {
  try {
    return remembered.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Only saves time, so a cache that cannot be written is no reason to refuse a binary that works. */
async function remember(file: string, memory: z.infer<typeof remembered>): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await replaceFile(file, JSON.stringify(memory))
  } catch {}
}
