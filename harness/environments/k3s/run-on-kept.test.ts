import { expect, test } from 'vitest'
import { parseSetOption } from '../../config/set-option.ts'
import { clusterRunDouble, keptDouble, renderedDouble } from './cluster-run-double.ts'
import { readKeptState } from './kept-cluster-state.ts'
import { openOnKept } from './run-on-kept.ts'

const ofRun = 'alertmanager:route.group_wait=5s'
const ofCluster = 'alertmanager:route.group_wait=7s'
const set = [parseSetOption(ofRun)]
const noPod = () => Promise.reject(new Error('no pod'))

test('what a run changes lasts as long as the run', async () => {
  const { run, applied, root, keep } = await clusterRunDouble({ set })
  const { close } = await openOnKept(run, keep(keptDouble))
  expect(applied).toEqual([ofRun])
  expect(readKeptState(root)).toMatchObject({ digest: renderedDouble(set).digest, set: [] })
  await close()
  expect(applied).toEqual([ofRun, ''])
  expect(readKeptState(root)).toEqual(keptDouble)
})

test('also where its session cannot be ended', async () => {
  const close = noPod
  const { run, applied, keep } = await clusterRunDouble(
    { set },
    { serve: async () => ({ environment: {} as never, close }) },
  )
  const opened = await openOnKept(run, keep(keptDouble))
  await expect(opened.close()).rejects.toThrow('no pod')
  expect(applied).toEqual([ofRun, ''])
})

test('and where the run cannot begin', async () => {
  const { run, applied, root, keep } = await clusterRunDouble({ set }, { serve: noPod })
  await expect(openOnKept(run, keep(keptDouble))).rejects.toThrow('no pod')
  expect(applied).toEqual([ofRun, ''])
  expect(readKeptState(root)).toEqual(keptDouble)
})

test('why it cannot begin is said, whatever comes of going back', async () => {
  const { run, root, keep } = await clusterRunDouble({ set }, { serve: noPod })
  const lost = {
    ...run,
    render: () => {
      throw new Error('no such path')
    },
  }
  await expect(openOnKept(lost, keep(keptDouble))).rejects.toThrow('no pod')
  // The next run sees that it is another one.
  expect(readKeptState(root)?.digest).toBe(renderedDouble(set).digest)
})

test('what `up` was given comes back after a run without it', async () => {
  const { run, applied, root, keep } = await clusterRunDouble()
  const own = { ...keptDouble, set: [ofCluster], digest: renderedDouble([{ text: ofCluster }]).digest }
  const { close } = await openOnKept(run, keep(own))
  await close()
  expect(applied).toEqual(['', ofCluster])
  expect(readKeptState(root)).toEqual(own)
})

test('with --keep it stays, and is written down', async () => {
  const { run, applied, root, keep } = await clusterRunDouble({ set, keep: true })
  const { close } = await openOnKept(run, keep(keptDouble))
  await close()
  expect(applied).toEqual([ofRun])
  expect(readKeptState(root)).toMatchObject({ set: [ofRun] })
})

test('a run without --set changes nothing on a cluster that is what the checkout says', async () => {
  const { run, applied, keep } = await clusterRunDouble()
  const { close } = await openOnKept(run, keep(keptDouble))
  await close()
  expect(applied).toEqual([])
})
