import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { diskFull, saysDiskFull, writingTo } from './cache-writing.ts'
import { withLock } from './file-lock.ts'
import { findGo } from './go-toolchain.ts'
import type { InstallProgress } from './install-progress.ts'
import { currentPlatform, goPlatform, type Platform } from './platforms.ts'
import { isExecutableFile } from './program-path.ts'
import { findPython, noPython } from './python-interpreter.ts'
import { type CommandEnd, runTethered } from './tethered-command.ts'

export interface AppOptions {
  readonly signal?: AbortSignal | undefined
  readonly progress?: InstallProgress | undefined
  readonly environment?: NodeJS.ProcessEnv
  /** What the app is to run on, where that is not this machine. */
  readonly platform?: Platform
}

/** A demo app that can be started. */
export interface PreparedApp {
  /** The program to start: the app itself, or the interpreter that runs it. */
  readonly command: string
  /** Of what it was made from; the same digest, the same folder. */
  readonly digest: string
}

export const goApp = 'available-schedules-go'
export const pythonApp = 'available-schedules-python'

/**
 * Compiles the Go app below `<root>/.signalproof/apps`, unless its sources have not changed since.
 * @throws SignalproofError TOOL_NO_GO, TOOL_BUILD_FAILED, TOOL_DISK_FULL, TOOL_CACHE; the signal's reason
 */
export async function prepareGoApp(root: string, options: AppOptions = {}): Promise<PreparedApp> {
  const { environment = process.env, signal, platform = currentPlatform() } = options
  const sources = join(root, 'apps', goApp)
  const { os, arch } = goPlatform(platform)
  return await prepareOnce(
    root,
    goApp,
    await digestOf(sources, (await filesBelow(sources)).filter(isGoInput), platform),
    options,
    {
      command: goApp,
      activity: 'compiling',
      async make(folder) {
        const target = { CGO_ENABLED: '0', GOOS: os, GOARCH: arch }
        const build = { ...environment, ...target, GOWORK: 'off', GOTMPDIR: folder, TMPDIR: folder }
        const go = await findGo({ moduleFolder: sources, environment: build, signal })
        const args = [
          'build',
          '-trimpath',
          '-buildvcs=false',
          '-mod=readonly',
          '-o',
          join(folder, goApp),
          '.',
        ]
        const end = await runTethered({ program: go.program, args, cwd: sources, environment: build, signal })
        if (end.exitCode !== 0) throw failed(folder, 'TOOL_BUILD_FAILED', `go build of ${sources}`, end)
      },
    },
  )
}

/**
 * Makes the Python app's virtual environment from requirements.lock, every file checked against its hash, unless the
 * lock has not changed since. The command is its interpreter; the app itself runs from its sources.
 * @throws SignalproofError TOOL_NO_PYTHON, TOOL_DOWNLOAD, TOOL_DISK_FULL, TOOL_CACHE; the signal's reason
 */
export async function preparePythonApp(root: string, options: AppOptions = {}): Promise<PreparedApp> {
  const { environment = process.env, signal } = options
  const sources = join(root, 'apps', pythonApp)
  const lock = join(sources, 'requirements.lock')
  return await prepareOnce(root, pythonApp, await digestOf(sources, [lock]), options, {
    command: join('bin', 'python'),
    activity: 'installing its requirements',
    async make(folder) {
      const request = { minor: await oldestMinor(sources), purpose: 'for the demo app', environment, signal }
      const python = await findPython(request)
      const run = (program: string, args: readonly string[]) =>
        runTethered({ program, args, cwd: folder, environment: { ...environment, TMPDIR: folder }, signal })
      const made = await run(python, ['-m', 'venv', folder])
      if (made.exitCode !== 0)
        throw noPython(request, `${python} -m venv: ${made.lastLines.at(-1) ?? `status ${made.exitCode}`}`)
      const install = [
        '-m',
        'pip',
        '--no-input',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--require-hashes',
      ]
      const end = await run(join(folder, 'bin', 'python'), [...install, '--requirement', lock])
      if (end.exitCode !== 0) throw failed(folder, 'TOOL_DOWNLOAD', `pip to install ${lock}`, end)
    },
  })
}

