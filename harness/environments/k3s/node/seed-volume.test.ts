import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import type { NodeImage, PreparedImage } from '../../../images/prepared-image.ts'
import { DockerObjectsDouble } from './docker-objects-double.ts'
import { ensureSeedVolume, type SeedRequest } from './seed-volume.ts'

const images = [{ name: 'pause', reference: 'p:1', digest: 'sha256:1', tar: '/p.tar' }] as PreparedImage[]

function requestOf(double: DockerObjectsDouble): SeedRequest {
  const folder = temporaryFolder()
  vi.stubEnv('SIGNALPROOF_CACHE', folder.path)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    folder[Symbol.dispose]()
  })
  return { docker: double.docker, node: { reference: 'n:1' } as NodeImage, images, imageFolder: '/images' }
}

test('a seed that is filled stays, under its label; its container goes', async () => {
  const double = new DockerObjectsDouble()
  const name = await ensureSeedVolume(requestOf(double))
  expect([...double.volumes]).toEqual([[name, { 'signalproof.seed': name.replace('signalproof-seed-', '') }]])
  expect(double.containers.size).toBe(0)
})

test('of a seed that cannot be filled, for want of room, nothing is left', async () => {
  const double = new DockerObjectsDouble()
  double.exitCode = 1
  await expect(ensureSeedVolume(requestOf(double))).rejects.toThrow('unpacking the images failed')
  expect(double.volumes.size).toBe(0)
  expect(double.containers.size).toBe(0)
})
