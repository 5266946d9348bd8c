import { expect, test } from 'vitest'
import { isMadeFor, releaseAddress } from './install-job.ts'
import { componentPins, releaseHost } from './pins.ts'
import { environmentVariable } from './resolve-component.ts'
import { settingsIn } from './toolchain-doubles.ts'

test.each([
  [releaseHost, 'https://dl.k8s.io/v1.37.1/a.tar.gz'],
  ['https://mirror.invalid', 'https://mirror.invalid/v1.37.1/a.tar.gz'],
])('with releases at %s, a component with a host of its own is fetched from %s', (host, address) => {
  const settings = settingsIn('/nonexistent', { releaseHost: host })
  expect(releaseAddress(componentPins.kubectl, settings, 'a.tar.gz')).toBe(address)
})

test('the variable of a component is one that a shell can set', () => {
  expect(environmentVariable(componentPins['metrics-server'])).toBe('SIGNALPROOF_METRICS_SERVER')
})

test('the node is made on Linux only, what renders manifests anywhere', () => {
  expect(isMadeFor(componentPins.kubernetes, 'linux-arm64')).toBe(true)
  expect(isMadeFor(componentPins.kubernetes, 'darwin-arm64')).toBe(false)
  expect(isMadeFor(componentPins.kubectl, 'darwin-arm64')).toBe(true)
})
