import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PreparedImage } from '../../../images/prepared-image.ts'
import { images as references } from '../../../toolchain/images.ts'
import { seedArguments, serverArguments } from './node-arguments.ts'

const images = [
  { name: 'loki', reference: 'l:1' },
  { name: 'pause', reference: 'p:1' },
] as PreparedImage[]

test('the image that holds the namespaces of a pod is named to a node and to whoever fills its seed', () => {
  expect(serverArguments(images)).toContain('--pause-image=p:1')
  expect(seedArguments(images)).toEqual(['seed', '--pause-image=p:1'])
  expect(() => serverArguments([])).toThrow('called pause')
})

test('the node that is built here knows no version of it by itself', () => {
  const scripts = ['arguments.sh', 'container-runtime.sh', 'entrypoint.sh']
  for (const script of scripts)
    expect(readFileSync(join(import.meta.dirname, 'image', script), 'utf8')).not.toContain(
      references.pause.split(':')[0],
    )
})
