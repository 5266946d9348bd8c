import { expect, test } from 'vitest'
import { isDropped, publishedFolder } from './go-module-replacements.ts'

test.each([
  ['kubernetes', 'k8s.io/client-go', 'v0.34.4', false],
  ['kubernetes', 'k8s.io/kube-proxy', 'v0.34.10', false],
  ['kubernetes', 'k8s.io/sample-controller', undefined, true],
  ['kubernetes', 'example.invalid/x', undefined, false],
  ['loki', 'github.com/grafana/loki/pkg/push', undefined, false],
])('%s: the folder of %s stands at %s, dropped: %s', (component, module, version, dropped) => {
  expect(publishedFolder(component, module)).toBe(version)
  expect(isDropped(component, module)).toBe(dropped)
})
