import { expect, test } from 'vitest'
import type { WorkloadState } from '../environments/k3s/rollout-judgement.ts'
import { refOf } from '../kube/kube-object.ts'
import { containerDouble, podDouble, workloadDouble } from './cluster-doubles.ts'
import { absentOf, restartedSince, restartsOf, unreadyWorkloads } from './cluster-workloads.ts'

const workloads = [workloadDouble('frontend'), workloadDouble('loki')]
const ready: WorkloadState = { kind: 'ready', pods: ['a'] }

test('workloads that are all ready leave nothing to say', () => {
  const states = new Map<string, WorkloadState>([
    ['Deployment apps/frontend', ready],
    ['Deployment apps/loki', ready],
  ])
  expect(unreadyWorkloads(workloads, states, { mayBeOff: false })).toEqual([])
})

test('each other one is named with the reason of its rollout, and whether waiting helps', () => {
  const states = new Map<string, WorkloadState>([
    ['Deployment apps/frontend', { kind: 'waiting', pods: [], why: '0 of 1 pods ready' }],
    ['Deployment apps/loki', { kind: 'failed', why: 'CrashLoopBackOff' }],
  ])
  expect(unreadyWorkloads(workloads, states, { mayBeOff: false })).toEqual([
    { reason: 'Deployment apps/frontend: 0 of 1 pods ready', isFinal: false },
    { reason: 'Deployment apps/loki: CrashLoopBackOff', isFinal: true },
  ])
})

test('a workload of which nothing is known is not ready', () => {
  expect(unreadyWorkloads([workloadDouble('loki')], new Map(), { mayBeOff: true })).toEqual([
    { reason: 'Deployment apps/loki: nothing is known of it', isFinal: false },
  ])
})

test('one that is scaled to 0 has no replica to be ready; only somebody else may mean it so', () => {
  const off = [workloadDouble('loki', { replicas: 0 })]
  const states = new Map([['Deployment apps/loki', ready]])
  expect(unreadyWorkloads(off, states, { mayBeOff: false })).toEqual([
    { reason: 'Deployment apps/loki is scaled to 0', isFinal: true },
  ])
  expect(unreadyWorkloads(off, states, { mayBeOff: true })).toEqual([])
})

test('what was applied and is gone is named, whatever else is there', () => {
  const applied = [...workloads, workloadDouble('tempo')].map(refOf)
  expect(absentOf(applied, [...workloads, workloadDouble('other')])).toEqual(['Deployment apps/tempo'])
  expect(absentOf([], [])).toEqual([])
})

const restarted = (app: string, restartCount: number) =>
  podDouble(app, { status: { containerStatuses: [containerDouble({ restartCount })] } })

test('restarts from before the run do not count, those in it do', () => {
  const before = restartsOf([restarted('frontend', 3), restarted('loki', 0)])
  expect(restartedSince(before, before)).toEqual([])
  expect(restartedSince(before, restartsOf([restarted('frontend', 3), restarted('loki', 2)]))).toEqual([
    'apps/loki-5d9c main was started again 2 times',
  ])
})

test('a container that was ended on purpose may be started again as often, and no more', () => {
  const before = restartsOf([restarted('frontend', 0)])
  const onPurpose = new Map([['uid-of-frontend/main', 1]])
  expect(restartedSince(before, restartsOf([restarted('frontend', 1)]), onPurpose)).toEqual([])
  expect(restartedSince(before, restartsOf([restarted('frontend', 2)]), onPurpose)).toEqual([
    'apps/frontend-5d9c main was started again once',
  ])
})

test('a pod that is new counts from 0', () => {
  expect(restartedSince(new Map(), restartsOf([restarted('frontend', 0)]))).toEqual([])
  expect(restartedSince(new Map(), restartsOf([restarted('frontend', 1)]))).toHaveLength(1)
})
