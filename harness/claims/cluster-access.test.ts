import { expect, test } from 'vitest'
import {
  accountOf,
  excessAccess,
  isAllowed,
  neededAccess,
  reviewObject,
  writeReview,
} from './cluster-access.ts'
import { podDouble } from './cluster-doubles.ts'

const needed = (component: string, collector: unknown = {}) =>
  neededAccess('apps', collector)
    .find((one) => one.component === component)
    ?.reviews.map(writeReview)

test('the collector has to read pods where its configuration looks for them', () => {
  expect(needed('collector')).toEqual(['list pods of the whole cluster', 'watch pods of the whole cluster'])
  expect(needed('collector', { processors: { k8s_attributes: { filter: { namespace: 'apps' } } } })).toEqual([
    'list pods in apps',
    'watch pods in apps',
  ])
})

test('metrics-server has to read the metrics of nodes', () => {
  expect(needed('metrics-server')).toContain('get nodes/metrics of the whole cluster')
})

test('no account may read secrets, make pods or change workloads; the ingress reads certificates', () => {
  expect(excessAccess('loki', ['apps']).map(writeReview)).toEqual([
    'list secrets in apps',
    'create pods in apps',
    'create pods/exec in apps',
    'patch deployments in apps',
  ])
  expect(excessAccess('traefik', ['apps']).map(writeReview)).not.toContain('list secrets in apps')
})

test('the account is that of a pod that lives', () => {
  const pod = podDouble('collector', { spec: { serviceAccountName: 'reader' } })
  expect(accountOf('collector', [pod])).toBe('system:serviceaccount:apps:reader')
  expect(accountOf('loki', [pod])).toBeUndefined()
  const leaving = podDouble('collector', { metadata: { deletionTimestamp: 'now' } })
  expect(accountOf('collector', [leaving])).toBeUndefined()
})

test('asks for the account with the groups that it has', () => {
  const [review] = neededAccess('apps', {})[3]?.reviews ?? []
  if (review === undefined) throw new Error('no review')
  expect(reviewObject('system:serviceaccount:kube-system:metrics-server', review)).toMatchObject({
    kind: 'SubjectAccessReview',
    spec: {
      user: 'system:serviceaccount:kube-system:metrics-server',
      groups: expect.arrayContaining(['system:serviceaccounts:kube-system']),
      resourceAttributes: {
        verb: 'get',
        group: '',
        resource: 'nodes',
        subresource: 'metrics',
        namespace: '',
      },
    },
  })
})

test('only a plain yes is one', () => {
  expect(isAllowed({ status: { allowed: true } })).toBe(true)
  for (const answer of [{ status: { allowed: false } }, { status: {} }, 'yes', null])
    expect(isAllowed(answer)).toBe(false)
})