interface AppRecipe {
  /** The program, relative to the folder. */
  readonly command: string
  readonly activity: string
  readonly make: (folder: string) => Promise<void>
}

/** So many earlier builds stay, for a kept environment that still runs one; the longest unused go. */
const keptBuilds = 3
const completeMark = '.complete'

/** A folder without the mark, which is written last, is none: it is removed and made anew, by one process at a time. */
async function prepareOnce(
  root: string,
  name: string,
  digest: string,
  { signal, progress = () => {} }: AppOptions,
  { command, activity, make }: AppRecipe,
): Promise<PreparedApp> {
  const home = join(root, '.signalproof', 'apps', name)
  const folder = join(home, digest)
  const prepared = { command: join(folder, command), digest }
  if (await isComplete(folder, prepared.command)) return prepared
  progress({ kind: 'started', components: [{ name, version: digest.slice(0, 8) }] })
  progress({ kind: 'activity', component: name, text: activity })
  await withLock(join(home, 'lock'), { purpose: `making ${name}`, signal }, async () => {
    if (await isComplete(folder, prepared.command)) return
    try {
      await writingTo(home, async () => {
        await rm(folder, { recursive: true, force: true })
        await mkdir(folder, { recursive: true })
        await make(folder)
        await writeFile(join(folder, completeMark), '')
        await removeLongUnused(home)
      })
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true })
      progress({ kind: 'failed', component: name, text: activity })
      throw thrown
    }
  })
  progress({ kind: 'installed', component: name, text: prepared.command })
  return prepared
}

/** The command may be a link out of the folder, to an interpreter that has since been removed. */
async function isComplete(folder: string, command: string): Promise<boolean> {
  if (!isExecutableFile(command)) return false
  const now = new Date()
  return await utimes(join(folder, completeMark), now, now).then(
    () => true,
    () => false,
  )
}

async function removeLongUnused(home: string): Promise<void> {
  const folders = (await readdir(home, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const used = await Promise.all(
    folders.map(async ({ name }) => {
      const mark = await stat(join(home, name, completeMark)).catch(() => undefined)
      return { folder: join(home, name), usedAt: mark?.mtimeMs ?? 0 }
    }),
  )
  const unused = used.toSorted((a, b) => b.usedAt - a.usedAt).slice(keptBuilds)
  for (const { folder } of unused) await rm(folder, { recursive: true, force: true })
}

const isGoInput = (path: string) => !path.endsWith('_test.go') && !path.split('/').includes('testdata')

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function digestOf(
  folder: string,
  files: readonly string[],
  platform: Platform = currentPlatform(),
): Promise<string> {
  const hash = createHash('sha256').update(platform)
  for (const file of files.toSorted()) {
    const content = await readFile(file)
    hash.update(`\0${relative(folder, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 16)
}

function failed(
  folder: string,
  code: 'TOOL_BUILD_FAILED' | 'TOOL_DOWNLOAD',
  what: string,
  { exitCode, lastLines }: CommandEnd,
): SignalproofError {
  const full = saysDiskFull(lastLines)
  if (full !== undefined) return diskFull(folder, full)
  const shown = lastLines.slice(-8).map((line) => `\n        ${line}`)
  return new SignalproofError(code, {
    expected: `${what} to succeed`,
    seen: `status ${exitCode}, and these last lines:${shown.join('')}`,
    remedy: 'correct what these lines name and run the same command again; nothing half made was kept',
  })
}

/** From the app's own `requires-python = ">=3.11"`. */
export async function oldestMinor(sources: string): Promise<number> {
  const project = await readFile(join(sources, 'pyproject.toml'), 'utf8')
  return Number(/^requires-python = ">=3\.(\d+)"$/m.exec(project)?.[1] ?? 0)
}
