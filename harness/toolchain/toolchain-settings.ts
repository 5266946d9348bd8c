import { userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { releaseHost } from './pins.ts'
import { currentPlatform, type Platform } from './platforms.ts'

/** Which Go caches a build uses: our own, removed when all is installed; our own, kept; or the user's, never touched. */
export const goCacheModes = ['own', 'keep', 'user'] as const
export type GoCacheMode = (typeof goCacheModes)[number]

/** Everything the toolchain takes from its surroundings, read once. */
export interface ToolchainSettings {
  readonly platform: Platform
  readonly cacheRoot: string
  /** Scheme and host, and a path where there is one, of the releases' folders. */
  readonly releaseHost: string
  readonly goCaches: GoCacheMode
  readonly environment: NodeJS.ProcessEnv
  /** How long a publisher may stay silent in a download; 20 s where it is not said. */
  readonly silenceLimitMs?: number
  /** How long a binary may take to say its version; 60 s where it is not said. */
  readonly startLimitMs?: number
  /** Nothing is written, not even what spares the next start of a binary. */
  readonly readOnly?: boolean
}

/**
 * SIGNALPROOF_CACHE (else XDG_CACHE_HOME/signalproof, else ~/.cache/signalproof), SIGNALPROOF_RELEASE_MIRROR and
 * SIGNALPROOF_GO_CACHES=own|keep|user.
 * @throws SignalproofError USAGE_BAD_VALUE when one of them cannot be followed; TOOL_CACHE when there is no home folder
 */
export function readToolchainSettings(environment: NodeJS.ProcessEnv = process.env): ToolchainSettings {
  return {
    platform: currentPlatform(),
    cacheRoot: cacheRootOf(environment),
    releaseHost: releaseHostOf(environment),
    goCaches: goCachesOf(environment),
    environment,
  }
}

/** A variable that is set to nothing counts as not set. */
export function setting(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = environment[name]
  return value === undefined || value === '' ? undefined : value
}

function cacheRootOf(environment: NodeJS.ProcessEnv): string {
  const own = setting(environment, 'SIGNALPROOF_CACHE')
  if (own !== undefined && !isAbsolute(own)) {
    throw badValue(
      'SIGNALPROOF_CACHE',
      'an absolute path',
      own,
      'write the whole path, e.g. SIGNALPROOF_CACHE="$PWD/cache"',
    )
  }
  return own ?? join(userCacheFolder(environment), 'signalproof')
}

/** The rule of XDG is that a relative path counts as not set. */
function userCacheFolder(environment: NodeJS.ProcessEnv): string {
  const folder = setting(environment, 'XDG_CACHE_HOME')
  return folder !== undefined && isAbsolute(folder) ? folder : join(homeFolder(environment), '.cache')
}

/** HOME, else what the system knows of this user: in a container that runs under a bare number, nothing. */
function homeFolder(environment: NodeJS.ProcessEnv): string {
  const home = setting(environment, 'HOME')
  if (home !== undefined && isAbsolute(home)) return home
  try {
    const known = userInfo().homedir
    if (isAbsolute(known)) return known
  } catch {}
  throw new SignalproofError('TOOL_CACHE', {
    expected: 'a home folder, below which the cache of components is kept',
    seen: home === undefined ? 'HOME is not set, and the system knows none of this user' : `HOME=${home}`,
    remedy: 'name a folder for the cache: SIGNALPROOF_CACHE=/some/folder',
  })
}

function releaseHostOf(environment: NodeJS.ProcessEnv): string {
  const mirror = setting(environment, 'SIGNALPROOF_RELEASE_MIRROR') ?? releaseHost
  if (!/^https?:$/.test(URL.parse(mirror)?.protocol ?? '')) {
    throw badValue(
      'SIGNALPROOF_RELEASE_MIRROR',
      'an http or https address',
      mirror,
      `leave it unset for ${releaseHost}`,
    )
  }
  return mirror.replace(/\/+$/, '')
}

function goCachesOf(environment: NodeJS.ProcessEnv): GoCacheMode {
  const asked = setting(environment, 'SIGNALPROOF_GO_CACHES') ?? 'own'
  const mode = goCacheModes.find((known) => known === asked)
  if (mode === undefined) {
    throw badValue(
      'SIGNALPROOF_GO_CACHES',
      `one of ${goCacheModes.join(', ')}`,
      asked,
      'leave it unset for own',
    )
  }
  return mode
}

function badValue(name: string, expected: string, seen: string, remedy: string): SignalproofError {
  return new SignalproofError('USAGE_BAD_VALUE', {
    expected,
    seen,
    remedy,
    where: `environment variable ${name}`,
  })
}
