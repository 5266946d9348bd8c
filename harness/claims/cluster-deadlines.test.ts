import { expect, test } from 'vitest'
import { endMs, metricsResolutionMs, oldEnoughInMs, readyWait, startMs } from './cluster-deadlines.ts'
import { podDouble } from './cluster-doubles.ts'
import type { Container } from './cluster-objects.ts'

const pod = (container: Partial<Container>, spec: object = {}) => ({
  spec: { containers: [{ name: 'main', image: 'x:1', ...container }], ...spec },
})

test('a pod has as long to start as its startup probe lets it fail, and one look of its readiness probe more', () => {
  const startupProbe = { periodSeconds: 1, failureThreshold: 60 }
  expect(startMs(pod({ startupProbe, readinessProbe: { periodSeconds: 2 } }))).toBe(62_000)
})

test("without a startup probe its readiness probe decides, and without any the kubelet's defaults", () => {
  const readinessProbe = { initialDelaySeconds: 5, periodSeconds: 1, failureThreshold: 3 }
  expect(startMs(pod({ readinessProbe }))).toBe(9_000)
  expect(startMs(pod({}))).toBe(40_000)
})

test('a pod has its grace period to end', () => {
  expect(endMs(pod({}))).toBe(30_000)
  expect(endMs(pod({}, { terminationGracePeriodSeconds: 5 }))).toBe(5_000)
})

test("reads metrics-server's resolution from its arguments", () => {
  expect(metricsResolutionMs(pod({ args: ['--cert-dir=/tmp', '--metric-resolution=10s'] }))).toBe(10_000)
  expect(metricsResolutionMs(pod({}))).toBe(60_000)
})

test('what is kept is ready already', () => {
  expect(readyWait({ kept: true, readyWithinMs: 90_000 }).worstCaseMs).toBe(0)
  expect(readyWait({ kept: false, readyWithinMs: 90_000 }).worstCaseMs).toBe(90_000)
})

test('what was started just now is given the rest of its time, what is old needs none', () => {
  const born = (second: string) =>
    podDouble('a', { metadata: { creationTimestamp: `2026-11-23T10:00:${second}Z` } })
  const now = Date.parse('2026-11-23T10:00:30Z')
  expect(oldEnoughInMs([born('05'), born('20')], 30_000, now)).toBe(20_000)
  expect(oldEnoughInMs([born('05')], 20_000, now)).toBe(0)
  expect(oldEnoughInMs([podDouble('a')], 20_000, now)).toBe(0)
})
