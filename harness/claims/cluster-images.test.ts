import { expect, test } from 'vitest'
import { containerDouble, podDouble } from './cluster-doubles.ts'
import { fullName, unpinnedImages, whyUnpinned } from './cluster-images.ts'

const running = (image: string, imageID = 'sha256:1111') =>
  podDouble('frontend', {
    spec: { containers: [{ name: 'main', image }] },
    status: { containerStatuses: [containerDouble({ image, imageID })] },
  })

test.each(['grafana/loki:3.7.8', `grafana/loki@sha256:${'a'.repeat(64)}`, 'localhost:5000/x:1'])(
  '%s stays the same image',
  (reference) => expect(whyUnpinned(reference)).toBeUndefined(),
)

test.each([
  ['grafana/loki', 'it has no tag, which means latest'],
  ['localhost:5000/x', 'it has no tag, which means latest'],
  ['grafana/loki:latest', 'the tag latest moves'],
])('%s may be another image tomorrow: %s', (reference, why) => {
  expect(whyUnpinned(reference)).toBe(why)
  expect(unpinnedImages([running(reference)])).toEqual([`apps/frontend-5d9c main runs ${reference}: ${why}`])
})

test('where it is known what was prepared, the running image has to be that one', () => {
  const prepared = [{ reference: 'signalproof/frontend:abc', digest: 'sha256:1111' }]
  expect(unpinnedImages([running('docker.io/signalproof/frontend:abc')], prepared)).toEqual([])
  expect(unpinnedImages([running('signalproof/frontend:abc', 'sha256:2222')], prepared)).toEqual([
    'apps/frontend-5d9c main runs signalproof/frontend:abc as sha256:2222; prepared was sha256:1111',
  ])
  expect(unpinnedImages([running('signalproof/other:abc')], prepared)).toEqual([
    'apps/frontend-5d9c main runs signalproof/other:abc, which is none of the prepared images',
  ])
  expect(unpinnedImages([running('signalproof/frontend:abc', '')], prepared)[0]).toContain('as nothing')
})

test('a pod that is about to go is not looked at', () => {
  const leaving = { ...running('x:latest') }
  expect(
    unpinnedImages([{ ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: 'now' } }]),
  ).toEqual([])
})

test.each([
  ['traefik:v3', 'docker.io/library/traefik:v3'],
  ['grafana/loki:3', 'docker.io/grafana/loki:3'],
  ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
  ['localhost:5000/x:1', 'localhost:5000/x:1'],
])('%s is short for %s', (short, full) => expect(fullName(short)).toBe(full))
