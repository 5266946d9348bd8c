import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { describeThrown } from '../../../core/signalproof-error.ts'
import { memberOfTar } from '../../../images/part-of-tar.ts'
import type { PreparedImage } from '../../../images/prepared-image.ts'
import { nodeFailed } from './node-ends.ts'

/** The name of the volume with this label. */
export const seedName = (digest: string): string => `signalproof-seed-${digest}`

/**
 * What a seed is known by. An app changes with every edit, but then in its last layer alone, which is small and imported
 * beside the node's start; the layers below it, with a whole language in them, change as seldom as a component.
 */
export async function seedDigest(images: readonly PreparedImage[]): Promise<string> {
  const parts = await Promise.all(
    images.map(async ({ reference, digest, tar }) =>
      isOfThisCheckout(reference) ? (await layersOf(tar)).slice(0, -1) : [`${reference} ${digest}`],
    ),
  )
  const named = [...new Set(parts.flat())].sort()
  return createHash('sha256').update(named.join('\n')).digest('hex').slice(0, 12)
}

const isOfThisCheckout = (reference: string) => reference.startsWith('signalproof/')

const tableOfContents = z.tuple([z.object({ Layers: z.array(z.string()) })])

async function layersOf(tar: string): Promise<string[]> {
  try {
    const [image] = tableOfContents.parse(JSON.parse(await text(memberOfTar(tar, 'manifest.json'))))
    return image.Layers
  } catch (thrown) {
    throw nodeFailed(`image tar ${tar} cannot be imported: ${describeThrown(thrown)}`, [], thrown)
  }
}
