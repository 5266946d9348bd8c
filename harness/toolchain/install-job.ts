import { SignalproofError } from '../core/signalproof-error.ts'
import type { Checksum } from './checksums.ts'
import type { ComponentPin, ReleaseArchive, ReleasedPin } from './component-pin.ts'
import { releaseHost } from './pins.ts'
import { goPlatform, type Platform } from './platforms.ts'
import type { Receipt } from './receipt.ts'
import { environmentVariable } from './resolve-component.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

/** One component on its way into the cache: each way of getting it puts the binaries into `output`, and nothing elsewhere but `work`. */
export interface InstallJob {
  readonly pin: ComponentPin
  readonly settings: ToolchainSettings
  readonly checksums: readonly Checksum[]
  /** Scratch of this job, removed when it ends. */
  readonly work: string
  readonly output: string
  readonly signal: AbortSignal | undefined
  /** What is being done now: a new line of the log. */
  readonly activity: (text: string) => void
  /** How far that is: shown where a line can be replaced. */
  readonly detail: (text: string) => void
}

/** What a way made, for the receipt. */
export type Made = Pick<Receipt, 'provenance' | 'source'>

export function fillIn(
  text: string,
  { version, release }: Pick<ComponentPin, 'version' | 'release'>,
  platform: Platform,
): string {
  const file = release === undefined ? '' : archiveShape(release, platform).file
  const [major = '', minor = ''] = version.split('.')
  const values = Object.entries({ version, major, minor, ...goPlatform(platform) })
  const plain = (template: string) =>
    values.reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, value), template)
  return plain(text.replaceAll('{file}', plain(file)))
}

/** How upstream packs the binary for a platform. */
export const archiveShape = (
  release: ReleaseArchive,
  platform: Platform,
): Pick<ReleaseArchive, 'file' | 'format' | 'members'> =>
  goPlatform(platform).os === 'darwin' ? (release.onMac ?? release) : release

export const releaseFile = (pin: ReleasedPin, platform: Platform) =>
  fillIn(archiveShape(pin.release, platform).file, pin, platform)

/** A mirror has all releases, whichever host upstream publishes them on. */
export function releaseAddress(pin: ReleasedPin, settings: ToolchainSettings, file: string): string {
  const { host = releaseHost, folder } = pin.release
  const from = settings.releaseHost === releaseHost ? host : settings.releaseHost
  return `${from}/${fillIn(folder, pin, settings.platform)}/${file}`
}

/** Some components are run in containers only, and a container's system is Linux. */
export const isMadeFor = ({ platforms }: ComponentPin, platform: Platform) =>
  platforms === undefined || platforms.includes(platform)

export const notMadeFor = (
  { name, version, platforms = [] }: Pick<ComponentPin, 'name' | 'version' | 'platforms'>,
  platform: Platform,
) =>
  new SignalproofError('TOOL_UNAVAILABLE', {
    expected: `${name} ${version} to be made on ${platforms.join(' or ')}: it runs in containers only`,
    seen: platform,
    remedy: 'let a registry be reached, so that images are pulled instead of made here',
  })

/** How a reader can spare the machine the slow way. */
export const fasterWay = (pin: Pick<ComponentPin, 'name' | 'version'>) =>
  `put ${pin.name} ${pin.version} on PATH or set ${environmentVariable(pin)}`
