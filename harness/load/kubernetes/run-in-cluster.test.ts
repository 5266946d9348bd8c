import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import type { KubeObject } from '../../kube/kube-object.ts'
import type { Pod } from '../../kube/workloads.ts'
import { namespaceObject } from './load-objects.ts'
import { hasLoadOperator, type InClusterRequest, runInCluster } from './run-in-cluster.ts'

const figures = {
  plannedIterations: 3,
  iterations: 3,
  dropped: 0,
  virtualUsersMax: 2,
  requests: 3,
  durationMs: 1000,
  routes: [{ name: 'GET /v1', requests: 3, answers: [{ status: 200, count: 3 }], latencyMs: {} }],
  thresholds: [{ metric: 'http_req_failed', threshold: 'rate<0.01', held: true }],
}

const podOf = (name: string, state: object): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'load' },
  spec: { containers: [{ name: 'k6', image: 'grafana/k6:2.2.0' }] },
  status: { containerStatuses: [{ name: 'k6', ready: false, restartCount: 0, state }] },
})
const ended = (name: string, exitCode = 0) => podOf(name, { terminated: { exitCode } })

/** A cluster whose pods of the load are one after another as the test says; it notes what is done. */
function clusterWhere(looks: readonly (readonly Pod[])[], there?: KubeObject) {
  const done: string[] = []
  let look = 0
  let namespace = there
  const api = {
    find: async () => namespace,
    remove: async () => {
      done.push('remove Namespace load')
      namespace = undefined
      return true
    },
    apply: async (object: KubeObject) => {
      if (object.kind === 'Namespace') namespace = object
      done.push(`apply ${object.kind}`)
      return object
    },
    list: async () => looks[Math.min(look++, looks.length - 1)] ?? [],
    readLog: async () => JSON.stringify(figures, null, 2),
  } as unknown as InClusterRequest['api']
  return { api, done }
}

const load = {
  script: '/load/steady.ts',
  files: [{ key: 'steady.ts', path: 'steady.ts', text: '' }],
  url: 'http://traefik.ingress:80',
  host: 'dev.local',
  routes: [],
  ratePerSecond: 3,
  durationMs: 1000,
  runId: 'one',
}

test('a Job is made, waited for, read and taken away', async () => {
  using folder = temporaryFolder()
  const { api, done } = clusterWhere([[], [podOf('a', { running: {} })], [ended('a')]])
  const cpu = [0.5, 1.5, 0]
  const seen = await runInCluster({
    api,
    load,
    as: 'job',
    runners: 1,
    folder: folder.path,
    cpuSecondsIn: async () => cpu.shift() ?? 0,
  })
  expect(seen).toMatchObject({
    exitCode: 0,
    iterations: 3,
    answers: [{ method: 'GET', route: '/v1', status: 200, count: 3 }],
    cpu: { generatorSeconds: 1.5, generatorWaitedSeconds: null },
    invalidBecause: null,
  })
  expect(done).toEqual([
    'apply Namespace',
    'apply ServiceAccount',
    'apply ConfigMap',
    'apply Job',
    'remove Namespace load',
  ])
  expect(readFileSync(join(folder.path, 'k6.log'), 'utf8')).toContain('plannedIterations')
})

test('of several runners the worst end is the run’s, and thresholds that broke are a verdict', async () => {
  using folder = temporaryFolder()
  const run = (...codes: readonly number[]) =>
    runInCluster({
      ...clusterWhere([codes.map((code, index) => ended(`pod-${index}`, code))]),
      load,
      as: 'testrun',
      runners: codes.length,
      folder: folder.path,
    })
  expect(await run(0, 99)).toMatchObject({ exitCode: 99, iterations: 6 })
  expect((await run(99, 107)).invalidBecause).toContain('script exception')
})

test('a pod that never starts ends it at once with the reason, and nothing stays', async () => {
  using folder = temporaryFolder()
  const stuck = podOf('a', { waiting: { reason: 'ErrImageNeverPull', message: 'grafana/k6 is not present' } })
  const { api, done } = clusterWhere([[stuck]])
  await expect(runInCluster({ api, load, as: 'job', runners: 1, folder: folder.path })).rejects.toMatchObject(
    {
      code: 'LOAD_INVALID',
      account: { seen: 'a: ErrImageNeverPull grafana/k6 is not present' },
    },
  )
  expect(done.at(-1)).toBe('remove Namespace load')
})

test('what a killed run left goes first, and a namespace of somebody else stays', async () => {
  using folder = temporaryFolder()
  const request = { load, as: 'job' as const, runners: 1, folder: folder.path }
  const left = clusterWhere([[ended('a')]], namespaceObject())
  await runInCluster({ ...request, ...left })
  expect(left.done.slice(0, 2)).toEqual(['remove Namespace load', 'apply Namespace'])
  const theirs: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'load' } }
  const other = clusterWhere([[ended('a')]], theirs)
  await expect(runInCluster({ ...request, ...other })).rejects.toThrow(
    /LOAD_INVALID.*no namespace load, or one/,
  )
  expect(other.done).toEqual([])
})

test.each([
  [200, true],
  [404, false],
])('the operator is there where its API answers: %i', async (status, is) => {
  expect(await hasLoadOperator({ raw: async () => ({ status, data: {} }) })).toBe(is)
})
