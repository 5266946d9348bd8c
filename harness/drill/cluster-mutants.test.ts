import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fullName } from '../claims/cluster-images.ts'
import type { Workload } from '../claims/cluster-objects.ts'
import { claimRows } from '../claims/table.ts'
import { waitForRollout } from '../environments/k3s/rollout.ts'
import type { KubeApi } from '../kube/kube-api.ts'
import { refOf } from '../kube/kube-object.ts'
import { workloadKinds } from '../kube/workloads.ts'
import { clusterMutants, type ObjectChange, withoutClusterMutant } from './cluster-mutants.ts'
import { type DrilledCluster, drilledCluster, signalproof } from './drilled-cluster.ts'
import { changeObjects } from './object-changes.ts'

/**
 * Each claim that only a cluster has is turned red by a change of a running cluster: the kept one, or one that is started
 * for it. Every change is put back, and the cluster is whole again before the next one.
 */

const scratch = mkdtempSync(join(tmpdir(), 'signalproof-cluster-drill-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Pods of the slowest component have a startup probe of two minutes. */
const rolledOutWithinMs = 180_000
let cluster: DrilledCluster | undefined
let api: KubeApi

beforeAll(async () => {
  cluster = await drilledCluster()
  api = cluster.api
}, 1_200_000)

afterAll(() => cluster?.end(), 120_000)

async function wholeAgain(): Promise<void> {
  const workloads = await Promise.all(workloadKinds.map((kind) => api.list({ apiVersion: 'apps/v1', kind })))
  await waitForRollout(api, workloads.flat().map(refOf), { withinMs: rolledOutWithinMs })
}

/** The image of the workload that is changed first gets a second name in the node. */
async function tagInNode([first]: readonly ObjectChange[], name: string): Promise<void> {
  const workload = await api.get<Workload>(first?.ref ?? expect.fail('nothing is changed'))
  const image = workload.spec.template.spec.containers[0]?.image ?? ''
  const status = await signalproof('status', '--env', 'k3s', '--json')
  const { node } = JSON.parse(status.stdout) as { node: { container: string } }
  const tag = ['ctr', '--namespace', 'k8s.io', 'images', 'tag', '--force', fullName(image), name]
  await execa('docker', ['exec', node.container, ...tag])
}

interface Result {
  readonly firstBroken: string | null
  readonly claims: readonly { readonly id: string; readonly verdict: string; readonly reason?: string }[]
}

async function verify(
  out: string,
  breaks: string,
): Promise<{ exitCode?: number; result: Result; stderr: string }> {
  // What the cluster itself has to be is judged along with it: what is named first has to be what was broken.
  const ids = claimRows.flatMap(({ id, layer, only }) =>
    id === breaks || (layer === 'platform' && only === 'kubernetes') ? [id.replace('.', '\\.')] : [],
  )
  const claims = `^(${ids.join('|')}):`
  const run = await signalproof(
    'verify',
    '--env',
    'k3s',
    '--json',
    '--out',
    join(scratch, out),
    '--claim',
    claims,
  )
  return {
    ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
    result: JSON.parse(run.stdout || '{"firstBroken":null,"claims":[]}') as Result,
    stderr: run.stderr,
  }
}

test('every claim that only a cluster has is broken by a mutant, or it is said why not', () => {
  const known = [...clusterMutants.map(({ breaks }) => breaks), ...Object.keys(withoutClusterMutant)]
  expect(
    claimRows
      .filter(({ only }) => only === 'kubernetes')
      .map(({ id }) => id)
      .filter((id) => !known.includes(id)),
  ).toEqual([])
})

for (const [index, mutant] of clusterMutants.entries()) {
  test(`${mutant.name}: ${mutant.breaks} is first broken`, async () => {
    if (mutant.tagInNode !== undefined) await tagInNode(mutant.changes, mutant.tagInNode)
    const undo = await changeObjects(api, mutant.changes)
    try {
      if (mutant.hangs !== true) await wholeAgain()
      const { exitCode, result, stderr } = await verify(String(index), mutant.breaks)
      expect(exitCode, stderr).toBe(1)
      expect(result.firstBroken, stderr).toBe(mutant.breaks)
      const reason = result.claims.find(({ id }) => id === mutant.breaks)?.reason
      expect(reason, 'what it says').toMatch(mutant.says)
      expect(reason, 'its reason says what to try').toMatch(/try: {2}\S/)
    } finally {
      await undo()
      await wholeAgain()
    }
  })
}
