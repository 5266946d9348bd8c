import { defaultRoutes, type Route } from '../routes.ts'

/**
 * What a workload is told from outside. `signalproof load` sets all of it; without it `k6 run load/steady.ts` puts a small
 * load on the ingress of this machine, and each of the names can be given by `-e NAME=value`.
 */
export interface Settings {
  /** The ingress, without a path. */
  readonly url: string
  /** The Host header by which the ingress finds the apps. */
  readonly host: string
  /** The highest rate of the workload, requests a second over all routes. */
  readonly ratePerSecond: number
  readonly durationSeconds: number
  /** How many requests may wait for their answers at once; above it iterations are dropped. */
  readonly maxVirtualUsers: number | undefined
  readonly routes: readonly Route[]
  /** The beginning of every request's id. */
  readonly runId: string
  /** Where the figures are written; none prints k6's own summary. */
  readonly summaryFile: string | undefined
}

/** @param defaultSeconds how long the workload lasts where nothing else is said */
export function readSettings(defaultSeconds: number): Settings {
  return {
    url: (__ENV.LOAD_URL ?? 'http://127.0.0.1').replace(/\/$/, ''),
    host: __ENV.LOAD_HOST ?? 'dev.local',
    ratePerSecond: positive('LOAD_RATE', 20),
    durationSeconds: positive('LOAD_DURATION_SECONDS', defaultSeconds),
    maxVirtualUsers: __ENV.LOAD_MAX_VUS === undefined ? undefined : positive('LOAD_MAX_VUS', 1),
    routes: __ENV.LOAD_ROUTES === undefined ? defaultRoutes : JSON.parse(__ENV.LOAD_ROUTES),
    runId: __ENV.LOAD_RUN_ID ?? 'load',
    summaryFile: __ENV.LOAD_SUMMARY,
  }
}

function positive(name: string, otherwise: number): number {
  const text = __ENV[name]
  const value = text === undefined ? otherwise : Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`${name}: expected a number above 0; seen "${text}"`)
}
