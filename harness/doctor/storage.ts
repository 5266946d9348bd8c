import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describeThrown } from '../core/signalproof-error.ts'
import { freeMegabytesAt, gigabytes } from '../toolchain/go-build-caches.ts'
import type { Check, Cost } from './doctor-report.ts'
import type { Surroundings } from './surroundings.ts'

/** Whether the cache of components can be written, asked without writing: the nearest folder that is there decides. */
export function checkCacheFolder({ settings }: Surroundings): Check {
  const { cacheRoot } = settings
  const there = nearestThere(cacheRoot)
  const remedy = 'make it writable, or name another folder: SIGNALPROOF_CACHE=/some/folder'
  try {
    if (!statSync(there).isDirectory()) throw new Error(`${there} is not a folder`)
    accessSync(there, constants.W_OK | constants.X_OK)
    const seen = there === cacheRoot ? cacheRoot : `${cacheRoot}, not there yet`
    return { name: 'cache folder', area: 'needed', state: 'ready', seen, remedy: null }
  } catch (thrown) {
    const seen = `${cacheRoot}: ${describeThrown(thrown)}`
    return { name: 'cache folder', area: 'needed', state: 'blocking', seen, remedy }
  }
}

const nearestThere = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : nearestThere(dirname(path))

export async function checkDisk(
  { settings }: Surroundings,
  cost: Omit<Cost, 'freeMegabytes'>,
): Promise<{ check: Check; freeMegabytes: number }> {
  const free = await freeMegabytesAt(settings.cacheRoot)
  const least = cost.atLeastMegabytes + cost.installedMegabytes
  const most = cost.atMostMegabytes + cost.installedMegabytes
  const wants =
    most === 0
      ? 'nothing more is needed'
      : `${most === least ? '' : `${gigabytes(least)} to `}${gigabytes(most)} needed, ${gigabytes(cost.installedMegabytes)} of it for good`
  const seen = `${gigabytes(free)} free for the cache; ${wants}`
  const remedy = 'free some space, or put the cache on another disk: SIGNALPROOF_CACHE=/some/folder'
  const state = free >= most ? 'ready' : free >= least ? 'lacking' : 'blocking'
  return {
    check: { name: 'disk', area: 'needed', state, seen, remedy: state === 'ready' ? null : remedy },
    freeMegabytes: free,
  }
}
