import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { KubeObject } from '../kube/kube-object.ts'
import { workloadKinds } from '../kube/workloads.ts'
import { installComponents } from '../toolchain/install-components.ts'
import { type DrilledCluster, drilledCluster, root, signalproof } from './drilled-cluster.ts'

/** What else is done with a kept cluster: a load is put on it, and somebody looks at it who did not make it. */

// In a hook: a run that is filtered down to other tests reads this file, and runs no hook of it.
let scratch = ''
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'signalproof-cluster-runs-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let cluster: DrilledCluster
beforeAll(async () => {
  cluster = await drilledCluster()
}, 1_200_000)
afterAll(() => cluster?.end(), 120_000)

interface Result {
  readonly verdict: string
  readonly firstBroken: string | null
  readonly environment: string
  readonly claims: readonly { readonly id: string; readonly verdict: string; readonly reason?: string }[]
}

async function run(name: string, ...args: readonly string[]) {
  const ended = await signalproof(...args, '--json', '--out', join(scratch, name))
  const result = JSON.parse(ended.stdout || '{"claims":[]}') as Result
  const verdictOf = (id: string) => result.claims.find((claim) => claim.id === id)?.verdict
  return { ...ended, result, verdictOf }
}

test('a load on it is counted the same everywhere, the ingress and every pod included', async () => {
  const { exitCode, result, verdictOf, stderr } = await run(
    'load',
    'load',
    '--env',
    'k3s',
    '--rate',
    '20',
    '--for',
    '10s',
  )
  expect(exitCode, stderr).toBe(0)
  expect(result).toMatchObject({ verdict: 'proven', firstBroken: null, environment: 'k3s' })
  for (const id of ['load.accounts-balance', 'slo.figures-agree', 'slo.objectives-held'])
    expect(verdictOf(id), id).toBe('proven')
})

/** Everything that a reader might have changed, without what the cluster itself writes all the time. */
async function objectsOf({ api }: DrilledCluster): Promise<Map<string, unknown>> {
  const kinds = [
    ...workloadKinds.map((kind) => ({ apiVersion: 'apps/v1', kind })),
    ...['ConfigMap', 'Secret', 'Service', 'ServiceAccount', 'Namespace'].map((kind) => ({
      apiVersion: 'v1',
      kind,
    })),
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
    { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  ]
  const lists = await Promise.all(kinds.map((one) => api.list<KubeObject & { spec?: unknown }>(one)))
  return new Map(
    lists
      .flat()
      .map(({ kind, metadata: { namespace, name, uid, labels, annotations }, spec }) => [
        `${kind} ${namespace}/${name}`,
        { uid, labels, annotations, spec },
      ]),
  )
}

test('somebody who may only look proves its claims, and leaves it as it was', async () => {
  const [kubectl] = await installComponents(['kubectl'])
  const admin = join(root, '.signalproof', 'kubeconfig')
  const asAdmin = (...args: readonly string[]) =>
    execa(kubectl?.location ?? 'kubectl', ['--kubeconfig', admin, ...args], { cwd: root })
  await asAdmin('apply', '--kustomize', 'manifests/verification/reader')
  const { stdout: token } = await asAdmin('-n', 'signalproof', 'create', 'token', 'reader', '--duration=1h')
  const view = await asAdmin('config', 'view', '--raw', '--minify', '--output=json')
  const [{ cluster: server }] = (JSON.parse(view.stdout) as { clusters: [{ cluster: object }] }).clusters
  const reader = join(root, '.signalproof', 'reader.kubeconfig')
  mkdirSync(join(root, '.signalproof'), { recursive: true })
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'somebody-elses', cluster: server }],
    users: [{ name: 'reader', user: { token } }],
    contexts: [{ name: 'reader', context: { cluster: 'somebody-elses', user: 'reader' } }],
    'current-context': 'reader',
  })
  writeFileSync(reader, text, { mode: 0o600 })
  try {
    const before = await objectsOf(cluster)
    expect(before.size).toBeGreaterThan(30)

    const { exitCode, result, verdictOf, stderr } = await run('reader', 'verify', '--env', 'cluster')

    expect(exitCode, stderr).toBe(0)
    expect(result).toMatchObject({ verdict: 'proven', firstBroken: null, environment: 'cluster' })
    for (const id of ['platform.workloads', 'metrics.targets-up', 'logs.stored'])
      expect(verdictOf(id), id).toBe('proven')
    for (const { id, verdict, reason } of result.claims)
      if (verdict === 'skipped') expect(reason, id).toMatch(/\S/)
    expect(await objectsOf(cluster)).toEqual(before)
    // What was asked is written down, and nobody but the forwarder could ask.
    const asked = readFileSync(join(scratch, 'reader', 'environment', 'requests.json'), 'utf8')
    expect(asked).not.toContain(token)
  } finally {
    rmSync(reader)
    await asAdmin('delete', '--kustomize', 'manifests/verification/reader', '--wait=false')
  }
})
