import { SignalproofError } from '../core/signalproof-error.ts'
import { setting } from '../toolchain/toolchain-settings.ts'

/** Where the images of upstream's components come from: what works, their registries, or made here. */
export const imageModes = ['auto', 'pull', 'built'] as const
export type ImageMode = (typeof imageModes)[number]

export interface ImageSettings {
  readonly mode: ImageMode
  /** Asked in the place of every image's own registry, e.g. `registry.example.org/mirror`. */
  readonly mirror: string | undefined
}

/**
 * SIGNALPROOF_IMAGES=auto|pull|built and SIGNALPROOF_IMAGE_REGISTRY.
 * @throws SignalproofError USAGE_BAD_VALUE
 */
export function readImageSettings(environment: NodeJS.ProcessEnv = process.env): ImageSettings {
  return {
    mode: oneOf('SIGNALPROOF_IMAGES', imageModes, environment),
    mirror: mirrorOf(environment),
  }
}

/** SIGNALPROOF_NODE=auto|k3s|built. @throws SignalproofError USAGE_BAD_VALUE */
export const readNodeMode = (environment: NodeJS.ProcessEnv = process.env) =>
  oneOf('SIGNALPROOF_NODE', ['auto', 'k3s', 'built'] as const, environment)

function oneOf<T extends string>(
  name: string,
  known: readonly ['auto', ...T[]],
  environment: NodeJS.ProcessEnv,
): 'auto' | T {
  const asked = setting(environment, name) ?? 'auto'
  const found = known.find((value) => value === asked)
  if (found !== undefined) return found
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: `one of ${known.join(', ')}`,
    seen: asked,
    remedy: 'leave it unset for auto',
    where: `environment variable ${name}`,
  })
}

function mirrorOf(environment: NodeJS.ProcessEnv): string | undefined {
  const mirror = setting(environment, 'SIGNALPROOF_IMAGE_REGISTRY')?.replace(/\/+$/, '')
  if (mirror === undefined || /^(localhost|[\w-]+(\.[\w-]+)+|[\w.-]+:\d+)(\/[a-z0-9._/-]+)?$/.test(mirror))
    return mirror
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected:
      'a registry as in the name of an image, without a scheme: its host, and a path where there is one',
    seen: mirror,
    remedy: 'write it as registry.example.org/mirror or 127.0.0.1:5000',
    where: 'environment variable SIGNALPROOF_IMAGE_REGISTRY',
  })
}
