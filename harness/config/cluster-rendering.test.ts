import { expect, test } from 'vitest'
import { byObjectName, putDocuments } from './cluster-documents.ts'
import { imageName, isPinned, setImages } from './cluster-images.ts'
import { applyProfileToObjects } from './cluster-timings.ts'
import { annotateConfiguration, configurationAnnotation } from './configuration-checksum.ts'
import { getAtPath } from './document-path.ts'
import { type ManifestObject, objectName } from './manifest-object.ts'
import type { StackDocuments } from './stack-documents.ts'

const object = (kind: string, name: string, more: object = {}): ManifestObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'apps' },
  ...more,
})

const workload = (name: string, container: object = {}, pod: object = {}): ManifestObject =>
  object('Deployment', name, {
    spec: {
      template: {
        metadata: { labels: {} },
        spec: { containers: [{ name, image: 'a/b:1', ...container }], ...pod },
      },
    },
  })

test('an object is called by kind, namespace and name; one that has no namespace without', () => {
  expect(objectName(object('Service', 'frontend'))).toBe('Service.apps.frontend')
  expect(objectName({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } })).toBe(
    'Namespace.apps',
  )
  expect(() => byObjectName([object('Service', 'one'), object('Service', 'one')])).toThrow(
    /Service\.apps\.one twice/,
  )
})

test.each([
  ['a/b', 'a/b', false],
  ['a/b:1.2', 'a/b', true],
  ['a/b:latest', 'a/b', false],
  ['host:5000/a/b', 'host:5000/a/b', false],
  ['host:5000/a/b:v1', 'host:5000/a/b', true],
  ['a/b@sha256:00ff', 'a/b', true],
])('the image %s is called %s, pinned: %s', (reference, name, pinned) => {
  expect([imageName(reference), isPinned(reference)]).toEqual([name, pinned])
})

test('images are replaced by name; what has no tag after that is refused', () => {
  const ours = workload('ours', { image: 'signalproof/ours' })
  const theirs = workload('theirs', { image: 'a/b:1' })
  setImages([ours, theirs], { 'signalproof/ours': 'signalproof/ours:2', 'a/c': 'a/c:3' })
  const image = 'spec.template.spec.containers.0.image'
  expect([ours, theirs].map((each) => getAtPath(each, image))).toEqual(['signalproof/ours:2', 'a/b:1'])
  expect(() => setImages([workload('other', { image: 'signalproof/other' })], {})).toThrow(
    /Deployment\.apps\.other, container other[\s\S]*seen: signalproof\/other/,
  )
  setImages([theirs], { 'a/b': 'a/b:1' })
  expect(() => setImages([theirs], { 'a/b': 'a/b:2' })).toThrow(
    /expected the image a\/b:2, which[\s\S]*Deployment\.apps\.theirs, container theirs[\s\S]*seen: a\/b:1/,
  )
})

test('fast lets go of pods that nothing asks for as early as it lets them end, and production keeps both', () => {
  const scaled = (seconds: number) =>
    object('HorizontalPodAutoscaler', 'app', {
      spec: { behavior: { scaleDown: { stabilizationWindowSeconds: seconds } } },
    })
  const [production, fast] = [scaled(300), scaled(300)]
  applyProfileToObjects('production', [production])
  applyProfileToObjects('fast', [fast])
  const path = 'spec.behavior.scaleDown.stabilizationWindowSeconds'
  expect([getAtPath(production, path), getAtPath(fast, path)]).toEqual([300, 30])
  expect(() => applyProfileToObjects('fast', [scaled(77)])).toThrow(
    /expected a time[\s\S]*HorizontalPodAutoscaler[\s\S]*seen: 77 s/,
  )
})

test('a pause that the fast profile has no entry for is refused, and production keeps it', () => {
  const paused = workload('app', { lifecycle: { preStop: { sleep: { seconds: 20 } } } })
  applyProfileToObjects('production', [paused])
  expect(() => applyProfileToObjects('fast', [paused])).toThrow(
    /expected a time[\s\S]*container app[\s\S]*seen: 20 s/,
  )
})

test('new configuration makes a new checksum, for those that read it and for nobody else', () => {
  const checksums = (text: string) => {
    const objects = [
      object('ConfigMap', 'one', { data: { file: text } }),
      object('Secret', 'two', { data: { token: text } }),
      workload('mounts', {}, { volumes: [{ name: 'v', configMap: { name: 'one' } }] }),
      workload('takes', { env: [{ name: 'T', valueFrom: { secretKeyRef: { name: 'two', key: 'token' } } }] }),
      workload(
        'projects',
        {},
        { volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'two' } }] } }] },
      ),
      workload('asks-others', {}, { volumes: [{ name: 'v', configMap: { name: 'kube-root-ca.crt' } }] }),
      workload('asks-nobody'),
    ]
    annotateConfiguration(objects)
    return Object.fromEntries(
      objects
        .slice(2)
        .map((each) => [
          each.metadata.name,
          getAtPath(each, `spec.template.metadata.annotations.${configurationAnnotation}`),
        ]),
    )
  }
  const [before, same, after] = [checksums('a'), checksums('a'), checksums('b')]
  expect(same).toEqual(before)
  const changed = Object.keys(before).filter((name) => before[name] !== after[name])
  expect(changed).toEqual(['mounts', 'takes', 'projects'])
  expect(before['asks-others']).toMatch(/^[0-9a-f]{16}$/)
  expect(before['asks-nobody']).toBeUndefined()
})

test('a document that no object carries is refused: it would be shortened, set and never applied', () => {
  expect(() => putDocuments({}, {} as StackDocuments)).toThrow(
    /CONFIG_INVALID: expected ConfigMap\.observability\.prometheus among the objects/,
  )
})
