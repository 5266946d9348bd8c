import { existsSync } from 'node:fs'
import { SignalproofError } from '../core/signalproof-error.ts'
import { diskFull, saysDiskFull } from './cache-writing.ts'
import { treeTimeSeconds } from './debian-recipes.ts'
import { findProgram } from './program-path.ts'
import type { CommandEnd } from './tethered-command.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

/** What making a root file system takes of this machine. */
export interface DebianTools {
  readonly debootstrap: string
  /** The keys of Debian's archive, by which the packages are verified. */
  readonly keyring: string
  /** For everything that is started. */
  readonly environment: NodeJS.ProcessEnv
}

const debianKeyrings = ['pgp', 'gpg'].map((type) => `/usr/share/keyrings/debian-archive-keyring.${type}`)
const otherwise = 'let a registry be reached, so that images are pulled instead of made here'

/** Who asks, and where the system has its own things: said by tests only. */
export interface Privileges {
  readonly userId?: number | undefined
  readonly keyrings?: readonly string[]
  readonly systemPath?: string
}

/** @throws SignalproofError TOOL_UNAVAILABLE with the first thing that is missing */
export function requireDebianTools(
  purpose: string,
  { environment, cacheRoot }: ToolchainSettings,
  { userId = process.getuid?.(), keyrings = debianKeyrings, systemPath = '/usr/sbin:/sbin' }: Privileges = {},
): DebianTools {
  const missing = (expected: string, seen: string, remedy: string) =>
    new SignalproofError('TOOL_UNAVAILABLE', {
      expected: `${expected}, to make the root file system of ${purpose}`,
      seen,
      remedy: `${remedy}; or ${otherwise}`,
    })
  // Where a user's PATH does not have the folders of the system's programs, they are there nevertheless.
  const PATH = [environment.PATH, systemPath].filter(Boolean).join(':')
  const debootstrap = findProgram('debootstrap', { PATH })
  if (debootstrap === undefined)
    throw missing(
      'debootstrap',
      'none on PATH',
      'install debootstrap (Debian, Ubuntu: apt-get install debootstrap)',
    )
  const keyring = keyrings.find((file) => existsSync(file))
  if (keyring === undefined)
    throw missing(
      "the keys of Debian's archive",
      `none at ${keyrings.join(' or ')}`,
      'install debian-archive-keyring',
    )
  if (userId !== 0)
    throw missing(
      'to be root',
      `user ${userId ?? 'unknown'}`,
      `run it once as root, into this cache: sudo SIGNALPROOF_CACHE=${cacheRoot} signalproof toolchain trees`,
    )
  return {
    debootstrap,
    keyring,
    environment: {
      ...environment,
      PATH,
      DEBIAN_FRONTEND: 'noninteractive',
      PYTHONHASHSEED: '0',
      SOURCE_DATE_EPOCH: `${treeTimeSeconds}`,
      TZ: 'UTC',
    },
  }
}

/** What went wrong, by the words in which debootstrap says it. */
export function treeFailed(
  purpose: string,
  command: readonly string[],
  { exitCode, lastLines }: CommandEnd,
  cacheRoot: string,
): SignalproofError {
  const full = saysDiskFull(lastLines)
  if (full !== undefined) return diskFull(cacheRoot, full)
  const errors = lastLines.filter((line) => /^(E|W):/.test(line))
  const said = errors.length > 0 ? errors : lastLines
  const program = command.find((word) => word.endsWith('debootstrap')) ?? command[0]
  const account = {
    expected: `${program} to make the root file system of ${purpose}`,
    seen: `status ${exitCode}: ${said.slice(-5).join('\n        ') || 'no output'}`,
  }
  const says = (pattern: RegExp) => said.some((line) => pattern.test(line))
  if (says(/unknown key|invalid (release )?signature|was corrupt|checksum/i))
    return new SignalproofError('TOOL_CHECKSUM', {
      ...account,
      remedy: `something between here and the mirror changes packages: name another mirror in SIGNALPROOF_DEBIAN_MIRROR; or ${otherwise}`,
    })
  if (says(/failed getting release|couldn't download|invalid release file|no such script/i))
    return new SignalproofError('TOOL_UNREACHABLE', {
      ...account,
      remedy: `name a mirror of Debian that is reached: SIGNALPROOF_DEBIAN_MIRROR=http://host/debian; or ${otherwise}`,
    })
  return new SignalproofError('TOOL_BUILD_FAILED', {
    ...account,
    remedy: `run the same command again; it starts anew, nothing half made was kept; or ${otherwise}`,
  })
}
