import { expect, test } from 'vitest'
import { podDouble, workloadDouble } from './cluster-doubles.ts'
import type { Autoscaler, PodMetrics } from './cluster-objects.ts'
import { coresOf, type ScalingObjects, samplesOf } from './scaling-watch.ts'

const autoscaler: Autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'api', namespace: 'apps' },
  spec: {
    scaleTargetRef: { kind: 'Deployment', name: 'api' },
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 80 } } }],
  },
  status: { desiredReplicas: 2 },
}

const target = workloadDouble('api', {
  template: {
    spec: { containers: [{ name: 'main', image: 'x:1', resources: { requests: { cpu: '250m' } } }] },
  },
})

const metricsOf = (name: string, cpu: string): PodMetrics => ({
  apiVersion: 'metrics.k8s.io/v1beta1',
  kind: 'PodMetrics',
  metadata: { name, namespace: 'apps' },
  containers: [{ name: 'main', usage: { cpu } }],
})

const look = (changes: Partial<ScalingObjects> = {}): ScalingObjects => ({
  at: 5,
  autoscalers: [autoscaler],
  targets: [target],
  pods: [
    podDouble('api', { metadata: { name: 'one' } }),
    podDouble('api', { metadata: { name: 'two', deletionTimestamp: '2026-11-25T20:00:00Z' } }),
    podDouble('other', { metadata: { name: 'three' } }),
  ],
  metrics: [metricsOf('one', '200m'), metricsOf('two', '1'), metricsOf('three', '1')],
  ...changes,
})

test('a sample has what the autoscaler reckons with: its own ready pods and what they request', () => {
  expect(samplesOf(look())).toEqual([
    {
      at: 5,
      target: 'api',
      minimum: 1,
      maximum: 3,
      targetPercent: 80,
      percent: 80,
      desired: 2,
      pods: [
        { name: 'one', ready: true, told: false },
        { name: 'two', ready: false, told: true },
      ],
    },
  ])
})

test('without a metric there is no percentage, and without its workload no sample', () => {
  expect(samplesOf(look({ metrics: [] }))).toMatchObject([{ percent: null }])
  expect(samplesOf(look({ targets: [] }))).toEqual([])
})

test.each([
  ['250m', 0.25],
  ['155123456n', 0.155123456],
  ['12u', 0.000012],
  ['2', 2],
])('%s of CPU are %d cores', (quantity, cores) => {
  expect(coresOf(quantity)).toBeCloseTo(cores, 12)
})
