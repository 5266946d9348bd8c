import { expect, test } from 'vitest'
import { type ClusterMeasurement, startsOf } from './cluster.ts'
import { writeCluster } from './cluster-text.ts'

const measured: ClusterMeasurement = {
  node: 'signalproof/node:v1.34.4-0123456789ab',
  up: [
    { name: 'preparing images', ms: 200 },
    { name: 'starting the node', ms: 6_100 },
  ],
  deploy: [{ name: 'rolling out', ms: 9_000 }],
  pods: [
    { name: 'observability/loki-0', createdMs: 8_000, readyMs: 15_000 },
    { name: 'apps/frontend-0', createdMs: 30_000, readyMs: null },
  ],
  startMs: 89_900,
  againMs: 4_000,
  verify: {
    verdict: 'proven',
    firstBroken: null,
    brokenBecause: null,
    readyMs: 100,
    wallMs: 95_000,
    criticalPathMs: 94_000,
    claimsMs: 120_000,
    timelines: [],
    processMs: 95_500,
  },
}

test('phases are told by their command, and the whole is judged', () => {
  const text = writeCluster(measured)
  expect(text).toMatch(/^ +up +preparing images +0\.2 s$/m)
  expect(text).toMatch(/^ +starting the node +6\.1 s$/m)
  expect(text).toMatch(/^ +deploy +rolling out +9\.0 s$/m)
  expect(text).toMatch(/^ +both +to every pod ready and reached +89\.9 s +<= 90\.0 s +met$/m)
  expect(text).toMatch(/^ +verify +on the kept cluster \(proven\) +95\.5 s +<= 90\.0 s +missed$/m)
})

test('a pod that never became ready says so', () => {
  expect(writeCluster(measured)).toMatch(/^ +apps\/frontend-0 +30\.0 s +never$/m)
})

test('a run that was not proven is no time of verify', () => {
  const broken = { ...measured.verify, verdict: 'broken', firstBroken: 'platform.dns' } as const
  expect(writeCluster({ ...measured, verify: broken })).toContain('first broken: platform.dns')
})

test('pods are counted from the start, the last to be ready last', () => {
  const pod = (name: string, ready?: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'apps', creationTimestamp: '2026-01-01T00:00:10Z' },
    status: {
      conditions: ready === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: ready }],
    },
  })
  const startedAt = Date.parse('2026-01-01T00:00:00Z')
  expect(
    startsOf(
      [pod('never'), pod('late', '2026-01-01T00:00:20Z'), pod('soon', '2026-01-01T00:00:12Z')],
      startedAt,
    ),
  ).toEqual([
    { name: 'apps/soon', createdMs: 10_000, readyMs: 12_000 },
    { name: 'apps/late', createdMs: 10_000, readyMs: 20_000 },
    { name: 'apps/never', createdMs: 10_000, readyMs: null },
  ])
})
