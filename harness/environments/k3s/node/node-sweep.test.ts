import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import { keptStateFile } from '../kept-cluster-state.ts'
import { keepIn } from '../kept-state-double.ts'
import { DockerObjectsDouble } from './docker-objects-double.ts'
import { type Labels, nodeLabels, ownerLabels } from './node-labels.ts'
import { sweep } from './node-sweep.ts'

// Above every limit that a kernel sets on process ids.
const dead: Labels = { ...ownerLabels(), [nodeLabels.owner]: '99999999 any start' }

let cache = ''
beforeEach(() => {
  const folder = temporaryFolder()
  cache = folder.path
  vi.stubEnv('SIGNALPROOF_CACHE', cache)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    folder[Symbol.dispose]()
  })
})

function keptLabels(owner: Labels, id: string, root: string): Record<string, string> {
  return { ...owner, [nodeLabels.kept]: 'true', [nodeLabels.environment]: id, [nodeLabels.root]: root }
}

test.each([false, true])('a cluster that another checkout keeps stays (all: %s)', async (all) => {
  using root = temporaryFolder()
  keepIn(root.path)
  const double = new DockerObjectsDouble()
  double.containers.set('kept', keptLabels(dead, 'abcd', root.path))

  expect(await sweep(double.docker, { all })).toEqual([])
  expect([...double.containers.keys()]).toEqual(['kept'])
})

test('a kept container that no state file names is a leftover, once its maker is dead', async () => {
  using without = temporaryFolder()
  using other = temporaryFolder()
  keepIn(other.path, 'a newer one')
  using broken = temporaryFolder({ '.signalproof/environments/k3s.json': '{"id":' })
  expect(existsSync(keptStateFile(broken.path))).toBe(true)
  const double = new DockerObjectsDouble()
  double.containers.set('without', keptLabels(dead, 'abcd', without.path))
  double.containers.set('other', keptLabels(dead, 'abcd', other.path))
  double.containers.set('broken', keptLabels(dead, 'abcd', broken.path))
  double.containers.set('no-checkout', keptLabels(dead, 'abcd', join(without.path, 'gone')))
  double.containers.set('starting', keptLabels(ownerLabels(), 'abcd', without.path))

  const removed = await sweep(double.docker, { all: false })

  expect(removed).toContain(`container without of ${without.path}`)
  expect([...double.containers.keys()]).toEqual(['starting'])
})

test('a seed whose filling was killed goes with its container; complete ones only when all is asked for', async () => {
  const double = new DockerObjectsDouble()
  double.containers.set('filling', { ...dead, [nodeLabels.seed]: 'half' })
  double.volumes.set('signalproof-seed-half', { [nodeLabels.seed]: 'half' })
  double.volumes.set('signalproof-seed-whole', { [nodeLabels.seed]: 'whole' })
  double.volumes.set('of-others', {})

  expect(await sweep(double.docker, { all: false })).toEqual([
    'container filling',
    'volume signalproof-seed-half',
  ])
  expect(await sweep(double.docker, { all: true })).toEqual(['volume signalproof-seed-whole'])
  expect([...double.volumes.keys()]).toEqual(['of-others'])
})
