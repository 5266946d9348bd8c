import { dirname, join } from 'node:path'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { componentFolders, probesFolder } from './cache-layout.ts'
import { requiredParts } from './collector-manifest.ts'
import type { ComponentPin } from './component-pin.ts'
import { type ComponentName, componentPins } from './pins.ts'
import { findProgram, isExecutableFile } from './program-path.ts'
import { readReceipt } from './receipt.ts'
import { readToolchainSettings, setting, type ToolchainSettings } from './toolchain-settings.ts'
import { fittingVersion, probeBinaryOnce } from './version-probe.ts'

/** A component whose binaries are there and answer with a version that fits. */
export interface ResolvedComponent {
  readonly name: string
  readonly version: string
  /**
   * Where its bits come from, in the words of result.json. A binary that an environment variable or PATH names is the
   * user's: `path`. One in the cache says how it was made, `downloaded` or `built`, however often it is used again.
   */
  readonly provenance: 'path' | 'downloaded' | 'built'
  readonly foundIn: 'environment variable' | 'PATH' | 'cache'
  /** The first binary's whole path. */
  readonly location: string
  /** Every binary's whole path by its name. */
  readonly binaries: Readonly<Record<string, string>>
}

export interface Search {
  readonly found: ResolvedComponent | undefined
  /** What stands on PATH under the component's name and was passed over, with the reason. */
  readonly unfit: readonly string[]
}

/** Where a component was looked for in vain. */
export const describeSearch = ({ unfit }: Search) =>
  [
    ...(unfit.length === 0 ? ['not on PATH'] : unfit.map((reason) => `on PATH: ${reason}`)),
    'not in the cache',
  ].join('; ')

export const environmentVariable = (pin: Pick<ComponentPin, 'name'>) =>
  `SIGNALPROOF_${pin.name.toUpperCase().replaceAll('-', '_')}`

/**
 * A component that is on this machine: by environment variable, PATH or cache. Nothing is fetched or built.
 * @throws SignalproofError TOOL_UNAVAILABLE when it is not there; TOOL_WRONG_VERSION or TOOL_DOES_NOT_RUN when the
 * environment variable names a binary that cannot be used
 */
export async function resolveComponent(
  name: ComponentName,
  settings: ToolchainSettings = readToolchainSettings(),
): Promise<ResolvedComponent> {
  return await resolvePin(componentPins[name], settings)
}

export async function resolvePin(pin: ComponentPin, settings: ToolchainSettings): Promise<ResolvedComponent> {
  const search = await searchComponent(pin, settings)
  if (search.found !== undefined) return search.found
  throw new SignalproofError('TOOL_UNAVAILABLE', {
    expected: `${pin.name} ${pin.version} by ${environmentVariable(pin)}, on PATH or in the cache`,
    seen: describeSearch(search),
    remedy: `signalproof toolchain install ${pin.name}`,
  })
}

/** @throws SignalproofError when the environment variable names a binary that cannot be used */
export async function searchComponent(pin: ComponentPin, settings: ToolchainSettings): Promise<Search> {
  const named = await fromEnvironment(pin, settings)
  if (named !== undefined) return { found: named, unfit: [] }
  const { found, unfit } = await fromPath(pin, settings)
  return { found: found ?? (await fromCache(pin, settings)), unfit }
}

async function fromEnvironment(
  pin: ComponentPin,
  settings: ToolchainSettings,
): Promise<ResolvedComponent | undefined> {
  const variable = environmentVariable(pin)
  const path = setting(settings.environment, variable)
  if (path === undefined) return undefined
  if (!isExecutableFile(path)) {
    throw new SignalproofError('TOOL_DOES_NOT_RUN', {
      expected: `the path of an executable file: ${pin.name} ${pin.version}`,
      seen: path,
      remedy: `correct or unset ${variable}`,
      where: `environment variable ${variable}`,
    })
  }
  try {
    return await usersBinary(pin, path, 'environment variable', settings)
  } catch (thrown) {
    if (!(thrown instanceof SignalproofError)) throw thrown
    throw new SignalproofError(thrown.code, {
      ...thrown.account,
      remedy: `name ${pin.name} ${pin.version} in ${variable}, or unset it to let signalproof install its own`,
      where: `environment variable ${variable}`,
    })
  }
}

async function fromPath(pin: ComponentPin, settings: ToolchainSettings): Promise<Search> {
  const unfit: string[] = []
  for (const name of [pin.binaries[0], ...(pin.aliases ?? [])]) {
    const path = findProgram(name, settings.environment)
    if (path === undefined) continue
    try {
      return { found: await usersBinary(pin, path, 'PATH', settings), unfit }
    } catch (thrown) {
      if (!(thrown instanceof SignalproofError)) throw thrown
      const reason = describeThrown(thrown)
      unfit.push(reason.includes(path) ? reason : `${path}: ${reason}`)
    }
  }
  return { found: undefined, unfit }
}

/** A component of several programs is taken only whole, from one folder, so that their versions are one. */
async function usersBinary(
  pin: ComponentPin,
  path: string,
  foundIn: 'environment variable' | 'PATH',
  settings: ToolchainSettings,
): Promise<ResolvedComponent> {
  const [first, ...others] = pin.binaries
  const binaries: Record<string, string> = { [first]: path }
  for (const name of others) {
    const beside = join(dirname(path), name)
    if (!isExecutableFile(beside)) {
      throw new SignalproofError('TOOL_WRONG_VERSION', {
        expected: `${pin.binaries.join(' and ')} in one folder`,
        seen: `${path} without ${name} beside it`,
        remedy: `put ${name} ${pin.version} beside it`,
      })
    }
    binaries[name] = beside
  }
  const output = await probeBinaryOnce(path, pin.probe, settings, probesFolder(settings))
  const version = fittingVersion(pin, path, output, requiredParts(pin))
  return { name: pin.name, version, provenance: 'path', foundIn, location: path, binaries }
}

async function fromCache(
  pin: ComponentPin,
  settings: ToolchainSettings,
): Promise<ResolvedComponent | undefined> {
  const { installed } = componentFolders(settings, pin)
  const receipt = await readReceipt(installed, pin)
  if (receipt === undefined) return undefined
  const binaries = Object.fromEntries(pin.binaries.map((name) => [name, join(installed, name)]))
  if (!Object.values(binaries).every(isExecutableFile)) return undefined
  const { version, provenance } = receipt
  return {
    name: pin.name,
    version,
    provenance,
    foundIn: 'cache',
    location: join(installed, pin.binaries[0]),
    binaries,
  }
}
