import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clusterRunDouble } from './cluster-run-double.ts'
import { keptStateFile } from './kept-cluster-state.ts'
import { openOnOwn } from './run-on-own.ts'

test('its cluster ends with the run, and so does the key to it', async () => {
  const { run, nodes, root, applied } = await clusterRunDouble()
  const { close } = await openOnOwn(run)
  const kubeconfig = join(root, 'run', 'environment', 'kubeconfig')
  expect(existsSync(kubeconfig)).toBe(true)
  await close()
  expect({ applied, containers: nodes.containers.size, key: existsSync(kubeconfig) }).toEqual({
    applied: [''],
    containers: 0,
    key: false,
  })
})

test('also where the session cannot be ended, which is said all the same', async () => {
  const close = async () => {
    throw new Error('the node does not end the fault')
  }
  const { run, nodes } = await clusterRunDouble(
    {},
    { serve: async () => ({ environment: {} as never, close }) },
  )
  const opened = await openOnOwn(run)
  await expect(opened.close()).rejects.toThrow('the node does not end the fault')
  expect(nodes.removed).toHaveLength(1)
})

test.each([false, true])('one that cannot be served leaves nothing, kept or not: %s', async (keep) => {
  const serve = () => Promise.reject(new Error('no pod'))
  const { run, nodes, root } = await clusterRunDouble({ keep }, { serve })
  await expect(openOnOwn(run)).rejects.toThrow('no pod')
  const files = [
    join(root, 'run', 'environment', 'kubeconfig'),
    join(root, '.signalproof', 'kubeconfig'),
    keptStateFile(root),
  ]
  expect(files.filter((file) => existsSync(file))).toEqual([])
  expect(nodes.removed).toHaveLength(1)
})

test('one that is to be kept stays, with its key', async () => {
  const { run, nodes, root } = await clusterRunDouble({ keep: true })
  const { close } = await openOnOwn(run)
  await close()
  expect(nodes.removed).toEqual([])
  expect(existsSync(join(root, '.signalproof', 'kubeconfig'))).toBe(true)
})
