import type { WatchedApp } from '../config/config-schema.ts'
import { formatDuration, parseDurationMs } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/** A share of an app's answers that fail, or come late, while a load goes on. */
export interface LoadFault {
  readonly app: string
  /** The answer that is given instead of the app's own; without it the app's own answer comes, later. */
  readonly status?: number | undefined
  readonly latencyMs?: number | undefined
  /** Above 0 and at most 1. */
  readonly rate: number
}

/** The contract of the fault switch: no later answer than this, and no longer fault. */
const latestMs = 60_000
const longestFaultMs = 600_000
/** For the last answers, so that none of them is given after the fault. */
const lastAnswersMs = 60_000

const form = '[app:]latency=300ms@20% or [app:]status=500@16%; without @ every request'

/**
 * Reads `--fault` options. One that names no app is made in each that has a route to break.
 * @throws SignalproofError USAGE_BAD_VALUE, USAGE_UNKNOWN_NAME
 */
export function parseLoadFaults(
  texts: readonly string[],
  apps: readonly WatchedApp[],
  durationMs: number,
): LoadFault[] {
  const faults = texts.flatMap((text) => parseOne(text, apps).map((fault) => ({ text, fault })))
  for (const [index, { text, fault }] of faults.entries()) {
    const other = faults.slice(0, index).find((earlier) => earlier.fault.app === fault.app)
    // The oldest fault of a route decides alone: a second one would do less than it says.
    if (other !== undefined)
      throw badValue(text, 'one fault an app', `${other.text} breaks ${fault.app} already`)
  }
  const longestMs = longestFaultMs - lastAnswersMs
  if (faults.length > 0 && durationMs > longestMs) {
    throw new SignalproofError('USAGE_BAD_VALUE', {
      expected: `a load of at most ${formatDuration(longestMs)} with faults`,
      seen: formatDuration(durationMs),
      where: '--for',
      remedy: 'take a shorter time, or leave --fault out: no fault lasts longer',
    })
  }
  return faults.map(({ fault }) => fault)
}

function parseOne(text: string, apps: readonly WatchedApp[]): LoadFault[] {
  const match = /^(?:([^:=@]+):)?(latency|status)=([^@]*)(?:@(.*))?$/.exec(text)
  if (match === null) throw badValue(text, form, 'something else')
  const [, app, kind, value = '', share] = match
  const rate = share === undefined ? 1 : rateOf(share, text)
  return targetsOf(app, apps, text).map(({ name, faultStatuses }) =>
    kind === 'latency'
      ? { app: name, latencyMs: latencyOf(value, text), rate }
      : { app: name, status: statusOf(value, name, faultStatuses, text), rate },
  )
}

function targetsOf(name: string | undefined, apps: readonly WatchedApp[], text: string): WatchedApp[] {
  const breakable = apps.filter(({ faultRoute }) => faultRoute !== undefined)
  const targets = name === undefined ? breakable : breakable.filter((app) => app.name === name)
  if (targets.length > 0) return targets
  const known = breakable.map((app) => app.name).join(', ')
  throw new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: known === '' ? 'an app with a faultRoute' : `an app with a faultRoute: ${known}`,
    seen: name ?? 'none',
    where: `--fault ${text}`,
    remedy: 'name one of these, or give an app a faultRoute in signalproof.config.ts',
  })
}

function rateOf(share: string, text: string): number {
  const [, number = ''] = /^(\d+(?:\.\d+)?)%$/.exec(share) ?? []
  const rate = Number(number) / 100
  if (number !== '' && rate > 0 && rate <= 1) return rate
  throw badValue(text, 'a share above 0% and at most 100% after the @', share)
}

function latencyOf(value: string, text: string): number {
  const ms = parseDurationMs(value)
  if (ms !== null && Number.isInteger(ms) && ms >= 1 && ms <= latestMs) return ms
  throw badValue(text, `a latency from 1ms to ${formatDuration(latestMs)}`, value)
}

function statusOf(value: string, app: string, statuses: readonly number[], text: string): number {
  if (statuses.map(String).includes(value)) return Number(value)
  throw badValue(text, `a status that ${app} can be made to answer: ${statuses.join(', ')}`, value)
}

const badValue = (text: string, expected: string, seen: string): SignalproofError =>
  new SignalproofError('USAGE_BAD_VALUE', {
    expected,
    seen,
    where: `--fault ${text}`,
    remedy: "write it like --fault latency=300ms@20% or --fault 'available-schedules-go:status=500@16%'",
  })
