import { getAtPath } from '../config/document-path.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/**
 * A duration of a parsed configuration, in milliseconds; a number is taken for milliseconds.
 * @param what whose configuration it is, for the message
 * @param fallback the component's own default, where the setting is left out
 * @throws SignalproofError CONFIG_INVALID naming the setting that is no duration
 */
export function durationMs(document: unknown, path: string, what: string, fallback: string | number): number {
  const value = getAtPath(document, path) ?? fallback
  const ms = typeof value === 'number' ? value : parseDurationMs(String(value))
  if (ms !== null && Number.isFinite(ms)) return ms
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'a duration such as 250ms or 1m',
    seen: JSON.stringify(value),
    where: `${what}: ${path}`,
    remedy: 'correct the duration in the configuration',
  })
}
