import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { findProgram } from './program-path.ts'
import { runTethered } from './tethered-command.ts'

export interface GoRequest {
  /** A folder with a go.mod; its go line says which Go is needed. */
  readonly moduleFolder: string
  readonly environment: NodeJS.ProcessEnv
  /** What can be done without Go, where there is something. */
  readonly otherwise?: string
  readonly signal: AbortSignal | undefined
}

export interface Go {
  readonly program: string
  readonly version: string
}

/**
 * The Go that builds a module: on PATH and new enough, or, where GOTOOLCHAIN lets it, one that Go fetches for itself.
 * @throws SignalproofError TOOL_NO_GO
 */
export async function findGo(request: GoRequest): Promise<Go> {
  const { moduleFolder, environment, otherwise, signal } = request
  const needed = await neededGo(moduleFolder)
  const go = await goOnPath(environment, moduleFolder, signal)
  if (go.version !== undefined && !isOlder(go.version, needed)) return go
  throw new SignalproofError('TOOL_NO_GO', {
    expected: `Go ${needed} or later on PATH`,
    seen: go.version === undefined ? go.seen : `${go.program} is Go ${go.version}`,
    remedy: ['install it (https://go.dev/dl)', otherwise].filter(Boolean).join(', or '),
  })
}

/** The oldest Go that may build the module in a folder: its go.mod says it. */
export async function neededGo(moduleFolder: string): Promise<string> {
  return /^go (\S+)/m.exec(await readFile(join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? '1.21'
}

/** The Go on PATH, whatever its version; why it is none otherwise. In a module's folder Go may fetch another first. */
export async function goOnPath(
  environment: NodeJS.ProcessEnv,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Go | { readonly version: undefined; readonly seen: string }> {
  const program = findProgram('go', environment)
  if (program === undefined) return { version: undefined, seen: 'no go on PATH' }
  const end = await runTethered({ program, args: ['version'], cwd: folder, environment, signal })
  const version = /go version go(\S+)/.exec(end.lastLines.join('\n'))?.[1]
  if (version !== undefined) return { program, version }
  const answer = end.lastLines.at(-1) ?? `status ${end.exitCode}, no output`
  return { version: undefined, seen: `${program}: ${answer}` }
}

export function isOlder(version: string, needed: string): boolean {
  const [seen, wanted] = [numbers(version), numbers(needed)]
  const at = wanted.findIndex((part, index) => part !== (seen[index] ?? 0))
  return at >= 0 && (seen[at] ?? 0) < (wanted[at] ?? 0)
}

const numbers = (version: string) => version.split('.').map((part) => Number.parseInt(part, 10) || 0)
