import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import { dockerDaemon } from '../../../images/docker-images.ts'
import { prepareNodeImage } from '../../../images/prepare-images.ts'
import { processStart } from '../../process/process-table.ts'
import { keepIn } from '../kept-state-double.ts'
import { removeContainer } from './node-ends.ts'
import { type Labels, nodeLabels, ownerLabels } from './node-labels.ts'
import { containersOf } from './node-request-double.ts'
import { sweepDocker } from './node-sweep.ts'

/** What a process that has ended had put on its containers. */
async function labelsOfDead(): Promise<Labels> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const owner = `${child.pid} ${processStart(child.pid ?? 0)}`
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { ...ownerLabels(), [nodeLabels.owner]: owner }
}

test('what a dead process left is removed; what a checkout keeps or has a living owner stays', async () => {
  using root = temporaryFolder()
  const docker = await dockerDaemon()
  const { reference } = await prepareNodeImage()
  const dead = await labelsOfDead()
  const make = async (labels: Labels, id = randomBytes(4).toString('hex')): Promise<string> => {
    const container = await docker.createContainer({
      name: `signalproof-sweep-${id}`,
      Image: reference,
      Labels: { ...labels, [nodeLabels.environment]: id, [nodeLabels.root]: root.path },
    })
    onTestFinished(() => removeContainer(container))
    return id
  }
  const left = await make({ ...dead, [nodeLabels.kept]: 'false' })
  const kept = await make({ ...dead, [nodeLabels.kept]: 'true' }, keepIn(root.path))
  const unclaimed = await make({ ...dead, [nodeLabels.kept]: 'true' })
  const living = await make({ ...ownerLabels(), [nodeLabels.kept]: 'false' })
  const elsewhere = await make({ ...dead, [nodeLabels.ownerHome]: 'another machine' })

  const removed = await sweepDocker({ all: false })

  for (const id of [left, unclaimed]) {
    expect(removed).toContain(`container signalproof-sweep-${id} of ${root.path}`)
    expect(await containersOf(id)).toEqual([])
  }
  for (const id of [kept, living, elsewhere]) expect(await containersOf(id)).toHaveLength(1)
})
