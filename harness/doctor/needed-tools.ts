import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { goApp, oldestMinor, pythonApp } from '../toolchain/app-builds.ts'
import type { ComponentPin } from '../toolchain/component-pin.ts'
import { goOnPath, isOlder, neededGo } from '../toolchain/go-toolchain.ts'
import { modulesFolder } from '../toolchain/module-files.ts'
import { findProgram } from '../toolchain/program-path.ts'
import { askPython, findPython } from '../toolchain/python-interpreter.ts'
import { askWithin, lastLineOf, stuck } from './ask-tool.ts'
import type { Check } from './doctor-report.ts'
import type { Surroundings } from './surroundings.ts'

/** The tools without which `make verify` cannot run: judged by the rules by which the toolchain finds them. */

/** A Go is asked for its own version only: left to itself it may fetch another one to answer. */
const asItIs = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environment,
  GOTOOLCHAIN: 'local',
  GOPROXY: 'off',
})

/** The first Go that fetches a newer one for itself. */
const selfFetchingGo = '1.21'

export interface ToolAnswer {
  readonly check: Check
  /** Whether what needs it can be made. */
  readonly usable: boolean
}

const blocking = (name: string, seen: string, remedy: string): ToolAnswer => ({
  check: { name, area: 'needed', state: 'blocking', seen, remedy },
  usable: false,
})
const ready = (name: string, seen: string): ToolAnswer => ({
  check: { name, area: 'needed', state: 'ready', seen, remedy: null },
  usable: true,
})

/** `compiled` are the components that Go may have to compile, beside the demo app. */
export async function checkGo(
  { environment, projectRoot }: Surroundings,
  compiled: readonly ComponentPin[],
): Promise<ToolAnswer> {
  const needed = await strictestGo(projectRoot, compiled)
  const install = `install Go ${needed} or later: https://go.dev/dl`
  const use =
    compiled.length === 0
      ? 'compiles a demo app'
      : 'compiles a demo app, and components without a release archive'
  const { value: go, ...asked } = await askWithin((signal) => goOnPath(asItIs(environment), '/', signal))
  if (go === undefined) {
    const why = 'why' in asked ? asked.why : ''
    return blocking('Go', `${why}; it ${use}`, `see why go version does not answer, or ${install}`)
  }
  if (go.version === undefined) return blocking('Go', `${go.seen}; it ${use}`, install)
  if (!isOlder(go.version, needed)) return ready('Go', `${go.version}, ${go.program}`)
  const seen = `${go.version}, and ${needed} is needed`
  if (isOlder(go.version, selfFetchingGo)) return blocking('Go', seen, install)
  const chosen = environment.GOTOOLCHAIN ?? (await toolchainSetting(go.program, environment))
  if (!/^auto$|\+auto$/.test(chosen)) return blocking('Go', `${seen}; GOTOOLCHAIN=${chosen}`, install)
  return {
    check: {
      name: 'Go',
      area: 'needed',
      state: 'lacking',
      seen: `${seen}: it fetches that for itself, where a proxy of Go modules is reached`,
      remedy: `nothing, or ${install}`,
    },
    usable: true,
  }
}

async function toolchainSetting(program: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const answer = await lastLineOf(program, ['env', 'GOTOOLCHAIN'], { ...environment, GOPROXY: 'off' })
  return answer.value ?? 'local'
}

/** The demo app's Go, or that of a component that may have to be compiled, whichever is the later. */
async function strictestGo(
  projectRoot: string | undefined,
  compiled: readonly ComponentPin[],
): Promise<string> {
  const folders = compiled.flatMap(({ name, build }) => {
    if (build.from === 'wheel') return []
    const own = join(modulesFolder, name)
    return build.from === 'collector-builder' ? [own, join(modulesFolder, build.builder.name)] : [own]
  })
  const app = projectRoot === undefined ? undefined : join(projectRoot, 'apps', goApp)
  if (app !== undefined && existsSync(join(app, 'go.mod'))) folders.push(app)
  const versions = await Promise.all(folders.map(neededGo))
  return versions.reduce((latest, version) => (isOlder(latest, version) ? version : latest), selfFetchingGo)
}

/** The minor version of Python 3 where no demo app says it. */
const plainMinor = 8

export async function checkPython(
  surroundings: Surroundings,
): Promise<ToolAnswer & { readonly hasPip: boolean }> {
  const { projectRoot } = surroundings
  const environment = { ...surroundings.environment, PYTHONDONTWRITEBYTECODE: '1' }
  const app = projectRoot === undefined ? undefined : join(projectRoot, 'apps', pythonApp)
  const minor =
    app !== undefined && existsSync(join(app, 'pyproject.toml')) ? await oldestMinor(app) : plainMinor
  const install = `install Python 3.${minor} or later with pip and venv (Debian, Ubuntu: python3-pip python3-venv)`
  const answer = await askWithin(async (signal) => {
    const request = { minor, purpose: 'for the demo app', environment, signal }
    const python = await findPython(request)
    return { python, ...(await askPython(python, ['venv', 'ensurepip', 'pip'], request)) }
  })
  if (answer.value === undefined)
    return {
      ...blocking(
        'Python',
        `${answer.why}; it runs a demo app`,
        answer.why === stuck ? `see why python3 --version does not answer, or ${install}` : install,
      ),
      hasPip: false,
    }
  const { python, version, missing } = answer.value
  const hasPip = !missing.includes('pip')
  if (missing.length > 0) {
    const seen = `${version}, ${python}, without ${missing.join(', ')}`
    return { ...blocking('Python', seen, install), hasPip }
  }
  return { ...ready('Python', `${version} with pip and venv, ${python}`), hasPip }
}

export function checkNode({ nodeVersion, neededNode }: Surroundings): Check {
  return Number.parseInt(nodeVersion, 10) >= neededNode
    ? ready('Node.js', nodeVersion).check
    : blocking(
        'Node.js',
        `${nodeVersion}, and ${neededNode} is needed`,
        `install Node.js ${neededNode}: https://nodejs.org (on Linux npm ci brings it)`,
      ).check
}

export function checkNpm({ environment }: Surroundings): Check {
  const npm = findProgram('npm', environment)
  return npm === undefined
    ? blocking(
        'npm',
        'no npm on PATH; it starts every command of a clone',
        'install Node.js with npm: https://nodejs.org',
      ).check
    : ready('npm', npm).check
}

export function checkProject({ projectRoot }: Surroundings): Check {
  return projectRoot === undefined
    ? blocking(
        'project',
        'no signalproof.config.ts here or in a folder above',
        'run it inside a project that has one',
      ).check
    : ready('project', projectRoot).check
}
