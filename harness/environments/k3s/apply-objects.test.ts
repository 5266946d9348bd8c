import { expect, test } from 'vitest'
import type { KubeObject, KubeRef } from '../../kube/kube-object.ts'
import { applyObjects, inWaves, removeObsolete } from './apply-objects.ts'

const object = (kind: string, name = kind.toLowerCase()): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'apps' },
})

test('what others need is there first', () => {
  const kinds = [
    'Deployment',
    'Service',
    'PersistentVolumeClaim',
    'ConfigMap',
    'PersistentVolume',
    'Namespace',
  ]
  const waves = inWaves(kinds.map((kind) => object(kind)))
  expect(waves.map((wave) => wave.map(({ kind }) => kind))).toEqual([
    ['PersistentVolume', 'Namespace'],
    ['PersistentVolumeClaim', 'ConfigMap'],
    ['Service'],
    ['Deployment'],
  ])
})

test('a wave begins when the one before is there, and a refusal ends it', async () => {
  const applied: string[] = []
  const api = {
    apply: async <T extends KubeObject>({ kind }: KubeObject): Promise<T> => {
      applied.push(kind)
      if (kind === 'ConfigMap') throw new Error('refused')
      return object(kind) as T
    },
  }
  await expect(
    applyObjects(api, [object('Deployment'), object('ConfigMap'), object('Namespace'), object('Secret')]),
  ).rejects.toThrow('refused')
  expect(applied).toEqual(['Namespace', 'ConfigMap', 'Secret'])
})

test('what is wanted no more is removed', async () => {
  const removed: string[] = []
  const api = {
    remove: async ({ name }: KubeRef) => {
      removed.push(name)
      return true
    },
  }
  const before = ['old', 'kept'].map((name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    namespace: 'apps',
  }))
  await removeObsolete(api, before, [object('ConfigMap', 'kept')])
  expect(removed).toEqual(['old'])
})
