/** What every row of the failure matrix stands in: a publisher, a cache and a PATH that the row may break. */
import { appendFile, readdir, rm, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join, relative } from 'node:path'
import { execa } from 'execa'
import type { ErrorCode } from '../core/error-codes.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { componentFolders } from './cache-layout.ts'
import type { ComponentPin } from './component-pin.ts'
import { installPins } from './install-components.ts'
import { findProgram } from './program-path.ts'
import { type SmallDisk, smallDisk } from './small-disk-double.ts'
import {
  archiveOfDouble,
  onlyPrograms,
  pinInCache,
  pinOfDouble,
  publisher,
  settingsIn,
  sha256Of,
  temporaryFolder,
} from './toolchain-doubles.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

export interface World extends AsyncDisposable {
  readonly folder: string
  readonly bin: string
  readonly environment: NodeJS.ProcessEnv
  readonly settings: ToolchainSettings
  readonly disk: SmallDisk | undefined
  /** The release archive, which the pinned checksum is of. */
  archive: Buffer
  answer: (response: ServerResponse) => void
  pin: ComponentPin
  /** Makes the archive anew, around another program, and pins it. */
  publish(script?: string): Promise<void>
  /** What a failed install must not have changed: every file and every empty folder of the cache, but for its locks. */
  leaves(): Promise<string[]>
  /** The only thing that a successful install adds. */
  readonly installed: readonly string[]
}

/**
 * What can go wrong with an installation. Each row breaks one thing in a world where all is well, is told one error
 * with these words, finds nothing half made, mends the thing, and succeeds by the same call.
 */
export interface Failure {
  readonly cause: string
  readonly code: ErrorCode
  readonly says: readonly string[]
  readonly breaks: (world: World) => Promise<unknown> | unknown
  readonly mends: (world: World) => Promise<unknown> | unknown
  /** Mount options of the disk of its own that the cache has to lie on. */
  readonly disk?: string
  /** Go's caches stay, so that the next try goes on. */
  readonly keepsBuildCaches?: true
}

/** The programs that an install itself may need. */
const plainPrograms = ['sh', 'tar', 'gzip', 'cat', 'mkdir', 'chmod', 'dd', 'sleep']

/** A world in which all is well; the reason where it needs a disk of its own and may not have one. */
export async function makeWorld(disk?: string): Promise<World | string> {
  await using undo = new AsyncDisposableStack()
  const { path: folder } = undo.use(await temporaryFolder())
  let own: SmallDisk | undefined
  if (disk !== undefined) {
    const made = await smallDisk(folder, disk)
    if (typeof made === 'string') return made
    own = undo.use(made)
  }
  const bin = await onlyPrograms(join(folder, 'bin'), plainPrograms)
  const temporary = join(folder, 'temporary')
  const environment: NodeJS.ProcessEnv = { PATH: bin, HOME: folder, TMPDIR: temporary }
  await onlyPrograms(temporary, [])
  const server = undo.use(await publisher((_request, response) => world.answer(response)))
  const cacheFromOutside = join(own?.pathFromOutside ?? folder, 'cache')
  const settings = settingsIn(folder, {
    cacheRoot: join(own?.path ?? folder, 'cache'),
    releaseHost: server.address,
    environment,
    silenceLimitMs: 300,
  })
  const { installed } = componentFolders(settings, pinOfDouble)
  const kept = undo.move()
  const world: World = {
    folder,
    bin,
    environment,
    settings,
    disk: own,
    archive: Buffer.alloc(0),
    answer: (response) => void response.end(world.archive),
    pin: pinOfDouble,
    async publish(script) {
      await rm(join(folder, 'archive'), { recursive: true, force: true })
      world.archive = await archiveOfDouble(folder, script)
      await pinInCache({ ...settings, cacheRoot: cacheFromOutside }, sha256Of(world.archive))
    },
    leaves: async () => [...(await leavesOf(cacheFromOutside)), ...(await leavesOf(temporary, 'TMPDIR'))],
    installed: [join(installed, 'alertmanager'), join(installed, 'receipt.json')].map((path) =>
      relative(settings.cacheRoot, path),
    ),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
  await world.publish()
  return world
}

async function leavesOf(root: string, name = ''): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const { size } = await stat(path)
      // What is remembered of a binary of the user's, so that it is not started again.
      if (/^toolchain\/probes\b/.test(relative(root, path))) return []
      const isLock = /^(build-)?lock$/.test(entry.name) && size === 0
      if (isLock) return []
      if (entry.isDirectory()) return (await holdsMoreThanLocks(path)) ? [] : emptyFolder(path)
      return [path]
    }),
  )
  return paths
    .flat()
    .map((path) => join(name, relative(root, path)))
    .toSorted()
}

