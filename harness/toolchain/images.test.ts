import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { images } from './images.ts'

const manifests = join(import.meta.dirname, '..', '..', 'manifests')

test('each image has a tag that says a version', () => {
  for (const reference of Object.values(images))
    expect(reference).toMatch(/:(v?\d+\.\d+\.\d+|main-[0-9a-f]{7})/)
})

test('the manifests name no image of others but those of the table', () => {
  const named = globSync('**/*.yaml', { cwd: manifests }).flatMap((file) =>
    [...readFileSync(join(manifests, file), 'utf8').matchAll(/^\s*(?:- )?image: *['"]?([^\s'"]+)/gm)].map(
      ([, reference]) => reference as string,
    ),
  )
  const ofOthers = named.filter((reference) => !reference.startsWith('signalproof/'))
  expect(ofOthers.length).toBeGreaterThan(0)
  for (const reference of ofOthers) expect(Object.values(images)).toContain(reference)
})
