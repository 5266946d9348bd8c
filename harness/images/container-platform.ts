import { SignalproofError } from '../core/signalproof-error.ts'
import { currentPlatform, goPlatform, type Platform } from '../toolchain/platforms.ts'

/** What containers on this machine run: Linux, also where a machine of Apple's has it in a virtual one. */
export const containerPlatform = (): Platform =>
  goPlatform(currentPlatform()).arch === 'arm64' ? 'linux-arm64' : 'linux-x64'

export const containerArchitecture = () => goPlatform(containerPlatform()).arch

/**
 * For images that are made of this machine's programs.
 * @throws SignalproofError TOOL_UNAVAILABLE where they are not for Linux
 */
export function requireLinux(what: string, platform: Platform = currentPlatform()): void {
  if (platform.startsWith('linux-')) return
  throw new SignalproofError('TOOL_UNAVAILABLE', {
    expected: `${what} to be pulled, or a machine with Linux to make it on`,
    seen: `${platform}, whose programs no container runs`,
    remedy:
      'check why it cannot be pulled: SIGNALPROOF_IMAGES=pull says so; SIGNALPROOF_IMAGE_REGISTRY names a mirror',
  })
}
