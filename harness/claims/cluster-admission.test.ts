import { expect, test } from 'vitest'
import {
  misjudged,
  otherThanReadOnlyFolders,
  podOfTemplate,
  readAdmission,
  trialPods,
} from './cluster-admission.ts'
import { workloadDouble } from './cluster-doubles.ts'

const refusal = (message: string) => readAdmission({ status: 403, data: { kind: 'Status', message } })
const violating = (list: string) =>
  refusal(`pods "signalproof-trial" is forbidden: violates PodSecurity "restricted:latest": ${list}`)
const control = trialPods[0] as (typeof trialPods)[number]
const escalating = trialPods[1] as (typeof trialPods)[number]

test('reads the names of the violations, whatever commas their reasons have', () => {
  expect(
    violating(
      'allowPrivilegeEscalation != false (container "a" must set x=false, or "b"), unrestricted capabilities (container "a" must set (both) y), hostPort',
    ),
  ).toEqual({
    kind: 'violates',
    level: 'restricted:latest',
    violations: ['allowPrivilegeEscalation != false', 'unrestricted capabilities', 'hostPort'],
  })
  expect(readAdmission({ status: 201, data: {} })).toEqual({ kind: 'accepted' })
  expect(refusal('exceeded quota')).toEqual({ kind: 'refused', message: 'exceeded quota' })
  expect(readAdmission({ status: 500, data: 'oops' })).toEqual({ kind: 'refused', message: 'status 500' })
})

test('one pod keeps all of it; each other one breaks one thing that has a name', () => {
  expect(trialPods.filter(({ breaks }) => breaks === null)).toHaveLength(1)
  expect(trialPods.filter(({ violation }) => violation !== undefined)).toHaveLength(trialPods.length - 1)
})

test('a refusal for exactly the one thing is as it has to be, and so is the control that is accepted', () => {
  expect(misjudged(escalating, violating('allowPrivilegeEscalation != false (why)'))).toBeUndefined()
  expect(misjudged(control, { kind: 'accepted' })).toBeUndefined()
})

test.each([
  ['an accepted violation', escalating, { kind: 'accepted' } as const, 'is accepted'],
  [
    'a refusal for more than it',
    escalating,
    violating('allowPrivilegeEscalation != false (x), seccompProfile (y)'),
    'refused for allowPrivilegeEscalation != false, seccompProfile',
  ],
  [
    'a refusal for another thing',
    escalating,
    violating('seccompProfile (y)'),
    'is refused for seccompProfile',
  ],
  [
    'a refusal by something else',
    escalating,
    refusal('exceeded quota'),
    'refused, but not by Pod Security: exceeded quota',
  ],
  [
    'a control that is refused',
    control,
    violating('seccompProfile (y)'),
    'a pod that keeps all of it is refused for seccompProfile',
  ],
])('%s is named', (_, trial, admission, words) => expect(misjudged(trial, admission)).toContain(words))

test('baseline alone is not enough', () => {
  const baseline = refusal(
    'pods is forbidden: violates PodSecurity "baseline:latest": allowPrivilegeEscalation != false (x)',
  )
  expect(misjudged(escalating, baseline)).toBeDefined()
})

const collector = (readOnly: boolean, volumes: object[] = []) =>
  workloadDouble('collector', {
    template: {
      spec: {
        serviceAccountName: 'collector',
        containers: [
          {
            name: 'main',
            image: 'x:1',
            volumeMounts: [{ name: 'logs', mountPath: '/var/log/pods', readOnly }],
          },
        ],
        volumes: [{ name: 'logs', hostPath: { path: '/var/log/pods' } }, ...volumes],
      },
    },
  })
const folderOnly = violating('restricted volume types (volume "logs" uses restricted volume type "hostPath")')

test('a folder of the node that is only read is all that may keep the collector from being restricted', () => {
  expect(otherThanReadOnlyFolders(collector(true), folderOnly)).toEqual([])
})

test.each([
  [
    'what it violates beside',
    collector(true),
    violating('runAsNonRoot != true (x), restricted volume types (y)'),
    'Deployment apps/collector also violates: runAsNonRoot != true',
  ],
  [
    'a folder that it may write to',
    collector(false),
    folderOnly,
    'Deployment apps/collector may write to /var/log/pods of the node',
  ],
  [
    'a folder of the node that has no logs',
    collector(true, [{ name: 'node', hostPath: { path: '/var/logic' } }]),
    folderOnly,
    "Deployment apps/collector also reads /var/logic of the node, where no pod's log is",
  ],
  [
    'a volume of another kind that is forbidden',
    collector(true, [{ name: 'share', nfs: { server: 'files' } }]),
    folderOnly,
    'Deployment apps/collector also takes a volume of the kind nfs: share',
  ],
  [
    'that it reads nothing of the node',
    collector(true),
    { kind: 'accepted' } as const,
    'it could run restricted',
  ],
  [
    'a refusal by something else',
    collector(true),
    refusal('no account'),
    'refused, but not by Pod Security: no account',
  ],
])('%s is named', (_, workload, admission, words) => {
  expect(otherThanReadOnlyFolders(workload, admission).join()).toContain(words)
})

test("a trial of a workload has no account of another namespace's", () => {
  expect(podOfTemplate(collector(true))).not.toHaveProperty('serviceAccountName')
  expect(podOfTemplate(collector(true))).toMatchObject({
    automountServiceAccountToken: false,
    volumes: [{ name: 'logs' }],
  })
})
