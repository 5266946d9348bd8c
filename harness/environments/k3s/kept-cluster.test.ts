import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { kubeconfigOf } from '../../kube/kube-double.ts'
import { kubeconfigIn } from './bring-cluster.ts'
import { ClusterNodesDouble } from './cluster-nodes-double.ts'
import {
  findKeptCluster,
  keptFolder,
  removeKeptCluster,
  reopenKeptCluster,
  requireProfile,
} from './kept-cluster.ts'
import { type KeptClusterState, keptStateFile, writeKeptState } from './kept-cluster-state.ts'

const state: KeptClusterState = {
  id: 'abcd',
  profile: 'fast',
  digest: 'of-this',
  faultToken: 'secret',
  startedAt: '2026-11-25T20:00:00Z',
  applied: [{ apiVersion: 'v1', kind: 'Namespace', name: 'apps' }],
  hasApps: true,
  set: [],
}

test('is found by its state file and the label of its container, stopped or not', async () => {
  using root = temporaryFolder()
  const nodes = new ClusterNodesDouble()
  expect(await findKeptCluster(root.path, nodes)).toEqual({ kind: 'none' })
  writeKeptState(root.path, state)
  expect(await findKeptCluster(root.path, nodes)).toEqual({ kind: 'gone', state })
  const node = nodes.add('abcd', false)
  expect(await findKeptCluster(root.path, nodes)).toEqual({ kind: 'kept', state, node })
})

test('its token is for its owner only', () => {
  using root = temporaryFolder()
  writeKeptState(root.path, state)
  expect(statSync(keptStateFile(root.path)).mode & 0o777).toBe(0o600)
})

test('a state file that cannot be read is none', async () => {
  using root = temporaryFolder()
  writeKeptState(root.path, state)
  writeFileSync(keptStateFile(root.path), '{"id":')
  expect(await findKeptCluster(root.path, new ClusterNodesDouble())).toEqual({ kind: 'none' })
})

test('is reached by the address that it has now', async () => {
  using root = temporaryFolder()
  const nodes = new ClusterNodesDouble()
  const node = nodes.add('abcd', false)
  nodes.kubeconfig = kubeconfigOf('http://127.0.0.1:1234').replaceAll('"one"', '"signalproof"')
  const { api, kubeconfig } = await reopenKeptCluster(root.path, nodes, node)
  expect(api.serverAddress).toBe('http://127.0.0.1:1234')
  expect(readFileSync(kubeconfig, 'utf8')).toContain('127.0.0.1:1234')
})

test('goes with its container, its state and the key to it', async () => {
  using root = temporaryFolder()
  const nodes = new ClusterNodesDouble()
  expect(await removeKeptCluster(root.path, nodes)).toBe(false)
  writeKeptState(root.path, state)
  nodes.add('abcd')
  nodes.add('of-somebody-else')
  const kubeconfig = kubeconfigIn(keptFolder(root.path))
  writeFileSync(kubeconfig, 'a key')
  expect(await removeKeptCluster(root.path, nodes)).toBe(true)
  expect(nodes.removed).toEqual(['abcd'])
  expect(existsSync(kubeconfig)).toBe(false)
  expect(await findKeptCluster(root.path, nodes)).toEqual({ kind: 'none' })
})

test('a run of another profile is refused with both', () => {
  expect(() => requireProfile({ state }, 'fast')).not.toThrow()
  expect(() => requireProfile({ state }, 'production')).toThrow(
    /ENV_OTHER_PROFILE.*profile production.*\n.*seen: the profile fast.*\n.*--profile fast uses it/s,
  )
})
