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
  const needed = /^go (\S+)/m.exec(await readFile(join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? '1.21'
  const noGo = (seen: string) =>
    new SignalproofError('TOOL_NO_GO', {
      expected: `Go ${needed} or later on PATH`,
      seen,
      remedy: ['install it (https://go.dev/dl)', otherwise].filter(Boolean).join(', or '),
    })
  const program = findProgram('go', environment)
  if (program === undefined) throw noGo('no go on PATH')
  const end = await runTethered({ program, args: ['version'], cwd: moduleFolder, environment, signal })
  const version = /go version go(\S+)/.exec(end.lastLines.join('\n'))?.[1]
  if (version === undefined)
    throw noGo(`${program}: ${end.lastLines.at(-1) ?? `status ${end.exitCode}, no output`}`)
  if (isOlder(version, needed)) throw noGo(`${program} is Go ${version}`)
  return { program, version }
}

function isOlder(version: string, needed: string): boolean {
  const [seen, wanted] = [numbers(version), numbers(needed)]
  const at = wanted.findIndex((part, index) => part !== (seen[index] ?? 0))
  return at >= 0 && (seen[at] ?? 0) < (wanted[at] ?? 0)
}

const numbers = (version: string) => version.split('.').map((part) => Number.parseInt(part, 10) || 0)
