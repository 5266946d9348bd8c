import { SignalproofError } from '../core/signalproof-error.ts'
import { findProgram } from './program-path.ts'
import { runTethered } from './tethered-command.ts'

export interface PythonRequest {
  /** The oldest minor version of Python 3 that will do. */
  readonly minor: number
  readonly purpose: string
  /** What can be done without Python, where there is something. */
  readonly otherwise?: string
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal | undefined
}

/** Where `python3` is too old, a newer one may stand beside it under its own name. */
const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11']

/**
 * The first Python on PATH that is new enough, with its whole path.
 * @throws SignalproofError TOOL_NO_PYTHON
 */
export async function findPython(request: PythonRequest): Promise<string> {
  const { minor, environment, signal } = request
  const seen: string[] = []
  for (const name of names) {
    const program = findProgram(name, environment)
    if (program === undefined) continue
    const end = await runTethered({ program, args: ['--version'], cwd: '/', environment, signal })
    const answer = end.lastLines.at(-1) ?? `status ${end.exitCode}`
    if (Number(/^Python 3\.(\d+)/.exec(answer)?.[1] ?? -1) >= minor) return program
    seen.push(`${program}: ${answer}`)
  }
  throw noPython(request, seen.length === 0 ? 'no python3 on PATH' : seen.join('; '))
}

export const noPython = ({ minor, purpose, otherwise }: PythonRequest, seen: string) =>
  new SignalproofError('TOOL_NO_PYTHON', {
    expected: `Python 3.${minor} or later with pip and venv, ${purpose}`,
    seen,
    remedy: ['install it (on Debian and Ubuntu: python3-pip and python3-venv)', otherwise]
      .filter(Boolean)
      .join(', or '),
  })

export interface PythonFacts {
  readonly version: string
  /** Of the modules that were asked for, those that it does not have. */
  readonly missing: readonly string[]
}

/** What a Python says of itself. @throws Error with its last line when it does not answer */
export async function askPython(
  python: string,
  modules: readonly string[],
  { environment, signal }: Pick<PythonRequest, 'environment' | 'signal'>,
): Promise<PythonFacts> {
  const code =
    'import importlib.util as u, platform, sys; print("python", platform.python_version(), *filter(u.find_spec, sys.argv[1:]))'
  const args = ['-B', '-c', code, ...modules]
  const { lastLines } = await runTethered({ program: python, args, cwd: '/', environment, signal })
  const [name, version, ...has] = lastLines.at(-1)?.split(' ') ?? []
  if (name !== 'python' || version === undefined)
    throw new Error(`${python}: ${lastLines.at(-1) ?? 'no output'}`)
  return { version, missing: modules.filter((module) => !has.includes(module)) }
}