/** A component's folder, and the ones that it lies in, stay for the sake of its lock. */
const emptyFolder = (path: string) => (path.endsWith('/alertmanager') ? [] : [path])
const holdsMoreThanLocks = async (path: string) =>
  (await readdir(path)).some((name) => !/^(build-)?lock$/.test(name))

export interface Attempt {
  /** The one error; undefined when it succeeded. */
  readonly error: string | undefined
  readonly notes: readonly string[]
  readonly exitStatus: number
  readonly provenance?: string | undefined
}

/** The install as every command enters it; in a process of its own where only that sees the world's disk. */
export async function installByCall(world: World): Promise<Attempt> {
  if (world.disk !== undefined) return await installInside(world, world.disk)
  const notes: string[] = []
  try {
    const [installed] = await installPins([world.pin], {
      settings: { ...world.settings, environment: { ...world.environment } },
      progress: (event) => event.kind === 'note' && notes.push(event.text),
    })
    return { error: undefined, notes, exitStatus: 0, provenance: installed?.provenance }
  } catch (thrown) {
    if (!(thrown instanceof SignalproofError)) throw thrown
    return { error: thrown.message, notes, exitStatus: thrown.exitStatus }
  }
}

async function installInside({ pin, settings }: World, disk: SmallDisk): Promise<Attempt> {
  const module = (name: string) => JSON.stringify(join(import.meta.dirname, name))
  const code = `
    import { installPins } from ${module('install-components.ts')}
    try {
      await installPins([${JSON.stringify(pin)}], { settings: ${JSON.stringify(settings)} })
      console.log(JSON.stringify({ notes: [], exitStatus: 0 }))
    } catch ({ message: error, exitStatus = -1 }) {
      console.log(JSON.stringify({ error, notes: [], exitStatus }))
    }`
  const [program = '', ...before] = disk.inside
  const args = [...before, process.execPath, '--input-type=module-typescript', '-e', code]
  return JSON.parse((await execa(program, args)).stdout)
}

const main = join(import.meta.dirname, '..', 'cli', 'main.ts')

/** The real command, `signalproof toolchain install alertmanager`, as a process that a signal can end. */
export function startCommand(world: World, wrapper: readonly string[] = []) {
  const [program = '', ...args] = [...wrapper, process.execPath, main, 'toolchain', 'install', 'alertmanager']
  return execa(findProgram(program, process.env) ?? program, args, {
    env: {
      SIGNALPROOF_CACHE: world.settings.cacheRoot,
      SIGNALPROOF_RELEASE_MIRROR: world.settings.releaseHost,
      ...world.environment,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
}

/** As installByCall; whatever the process wrote to standard error that looks like an error is one. */
export async function installByCommand(world: World, wrapper?: readonly string[]): Promise<Attempt> {
  const { stderr, exitCode = -1 } = await startCommand(world, wrapper)
  const at = stderr.search(/^[A-Z]+(_[A-Z]+)+: /m)
  const said = at === -1 ? '' : stderr.slice(at)
  return { error: exitCode === 0 ? undefined : said || stderr, notes: [], exitStatus: exitCode }
}

/** What is wrong with the way an error is told; empty when it is one error with all its parts. */
export function wrongWith(error: string, code: ErrorCode): string[] {
  const codes = error.split('\n').filter((line) => /^[A-Z]+(_[A-Z]+)+: /.test(line))
  return [
    ...(codes.length === 1 ? [] : [`${codes.length} errors instead of one`]),
    ...(error.startsWith(`${code}: expected `) ? [] : [`it does not begin with ${code}: expected`]),
    ...[/^ {2}seen: \S/m, /^ {2}try: {2}\S/m].filter((part) => !part.test(error)).map((part) => `no ${part}`),
    ...(/\n\s+at .*\.ts:\d+/.test(error) ? ['a stack trace'] : []),
  ]
}

/** With SIGNALPROOF_FAILURE_TABLE=file.md, each row adds its line to a table for people. */
export async function record(cause: string, attempt: Attempt, after: string): Promise<void> {
  const file = process.env.SIGNALPROOF_FAILURE_TABLE
  if (file === undefined || file === '') return
  const words = (attempt.error ?? `note: ${attempt.notes[0] ?? 'none'}`)
    .split('\n')
    .map((line) => line.trim())
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/signalproof-toolchain-\w+/g, '…')
  await appendFile(file, `| ${cell(cause)} | ${cell(words.slice(0, 3).join('<br>'))} | ${after} |\n`)
}
