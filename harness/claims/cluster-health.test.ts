import { expect, test } from 'vitest'
import { failedChecks, unwellNodes } from './cluster-health.ts'
import type { ClusterNode } from './cluster-objects.ts'

test('reads every check of the API server, and names those that are not ok', () => {
  expect(failedChecks('[+]ping ok\n[+]etcd ok\n[+]poststarthook/x ok\nreadyz check passed\n')).toEqual([])
  expect(failedChecks('[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed')).toEqual([
    '[-]etcd failed: reason withheld',
  ])
})

test('an answer without any check is no proof', () => {
  expect(failedChecks('ok')).toEqual(['no check in the answer: ok'])
  expect(failedChecks('')).toEqual(['no check in the answer: it is empty'])
})

const node = (conditions: Record<string, string>, spec = {}): ClusterNode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node' },
  spec,
  status: {
    conditions: Object.entries({
      Ready: 'True',
      MemoryPressure: 'False',
      DiskPressure: 'False',
      PIDPressure: 'False',
      ...conditions,
    }).map(([type, status]) => ({
      type,
      status,
      reason: `${type}Reason`,
      message: 'as the kubelet says it',
    })),
  },
})

test('a node that is ready and short of nothing is well', () => {
  expect(unwellNodes([node({}), node({ NetworkUnavailable: 'False' })])).toEqual([])
})

test.each([
  [{ Ready: 'False' }, {}, 'Node node: Ready is False (ReadyReason: as the kubelet says it)'],
  [{ Ready: 'Unknown' }, {}, 'Node node: Ready is Unknown (ReadyReason: as the kubelet says it)'],
  [
    { DiskPressure: 'True' },
    {},
    'Node node: DiskPressure is True (DiskPressureReason: as the kubelet says it)',
  ],
  [{ NetworkUnavailable: 'True' }, {}, 'Node node: its network is unavailable'],
  [{}, { unschedulable: true }, 'Node node: it is cordoned'],
])('a node with %o %o is named with what it says', (conditions, spec, words) => {
  expect(unwellNodes([node({}), node(conditions, spec)])).toEqual([words])
})

test('no node, or one that says nothing, is not well', () => {
  expect(unwellNodes([])).toEqual(['there is no node'])
  expect(unwellNodes([{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'mute' } }])).toContain(
    'Node mute: Ready is not said',
  )
})
