import type { Checksum } from './checksums.ts'
import type { ComponentPin } from './pins.ts'
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
  pin: Pick<ComponentPin, 'version' | 'release'>,
  platform: Platform,
): string {
  const { os, arch } = goPlatform(platform)
  const plain = (template: string) =>
    template.replaceAll('{version}', pin.version).replaceAll('{os}', os).replaceAll('{arch}', arch)
  return plain(text.replaceAll('{file}', plain(pin.release.file)))
}

export const releaseFile = (pin: ComponentPin, platform: Platform) => fillIn(pin.release.file, pin, platform)

export const releaseAddress = (pin: ComponentPin, settings: ToolchainSettings, file: string) =>
  `${settings.releaseHost}/${fillIn(pin.release.folder, pin, settings.platform)}/${file}`

/** How a reader can spare the machine the slow way. */
export const fasterWay = (pin: Pick<ComponentPin, 'name' | 'version'>) =>
  `put ${pin.name} ${pin.version} on PATH or set ${environmentVariable(pin)}`
