import { expect, test } from 'vitest'
import { reachCluster } from './bring-cluster.ts'
import { changeCluster } from './change-cluster.ts'
import { clusterRunDouble, keptDouble, renderedDouble } from './cluster-run-double.ts'
import { readKeptState } from './kept-cluster-state.ts'

async function changeDouble() {
  const { run, nodes, applied, root, keep } = await clusterRunDouble()
  const { state, node } = keep(keptDouble)
  const cluster = await reachCluster(await nodes.reopen(node), root)
  const change = { root, cluster, state, prepared: run.prepared, set: [], withApps: true }
  return { change, applied, root }
}

test('what was applied last is not applied again, unless that is asked for', async () => {
  const { change, applied, root } = await changeDouble()
  const wanted = renderedDouble([])
  await changeCluster({ ...change, wanted })
  expect(applied).toEqual([])
  await changeCluster({ ...change, wanted, always: true })
  expect(applied).toEqual([''])
  expect(readKeptState(root)).toEqual(keptDouble)
})

test('what differs is applied', async () => {
  const { change, applied, root } = await changeDouble()
  await changeCluster({ ...change, wanted: renderedDouble([{ text: 'other' }]) })
  expect(applied).toEqual(['other'])
  expect(readKeptState(root)?.digest).toBe('digest-of-other')
})
