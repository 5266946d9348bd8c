import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { writingTo } from './cache-writing.ts'
import { type Checksum, checksumFileToWrite, writeChecksums } from './checksums.ts'
import { type ComponentPin, isReleased } from './component-pin.ts'
import { downloadText } from './download.ts'
import { fillIn, releaseAddress, releaseFile } from './install-job.ts'
import { platforms } from './platforms.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

export interface PinResult {
  readonly file: string
  readonly pinned: readonly Checksum[]
  /** Release files for which the publisher states no checksum, with the reason. */
  readonly notStated: readonly string[]
}

/**
 * Fetches the publisher's checksums of a component's release archives, for every platform, and writes them down.
 * @throws SignalproofError TOOL_UNREACHABLE, TOOL_DOWNLOAD; TOOL_UNPINNED when the publisher states none of them
 */
export async function pinChecksums(
  pin: ComponentPin,
  settings: ToolchainSettings,
  { signal, file = checksumFileToWrite(settings) }: { signal?: AbortSignal; file?: string } = {},
): Promise<PinResult> {
  if (!isReleased(pin)) {
    throw new SignalproofError('TOOL_UNPINNED', {
      expected: `a component of which upstream publishes a binary`,
      seen: `${pin.name}, which is always compiled`,
      remedy: `nothing has to be pinned: signalproof toolchain install ${pin.name}`,
    })
  }
  const texts = new Map<string, Promise<string>>()
  const pinned: Checksum[] = []
  const notStated: string[] = []
  for (const platform of platforms) {
    const archive = releaseFile(pin, platform)
    const source = releaseAddress(pin, settings, fillIn(pin.release.checksumFile, pin, platform))
    if (!texts.has(source)) texts.set(source, downloadText(source, signal === undefined ? {} : { signal }))
    try {
      const sha256 = statedChecksum(await (texts.get(source) as Promise<string>), archive)
      if (sha256 === undefined) notStated.push(`${archive}: ${source} has no line for it`)
      else pinned.push({ component: pin.name, version: pin.version, file: archive, sha256, source })
    } catch (thrown) {
      signal?.throwIfAborted()
      notStated.push(`${archive}: ${source}: ${describeThrown(thrown)}`)
    }
  }
  if (pinned.length === 0) {
    throw new SignalproofError('TOOL_UNPINNED', {
      expected: `the publisher's SHA-256 of ${pin.name} ${pin.version}`,
      seen: notStated.join('\n        '),
      remedy:
        'check the connection, or name a mirror of the releases in SIGNALPROOF_RELEASE_MIRROR; nothing was written',
    })
  }
  await writingTo(file, () => writeChecksums(file, pinned))
  return { file, pinned, notStated }
}

/** Reads `<hash>  <file>` lines as sha256sum writes them, and a file of one hash alone. */
export function statedChecksum(text: string, file: string): string | undefined {
  const lines = text.split('\n').map((line) => /^([0-9a-fA-F]{64})(?:\s+[*]?(?:\.\/)?(\S+))?\s*$/.exec(line))
  const stated = lines.flatMap((match) =>
    match === null ? [] : [{ sha256: (match[1] as string).toLowerCase(), name: match[2] }],
  )
  const named = stated.find(({ name }) => name === file)
  if (named !== undefined) return named.sha256
  const [only, ...others] = stated
  return others.length === 0 && only?.name === undefined ? only?.sha256 : undefined
}
