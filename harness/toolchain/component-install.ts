import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ErrorCode } from '../core/error-codes.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { componentFolders, stagingPrefix } from './cache-layout.ts'
import { diskFull, writingTo } from './cache-writing.ts'
import type { Checksum } from './checksums.ts'
import { requiredParts } from './collector-manifest.ts'
import type { ComponentPin } from './component-pin.ts'
import { acquireLock, type FileLock, type LockHolder } from './file-lock.ts'
import { markFinished } from './go-build-caches.ts'
import { fasterWay, type InstallJob, type Made } from './install-job.ts'
import type { InstallProgress } from './install-progress.ts'
import { isExecutableFile } from './program-path.ts'
import { writeReceipt } from './receipt.ts'
import { searchComponent } from './resolve-component.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'
import { fittingVersion, probeBinary } from './version-probe.ts'

/** What every component's install of one run shares. */
export interface InstallContext {
  readonly settings: ToolchainSettings
  readonly checksums: readonly Checksum[]
  readonly progress: InstallProgress
  readonly signal: AbortSignal | undefined
}

/** The ways to get a component, in their order; one of the last two follows the first. */
export type Way = 'release archive' | 'wheel' | 'build'

/** The reasons for which the next way is taken: nothing is wrong with this one, only it yields nothing here. */
const closedWay: readonly ErrorCode[] = ['TOOL_UNPINNED', 'TOOL_UNREACHABLE']

/**
 * One component's install: under its lock, in a folder of its own, and there for others by one rename at its end.
 * `open` may wait for another process; `close` leaves nothing but a finished install.
 */
export class ComponentInstall {
  readonly pin: ComponentPin
  readonly job: InstallJob
  /** Set when the component cannot be installed. */
  failure: SignalproofError | undefined
  readonly #context: InstallContext
  readonly #staging: string
  readonly #lock: FileLock
  readonly #closedWays: string[] = []

  private constructor(context: InstallContext, pin: ComponentPin, staging: string, lock: FileLock) {
    this.pin = pin
    this.#context = context
    this.#staging = staging
    this.#lock = lock
    const { settings, checksums, progress, signal } = context
    const component = pin.name
    this.job = {
      pin,
      settings,
      checksums,
      work: join(staging, 'work'),
      output: join(staging, 'output'),
      signal,
      activity: (text) => progress({ kind: 'activity', component, text }),
      detail: (text) => progress({ kind: 'detail', component, text }),
    }
  }

  /** Hands back nothing when, once the lock is free, another process has installed the component. */
  static async open(context: InstallContext, pin: ComponentPin): Promise<ComponentInstall | undefined> {
    const { settings, progress, signal } = context
    const { home, lock: path } = componentFolders(settings, pin)
    const onWait = (holder: LockHolder | undefined) =>
      progress({ kind: 'activity', component: pin.name, text: `waiting for ${describeHolder(holder)}` })
    const lock = await acquireLock(path, { purpose: `installing ${pin.name} ${pin.version}`, signal, onWait })
    try {
      const { found } = await searchComponent(pin, settings)
      if (found !== undefined) {
        progress({ kind: 'installed', component: pin.name, text: `by another process: ${found.location}` })
        lock.release()
        return undefined
      }
      return new ComponentInstall(context, pin, await writingTo(home, () => makeStaging(home)), lock)
    } catch (thrown) {
      lock.release()
      throw thrown
    }
  }

  /** Takes one way; true when it settled the matter, because the component is now installed or has failed for good. */
  async attempt(way: Way, make: () => Promise<Made>): Promise<boolean> {
    const { signal, progress } = this.#context
    const component = this.pin.name
    try {
      await writingTo(this.job.output, async () => this.#accept(way, await make()))
      return true
    } catch (thrown) {
      signal?.throwIfAborted()
      if (!(thrown instanceof SignalproofError)) throw thrown
      const { code, account } = thrown
      if (code === 'TOOL_DISK_FULL')
        return this.#fail(diskFull(this.#context.settings.cacheRoot, account.seen))
      if (way === 'release archive' && closedWay.includes(code)) {
        const note = `${way}: ${code}: expected ${account.expected}, seen: ${account.seen}`
        this.#closedWays.push(note)
        progress({ kind: 'note', component, text: `${note}; ${account.remedy}` })
        return false
      }
      return this.#fail(thrown)
    }
  }

  #fail(error: SignalproofError): true {
    this.failure = this.#withClosedWays(error)
    const text = `${error.code}: ${error.account.seen.split('\n')[0]}`
    this.#context.progress({ kind: 'failed', component: this.pin.name, text })
    return true
  }

