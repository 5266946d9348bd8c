import { expect, test } from 'vitest'
import { wholeReference } from './image-reference.ts'

test.each([
  ['traefik:v3.7.15', 'docker.io/library/traefik', 'v3.7.15'],
  ['grafana/loki:3.7.8', 'docker.io/grafana/loki', '3.7.8'],
  ['registry.k8s.io/pause:3.10.1', 'registry.k8s.io/pause', '3.10.1'],
  ['127.0.0.1:5000/double', '127.0.0.1:5000/double', 'latest'],
  ['localhost/double:1', 'localhost/double', '1'],
])('%s is %s with the tag %s', (reference, name, tag) => {
  const whole = wholeReference(reference)
  expect([whole.name, whole.tag]).toEqual([name, tag])
  expect(`${whole.registry}/${whole.repository}`).toBe(name)
})
