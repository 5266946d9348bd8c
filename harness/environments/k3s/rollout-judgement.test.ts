import { expect, test } from 'vitest'
import type { Workload } from '../../kube/workloads.ts'
import { deploymentDouble, eventDouble, lookDouble, podDouble } from './rollout-double.ts'
import { judgeWorkload, type RolloutLook } from './rollout-judgement.ts'

const judge = (look: RolloutLook) => judgeWorkload(look.workloads[0] as Workload, look)

test('a workload is ready when its newest pods are', () => {
  expect(judge(lookDouble([podDouble({ ready: true })]))).toEqual({ kind: 'ready', pods: ['loki-2-x'] })
})

test.each([
  {
    why: 'its controller has not seen the change',
    look: lookDouble([podDouble({ ready: true })], { status: { observedGeneration: 1 } }),
  },
  { why: 'only the old pod is ready', look: lookDouble([podDouble({ revision: 1, ready: true })]) },
  { why: 'the pod is about to end', look: lookDouble([podDouble({ ready: true, deleted: true })]) },
  {
    why: 'an old pod is still there',
    look: lookDouble([podDouble({ ready: true })], { status: { replicas: 2 } }),
  },
  {
    why: 'it is not counted as available',
    look: lookDouble([podDouble({ ready: true })], { status: { availableReplicas: 0 } }),
  },
  {
    // So it is with `Recreate`, until the pods of the old one are gone.
    why: 'there is no set of pods of its newest template yet',
    look: lookDouble([podDouble({ ready: true })], { status: { updatedReplicas: 0 } }),
  },
  { why: 'it runs and is not ready', look: lookDouble([podDouble()]) },
  {
    why: 'an old pod is still ending',
    look: lookDouble([podDouble({ ready: true }), podDouble({ revision: 1, deleted: true })]),
  },
])('it is waited for while $why', ({ look }) => {
  expect(judge(look)).toMatchObject({ kind: 'waiting' })
})

test.each([
  'CrashLoopBackOff',
  'ErrImageNeverPull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CreateContainerConfigError',
])('%s ends the wait', (reason) => {
  const waiting = { reason, message: 'what the kubelet says' }
  const lastState = { terminated: { exitCode: 1, reason: 'Error' } }
  const look = lookDouble([podDouble({ container: { state: { waiting }, lastState, restartCount: 2 } })])
  expect(judge(look)).toMatchObject({
    kind: 'failed',
    why: expect.stringMatching(
      `Pod observability/loki-2-x, container loki: ${reason}; what the kubelet says; it ended with Error, exit code 1, after 2 restarts`,
    ),
    log: { pod: 'loki-2-x', container: 'loki', previous: true },
  })
})

test.each(['secret', 'configmap'])('a %s that the kubelet has not read yet is waited for', (kind) => {
  const message = `failed to sync ${kind} cache: timed out waiting for the condition`
  const waiting = { reason: 'CreateContainerConfigError', message }
  expect(judge(lookDouble([podDouble({ container: { state: { waiting } } })]))).toMatchObject({
    kind: 'waiting',
  })
})

test('a crash of an old pod says nothing about the new one', () => {
  const waiting = { reason: 'CrashLoopBackOff' }
  const old = podDouble({ revision: 1, container: { state: { waiting } } })
  expect(judge(lookDouble([old, podDouble({ ready: true })], { status: { replicas: 1 } }))).toMatchObject({
    kind: 'ready',
  })
})

test.each([
  { fits: false, message: '0/1 nodes are available: 1 Insufficient cpu.' },
  {
    fits: true,
    message: '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.',
  },
  { fits: true, message: 'pod has unbound immediate PersistentVolumeClaims. not found' },
])('a pod that cannot be scheduled: $message', ({ message, fits }) => {
  const look = lookDouble([podDouble({ phase: 'Pending', unschedulable: message })])
  expect(judge(look).kind).toBe(fits ? 'waiting' : 'failed')
  const leaving = podDouble({ revision: 1, deleted: true })
  expect(judge({ ...look, pods: [...look.pods, leaving] }).kind).toBe('waiting')
})

test.each([
  { is: 'failed', reason: 'FailedMount', message: 'MountVolume.SetUp failed: configmap "lokki" not found' },
  { is: 'waiting', reason: 'FailedMount', message: 'configmap "kube-root-ca.crt" not found' },
  { is: 'waiting', reason: 'FailedMount', message: 'failed to sync configmap cache: timed out' },
  { is: 'failed', reason: 'FailedCreatePodSandBox', message: 'failed to get sandbox image "pause"' },
  { is: 'waiting', reason: 'Unhealthy', message: 'Readiness probe failed: 503' },
])('$reason $message: $is', ({ is, reason, message }) => {
  const events = [eventDouble(reason, message, 'pod-2')]
  const state = judge(lookDouble([podDouble()], { events }))
  expect(state).toMatchObject({
    kind: is,
    why: expect.stringContaining(is === 'failed' || reason === 'Unhealthy' ? message : ''),
  })
})

test.each([
  { is: 'failed', message: 'pods "loki" is forbidden: exceeded quota: small' },
  { is: 'failed', message: 'pods "loki" is forbidden: violates PodSecurity "restricted:latest"' },
  { is: 'waiting', message: 'pods "loki" is forbidden: error looking up service account a/b' },
])('a pod that is refused before there is one, $is: $message', ({ is, message }) => {
  const status = { availableReplicas: 0, conditions: [{ type: 'ReplicaFailure', status: 'True', message }] }
  expect(judge(lookDouble([], { status })).kind).toBe(is)
  const events = [eventDouble('FailedCreate', message, 'set-2')]
  expect(judge(lookDouble([], { status: { availableReplicas: 0 }, events })).kind).toBe(is)
})

test('pods that end again and again are a failure, one that a restart left is none', () => {
  const ended = podDouble({ phase: 'Failed', reason: 'Evicted' })
  expect(judge(lookDouble([ended, podDouble({ ready: true })]))).toMatchObject({ kind: 'ready' })
  expect(judge(lookDouble([ended, ended, ended]))).toMatchObject({
    kind: 'failed',
    why: expect.stringContaining('Evicted: the node was low on memory'),
  })
})

test('a DaemonSet without a node for it is not ready', () => {
  const daemonSet: Workload = {
    ...deploymentDouble({ desiredNumberScheduled: 0, numberAvailable: 0 }),
    kind: 'DaemonSet',
  }
  expect(judge({ workloads: [daemonSet], replicaSets: [], pods: [], events: [] }).kind).toBe('waiting')
})