  async close(): Promise<void> {
    await rm(this.#staging, { recursive: true, force: true })
    this.#lock.release()
  }

  /** The binary has to answer with the right version before its folder takes the name under which it is found. */
  async #accept(way: Way, made: Made): Promise<void> {
    const { pin, job } = this
    const { settings, progress } = this.#context
    const version = await this.#versionMade(way)
    await writeReceipt(job.output, pin, { version, platform: settings.platform, ...made })
    const { installed } = componentFolders(settings, pin)
    await rm(installed, { recursive: true, force: true })
    await rename(job.output, installed)
    await markFinished(settings, pin)
    progress({
      kind: 'installed',
      component: pin.name,
      text: `${made.provenance}: ${join(installed, pin.binaries[0])}`,
    })
  }

  async #versionMade(way: Way): Promise<string> {
    const { pin, job } = this
    const binary = join(job.output, pin.binaries[0])
    const name = `${pin.name} ${pin.version}`
    try {
      const answer = await probeBinary(binary, pin.probe, { ...this.#context.settings, signal: job.signal })
      return fittingVersion(pin, `the one from its ${way}`, answer, requiredParts(pin))
    } catch (thrown) {
      job.signal?.throwIfAborted()
      if (!(thrown instanceof SignalproofError)) throw thrown
      const { code, account } = thrown
      throw new SignalproofError(code, {
        ...account,
        // Where it stood means nothing to a reader: it is not there any more.
        expected: code === 'TOOL_DOES_NOT_RUN' ? `${name} from its ${way} to start` : account.expected,
        remedy: `it was thrown away; ${fasterWay(pin)}, and report it: it is not what the table of pins says`,
        cause: thrown,
      })
    }
  }

  #withClosedWays(error: SignalproofError): SignalproofError {
    if (this.#closedWays.length === 0) return error
    const seen = [error.account.seen, ...this.#closedWays.map((note) => `before that, ${note}`)].join(
      '\n        ',
    )
    return new SignalproofError(error.code, { ...error.account, seen, cause: error })
  }
}

/** The lock is ours, so a staging folder that is there was left by a process that was killed. */
async function makeStaging(home: string): Promise<string> {
  for (const entry of await readdir(home)) {
    if (entry.startsWith(stagingPrefix)) await rm(join(home, entry), { recursive: true, force: true })
  }
  const staging = await mkdtemp(join(home, stagingPrefix))
  try {
    await requireThatProgramsStart(staging)
    await Promise.all([mkdir(join(staging, 'work')), mkdir(join(staging, 'output'))])
    return staging
  } catch (thrown) {
    await rm(staging, { recursive: true, force: true })
    throw thrown
  }
}

/** Asked before anything is fetched: what is made on a file system that is mounted noexec could never be used. */
async function requireThatProgramsStart(folder: string): Promise<void> {
  const program = join(folder, 'program')
  await writeFile(program, '', { mode: 0o755 })
  if (!isExecutableFile(program)) {
    throw new SignalproofError('TOOL_CACHE', {
      expected: `a folder from which programs may be started: ${dirname(folder)}`,
      seen: 'an executable file in it may not be executed: its file system is mounted noexec',
      remedy:
        'put the cache of components on another file system: SIGNALPROOF_CACHE=/some/folder (mount | grep noexec shows these)',
    })
  }
  await rm(program)
}

const describeHolder = (holder: LockHolder | undefined) =>
  holder === undefined
    ? 'another process that installs it'
    : `process ${holder.pid}, which has been ${holder.purpose} since ${holder.since}`
