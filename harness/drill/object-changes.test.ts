import { expect, test } from 'vitest'
import type { KubeRef } from '../kube/kube-object.ts'
import type { MutableObject } from './cluster-mutants.ts'
import { changeObjects } from './object-changes.ts'

const service: KubeRef = { apiVersion: 'v1', kind: 'Service', namespace: 'apps', name: 'go' }
const ingress: KubeRef = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  namespace: 'apps',
  name: 'apps',
}

function apiDouble(refuse?: string) {
  const written: { method: string; path: string; body?: unknown }[] = []
  const api = {
    get: async ({ apiVersion, kind, namespace, name }: KubeRef) =>
      ({
        apiVersion,
        kind,
        metadata: { name, namespace, resourceVersion: '7', uid: 'u', managedFields: [] },
        spec: { value: 'as it was' },
      }) as unknown as MutableObject,
    raw: async (method: string, path: string, { body }: { body?: unknown } = {}) => {
      written.push({ method, path, body })
      return { status: path === refuse ? 422 : 200, data: { message: 'no' } }
    },
    remove: async ({ name }: KubeRef) => {
      written.push({ method: 'DELETE', path: name })
      return true
    },
  }
  return { api: api as unknown as Parameters<typeof changeObjects>[0], written }
}
const change = (object: MutableObject) => {
  object.spec.value = 'changed'
}

test('writes the changed objects whole, and puts back what was there, the last one first', async () => {
  const { api, written } = apiDouble()
  const undo = await changeObjects(api, [
    { ref: service, change },
    { ref: ingress, change: null },
  ])
  await undo()
  expect(written.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PUT /api/v1/namespaces/apps/services/go',
    'DELETE apps',
    'POST /apis/networking.k8s.io/v1/namespaces/apps/ingresses',
    'PUT /api/v1/namespaces/apps/services/go',
  ])
  expect(written[0]?.body).toMatchObject({ spec: { value: 'changed' } })
  expect(written.at(-1)?.body).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'go', namespace: 'apps' },
    spec: { value: 'as it was' },
  })
})

test('an undo is done once', async () => {
  const { api, written } = apiDouble()
  const undo = await changeObjects(api, [{ ref: service, change }])
  await undo()
  await undo()
  expect(written).toHaveLength(2)
})

test('a change that changes nothing is refused', async () => {
  const { api, written } = apiDouble()
  await expect(changeObjects(api, [{ ref: service, change: () => {} }])).rejects.toMatchObject({
    account: { expected: 'the mutant to change Service apps/go' },
  })
  expect(written).toEqual([])
})

test('what was changed before a refusal is put back', async () => {
  const { api, written } = apiDouble('/apis/networking.k8s.io/v1/namespaces/apps/ingresses/apps')
  await expect(
    changeObjects(api, [
      { ref: service, change },
      { ref: ingress, change },
    ]),
  ).rejects.toMatchObject({ code: 'KUBE_REFUSED' })
  expect(written.at(-1)).toMatchObject({
    method: 'PUT',
    path: '/api/v1/namespaces/apps/services/go',
    body: { spec: { value: 'as it was' } },
  })
})
