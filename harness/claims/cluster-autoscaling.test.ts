import { expect, test } from 'vitest'
import {
  describeUtilization,
  replicasAskedFor,
  unavailableApi,
  unmeasuredPods,
  unscalable,
} from './cluster-autoscaling.ts'
import { podDouble, workloadDouble } from './cluster-doubles.ts'
import type { ApiService, Autoscaler, PodMetrics } from './cluster-objects.ts'

const service = (status: string, message = 'as it says'): ApiService => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.metrics.k8s.io' },
  status: { conditions: [{ type: 'Available', status, reason: 'MissingEndpoints', message }] },
})

test('the metrics API is available, or says why not', () => {
  expect(unavailableApi(service('True'))).toEqual([])
  expect(unavailableApi(service('False'))).toEqual([
    'v1beta1.metrics.k8s.io is not Available (MissingEndpoints: as it says)',
  ])
  expect(unavailableApi(undefined)[0]).toContain('there is no APIService')
})

const measured = (app: string, containers = ['main']): PodMetrics => ({
  apiVersion: 'metrics.k8s.io/v1beta1',
  kind: 'PodMetrics',
  metadata: { name: `${app}-5d9c`, namespace: 'apps' },
  containers: containers.map((name) => ({ name, usage: { cpu: '1m', memory: '1Mi' } })),
})

test('every running pod has to be measured, with each of its containers', () => {
  const pods = [
    podDouble('frontend'),
    podDouble('api'),
    podDouble('done', { status: { phase: 'Succeeded' } }),
  ]
  expect(unmeasuredPods(pods, [measured('frontend'), measured('api')])).toEqual([])
  expect(unmeasuredPods(pods, [measured('frontend')])).toEqual(['apps/api-5d9c'])
  expect(unmeasuredPods(pods, [measured('frontend', []), measured('api')])).toEqual([
    'apps/frontend-5d9c main',
  ])
})

test('a pod without an owner may be gone before it is measured', () => {
  expect(unmeasuredPods([podDouble('probe', { metadata: { ownerReferences: [] } })], [])).toEqual([])
})

const target = (requests: Record<string, string>) =>
  workloadDouble('api', {
    template: { spec: { containers: [{ name: 'main', image: 'x:1', resources: { requests } }] } },
  })

const autoscaler = (status: Autoscaler['status'] = well): Autoscaler => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'api', namespace: 'apps' },
  spec: {
    scaleTargetRef: { kind: 'Deployment', name: 'api' },
    maxReplicas: 3,
    metrics: [{ type: 'Resource', resource: { name: 'cpu' } }],
  },
  ...(status === undefined ? {} : { status }),
})
const well = {
  conditions: [{ type: 'ScalingActive', status: 'True' }],
  currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 2 } } }],
}

test('an autoscaler with a current value of its metric can scale', () => {
  expect(unscalable([autoscaler()], [target({ cpu: '250m' })])).toEqual([])
  expect(describeUtilization([autoscaler()])).toBe('api cpu 2 %')
})

test('a target that requests no CPU is named from its manifest, and waiting does not help', () => {
  expect(unscalable([autoscaler()], [target({ memory: '1Mi' })])).toEqual([
    {
      reason:
        'HorizontalPodAutoscaler apps/api: container main of Deployment apps/api requests no cpu, so that there is nothing to be a percentage of',
      isFinal: true,
    },
  ])
})

test('a target that is not there is named', () => {
  expect(unscalable([autoscaler()], [])).toEqual([
    { reason: 'HorizontalPodAutoscaler apps/api: its target Deployment api is not there', isFinal: true },
  ])
})

test('an autoscaler that is not active says why in the words of its controller, and may become so', () => {
  const status = {
    conditions: [
      {
        type: 'ScalingActive',
        status: 'False',
        reason: 'FailedGetResourceMetric',
        message: 'no metrics returned',
      },
    ],
  }
  expect(unscalable([autoscaler(status)], [target({ cpu: '250m' })])).toEqual([
    {
      reason:
        'HorizontalPodAutoscaler apps/api: ScalingActive is False (FailedGetResourceMetric: no metrics returned)',
      isFinal: false,
    },
  ])
  expect(unscalable([autoscaler({})], [target({ cpu: '250m' })])[0]?.reason).toContain('is not said yet')
})

test('active without a current value is not enough', () => {
  expect(
    unscalable([autoscaler({ ...well, currentMetrics: null })], [target({ cpu: '250m' })])[0]?.reason,
  ).toBe('HorizontalPodAutoscaler apps/api: no current value of cpu')
})

test.each<
  [string, number | undefined, { replicas?: number; current?: number; min?: number; target?: number }]
>([
  ['half the work for two pods is one', 1, { replicas: 2, current: 40 }],
  ['a little more than that is two', 2, { replicas: 2, current: 42 }],
  ['within a tenth of the target nothing changes', 3, { replicas: 3, current: 72 }],
  ['above it there are more, up to the most', 4, { replicas: 2, current: 200 }],
  ['and never fewer than the least', 2, { replicas: 3, current: 1, min: 2 }],
  ['without a current value nobody knows', undefined, { replicas: 2 }],
  ['nor without a pod', undefined, { replicas: 0, current: 40 }],
])('%s', (_, asked, { replicas, current, min = 1, target: averageUtilization = 80 }) => {
  const resource = { name: 'cpu', target: { averageUtilization } }
  const seen = current === undefined ? {} : { averageUtilization: current }
  expect(
    replicasAskedFor({
      ...autoscaler({
        ...(replicas === undefined ? {} : { currentReplicas: replicas }),
        currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: seen } }],
      }),
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'api' },
        minReplicas: min,
        maxReplicas: 4,
        metrics: [{ type: 'Resource', resource }],
      },
    }),
  ).toBe(asked)
})
