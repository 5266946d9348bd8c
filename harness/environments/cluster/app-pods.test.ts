import { expect, test } from 'vitest'
import type { KubeObject, KubeQuery } from '../../kube/kube-object.ts'
import { findAppPods } from './app-pods.ts'
import { appDouble, sectionDouble } from './cluster-section-double.ts'

const { appPods } = sectionDouble({ appPods: { labelSelector: 'app={app}', container: 'main-{app}' } })
const config = { apps: [appDouble('orders')] }

const pod = (name: string, ready: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...more },
  status: { conditions: [{ type: 'Ready', status: ready }] },
})

function apiDouble(pods: readonly KubeObject[]) {
  const asked: KubeQuery[] = []
  const list = async <T extends KubeObject>(query: KubeQuery) => {
    asked.push(query)
    return [...pods] as T[]
  }
  return { list, asked }
}

test('the ready pods of each app are found by its name', async () => {
  const api = apiDouble([
    pod('orders-1', 'False'),
    pod('orders-2', 'True', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    pod('orders-3', 'True'),
  ])
  expect(await findAppPods(api, config, appPods)).toMatchObject([
    { pods: ['orders-3'], container: 'main-orders' },
  ])
  expect(api.asked).toEqual([
    { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', labelSelector: 'app=orders' },
  ])
})

test.each([
  [[], 'no pod'],
  [[pod('orders-1', 'False')], 'orders-1, not ready'],
])('an app without a ready pod is told at its place: %#', async (pods, seen) => {
  await expect(findAppPods(apiDouble(pods), config, appPods)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    account: { seen, where: expect.stringContaining('apps[0] or cluster.appPods.labelSelector') },
  })
})
