import { SignalproofError } from '../core/signalproof-error.ts'

/** The machines the toolchain has pins for, named as Node names them. */
export const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'] as const
export type Platform = (typeof platforms)[number]

/** The same machine in the names that Go, and with it every upstream release here, uses. */
export interface GoPlatform {
  readonly os: 'linux' | 'darwin'
  readonly arch: 'amd64' | 'arm64'
}

const goPlatforms: Record<Platform, GoPlatform> = {
  'linux-x64': { os: 'linux', arch: 'amd64' },
  'linux-arm64': { os: 'linux', arch: 'arm64' },
  'darwin-arm64': { os: 'darwin', arch: 'arm64' },
  'darwin-x64': { os: 'darwin', arch: 'amd64' },
}

export const goPlatform = (platform: Platform): GoPlatform => goPlatforms[platform]

/**
 * The platform this process runs on.
 * @throws SignalproofError TOOL_UNAVAILABLE on a machine the table has no row for
 */
export function currentPlatform(name = `${process.platform}-${process.arch}`): Platform {
  const known = platforms.find((platform) => platform === name)
  if (known !== undefined) return known
  throw new SignalproofError('TOOL_UNAVAILABLE', {
    expected: `one of the platforms ${platforms.join(', ')}`,
    seen: name,
    remedy: 'run signalproof on Linux or macOS (on Windows: in WSL 2), on x64 or arm64',
  })
}
