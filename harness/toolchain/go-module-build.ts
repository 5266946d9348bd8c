import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { diskFull, saysDiskFull } from './cache-writing.ts'
import type { GoMainBuild, GoModuleBuild } from './component-pin.ts'
import { goCacheEnvironment, markUnfinished } from './go-build-caches.ts'
import { findGo, type Go } from './go-toolchain.ts'
import { fasterWay, fillIn, type InstallJob, type Made } from './install-job.ts'
import { modulesFolder } from './module-files.ts'
import { type CommandEnd, runTethered } from './tethered-command.ts'

/** A main package with its go.mod and go.sum, and the Go that builds it. */
export interface GoModule {
  readonly folder: string
  readonly go: Go
}

/** A module whose dependencies are all in the module cache, so that it compiles without the network. */
export interface FetchedModule extends GoModule {
  readonly packages: readonly string[]
  readonly tags: readonly string[]
  readonly linkerFlags: readonly string[]
  readonly packageCount: number
  readonly source: string
}

const stripped = ['-s', '-w']

/**
 * Fetches what a component is compiled from; go.mod and go.sum come with us, so Go verifies every module.
 * @throws SignalproofError TOOL_NO_GO, TOOL_DOWNLOAD, TOOL_DISK_FULL
 */
export async function fetchGoModule(
  job: InstallJob,
  build: GoModuleBuild | GoMainBuild,
): Promise<FetchedModule> {
  const { tags = [], linkerFlags = [], variables = {} } = build
  const packages = build.from === 'go-module' ? build.packages : ['.']
  const module = await copyModule(job, job.pin.name)
  const set = Object.entries(variables).flatMap(([variable, value]) => [
    '-X',
    `${variable}=${fillIn(value, job.pin, job.settings.platform)}`,
  ])
  return {
    ...module,
    packages,
    tags,
    linkerFlags: [...stripped, ...linkerFlags, ...set],
    packageCount: await loadPackages(job, module, packages, tags),
    source: describeSource(build),
  }
}

function describeSource(build: GoModuleBuild | GoMainBuild): string {
  const from = build.from === 'go-module' ? build : build.of
  const module = from === undefined ? '' : `Go module ${from.module} ${from.moduleVersion}`
  if (build.from === 'go-module') return module
  return module === '' ? 'a main package of ours' : `a main package of ours on ${module}`
}

/** As fetchGoModule, for the one main package of sources that lie in a folder and know their own version. */
export async function fetchLocalModule(
  job: InstallJob,
  folder: string,
  source: string,
): Promise<FetchedModule> {
  const module = { folder, go: await findGo(goRequest(job, folder)) }
  const packageCount = await loadPackages(job, module, ['.'], [])
  return { ...module, packages: ['.'], tags: [], linkerFlags: stripped, packageCount, source }
}

/** Compiles into the job's output folder. @throws SignalproofError TOOL_BUILD_FAILED, TOOL_DISK_FULL */
export async function compileModule(job: InstallJob, module: FetchedModule): Promise<Made> {
  let compiled = 0
  await compilePackages(job, module, { ...module, into: `${job.output}/` }, (line) => {
    if (/\s/.test(line)) return
    compiled += 1
    job.detail(`${compiled} of at most ${module.packageCount} packages`)
  })
  return { provenance: 'built', source: `${module.source}, compiled by Go ${module.go.version}` }
}

/** From here on the component needs the build caches: there is a Go that will fill them. */
export async function copyModule(job: InstallJob, name: string): Promise<GoModule> {
  const folder = join(job.work, name)
  await cp(join(modulesFolder, name), folder, { recursive: true })
  const go = await findGo(goRequest(job, folder))
  await markUnfinished(job.settings, job.pin)
  return { folder, go }
}

/** Loading the packages fetches exactly the modules they need; `go mod download` would fetch all that go.mod names. */
export async function loadPackages(
  job: InstallJob,
  module: GoModule,
  packages: readonly string[],
  tags: readonly string[],
): Promise<number> {
  let modules = 0
  let count = 0
  const args = ['list', '-deps', '-mod=readonly', '-tags', tags.join(','), ...packages]
  const end = await runGo(job, module, args, (line) => {
    if (line.startsWith('go: downloading ')) job.detail(`${++modules} modules downloaded`)
    else count += 1
  })
  if (end.exitCode !== 0) throw commandFailed(job, 'TOOL_DOWNLOAD', 'the modules', end)
  return count
}

export async function compilePackages(
  job: InstallJob,
  module: GoModule,
  what: {
    packages: readonly string[]
    tags: readonly string[]
    linkerFlags: readonly string[]
    into: string
  },
  onLine?: (line: string) => void,
): Promise<void> {
  const flags = ['-v', '-trimpath', '-buildvcs=false', '-mod=readonly', '-tags', what.tags.join(',')]
  const args = ['build', ...flags, '-ldflags', what.linkerFlags.join(' '), '-o', what.into, ...what.packages]
  const end = await runGo(job, module, args, onLine)
  if (end.exitCode !== 0) throw commandFailed(job, 'TOOL_BUILD_FAILED', what.packages.join(' and '), end)
}

const runGo = (
  job: InstallJob,
  { folder, go }: GoModule,
  args: readonly string[],
  onLine?: (line: string) => void,
) =>
  runTethered({
    program: go.program,
    args,
    cwd: folder,
    environment: buildEnvironment(job),
    signal: job.signal,
    onLine,
  })

const goRequest = (job: InstallJob, moduleFolder: string) => ({
  moduleFolder,
  environment: buildEnvironment(job),
  otherwise: fasterWay(job.pin),
  signal: job.signal,
})

/** GOGC: fewer collections in the compiler take a fifth off its time. GOTMPDIR, TMPDIR: what a build leaves goes with the job. */
export const buildEnvironment = ({ settings, work }: InstallJob): NodeJS.ProcessEnv => ({
  ...settings.environment,
  CGO_ENABLED: '0',
  GOGC: '400',
  GOWORK: 'off',
  GOTMPDIR: work,
  TMPDIR: work,
  ...goCacheEnvironment(settings),
})

export function commandFailed(
  job: InstallJob,
  code: 'TOOL_DOWNLOAD' | 'TOOL_BUILD_FAILED',
  what: string,
  { exitCode, lastLines }: CommandEnd,
): SignalproofError {
  const full = saysDiskFull(lastLines)
  if (full !== undefined) return diskFull(job.work, full)
  const { name, version } = job.pin
  const shown = lastLines.slice(-8).map((line) => `\n        ${line}`)
  return new SignalproofError(code, {
    expected: `Go to ${code === 'TOOL_DOWNLOAD' ? 'fetch' : 'compile'} ${what} for ${name} ${version}`,
    seen: `status ${exitCode}, and these last lines:${shown.join('')}`,
    remedy: `run the same command again: it goes on where it stopped (go env GOPROXY says where modules come from); or ${fasterWay(job.pin)}`,
  })
}
