import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installComponents } from '../toolchain/install-components.ts'
import { filesOf, kustomize } from './kustomize.ts'

const [kubectl] = await installComponents(['kubectl'])
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalproof-kustomize-'))
  write('kustomization.yaml', 'resources: [below, service.yaml]\n')
  write('below/kustomization.yaml', 'resources: [namespace.yaml]\n')
  write('below/namespace.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: one }\n')
  write('service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: two, namespace: one }\n')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}

const built = () => kustomize(kubectl?.location ?? '', root)

test('all objects of a root and of the roots below it', async () => {
  const objects = await built()
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
    'Namespace one',
    'Service two',
  ])
  expect(
    filesOf(root)
      .map((file) => file.slice(root.length + 1))
      .sort(),
  ).toEqual(['below/kustomization.yaml', 'below/namespace.yaml', 'kustomization.yaml', 'service.yaml'])
})

test('what is no YAML is named with file, line and column, however deep', async () => {
  write('below/namespace.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: name: one\n')
  await expect(built()).rejects.toThrow(
    new RegExp(
      String.raw`CONFIG_UNREADABLE: expected valid YAML\n  at:   ${root}/below/namespace.yaml:3:\d+\n`,
    ),
  )
})

test('a file that does not exist is named', async () => {
  write('kustomization.yaml', 'resources: [below, service.yaml, servic.yaml]\n')
  await expect(built()).rejects.toThrow(
    /CONFIG_INVALID: [\s\S]*kustomization\.yaml\n[\s\S]*seen:[\s\S]*servic\.yaml/,
  )
})

test('a root without objects is refused: it would apply nothing and succeed', async () => {
  write('kustomization.yaml', 'namespace: one\nresources: []\n')
  await expect(built()).rejects.toThrow(/CONFIG_INVALID: [\s\S]*seen: /)
})
