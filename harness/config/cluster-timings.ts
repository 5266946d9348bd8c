import { SignalproofError } from '../core/signalproof-error.ts'
import type { ProfileName } from './config-schema.ts'
import { type DocumentMap, getAtPath, setAtPath } from './document-path.ts'
import { containersOf, type ManifestObject, objectName, podTemplateOf } from './manifest-object.ts'

/**
 * What `fast` makes of the pause before a container's end, in seconds. It outlasts a scrape interval and the time that the
 * ingress takes to look elsewhere, which is 2 s under every profile: Traefik takes in what changed that often.
 */
const fastPauseSeconds: Record<number, number> = { 15: 5 }

/** What `fast` makes of the time for which an autoscaler keeps pods that nothing asks for, in seconds. */
const fastStabilizationSeconds: Record<number, number> = { 300: 30 }

/** Shortens what of the objects follows the stack's intervals, in place. @throws SignalproofError CONFIG_INVALID for a pause that `fast` has no entry for */
export function applyProfileToObjects(profile: ProfileName, objects: readonly ManifestObject[]): void {
  if (profile === 'production') return
  for (const object of objects) {
    const name = objectName(object)
    const template = podTemplateOf(object)
    for (const container of template === undefined ? [] : containersOf(template)) {
      const path = 'lifecycle.preStop.sleep.seconds'
      shorten(container, path, fastPauseSeconds, `${name}, container ${container.name}: ${path}`)
    }
    if (object.kind !== 'HorizontalPodAutoscaler') continue
    const path = 'spec.behavior.scaleDown.stabilizationWindowSeconds'
    shorten(object, path, fastStabilizationSeconds, `${name}: ${path}`)
  }
}

function shorten(holder: object, path: string, table: Record<number, number>, where: string): void {
  const seconds = getAtPath(holder, path)
  if (seconds === undefined) return
  const short = table[Number(seconds)]
  if (short === undefined) throw unknownTime(seconds, table, where)
  setAtPath(holder as DocumentMap, path, short, where)
}

function unknownTime(seconds: unknown, table: Record<number, number>, where: string): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected: `a time that the fast profile has an entry for (${Object.keys(table).join(', ')} s)`,
    seen: `${String(seconds)} s`,
    where,
    remedy: 'use one of these: the fast profile shortens no other. `--profile production` shortens nothing',
  })
}
