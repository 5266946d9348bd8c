import { z } from 'zod'
import { type Container, nameOf, type PodSpec, type Volume, type Workload } from './cluster-objects.ts'

/** What Pod Security refuses, by asking the API server to make pods that it then does not make (dry run). */

export interface TrialPod {
  /** What the pod does that `restricted` does not allow; null for the one that is the control. */
  readonly breaks: string | null
  /** The name of the violation in the refusal. */
  readonly violation?: string
  readonly spec: object
}

const container = {
  name: 'trial',
  image: 'signalproof.dev/never-run:1',
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '1m', memory: '1Mi' } },
}
const spec = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [container],
}
const withContainer = (securityContext: object): object => ({
  ...spec,
  containers: [{ ...container, securityContext: { ...container.securityContext, ...securityContext } }],
})

/** One pod that keeps all of `restricted`, and others that each break one thing of it. */
export const trialPods: readonly TrialPod[] = [
  { breaks: null, spec },
  {
    breaks: 'a process that may gain privileges',
    violation: 'allowPrivilegeEscalation != false',
    spec: withContainer({ allowPrivilegeEscalation: true }),
  },
  {
    breaks: 'capabilities that are not dropped',
    violation: 'unrestricted capabilities',
    spec: withContainer({ capabilities: {} }),
  },
  {
    breaks: 'a container that may run as root',
    violation: 'runAsNonRoot != true',
    spec: { ...spec, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
  },
  {
    breaks: 'no seccomp profile',
    violation: 'seccompProfile',
    spec: { ...spec, securityContext: { runAsNonRoot: true, runAsUser: 65532 } },
  },
  {
    breaks: "a folder of the node's",
    violation: 'restricted volume types',
    spec: { ...spec, volumes: [{ name: 'node', hostPath: { path: '/var/log' } }] },
  },
  { breaks: "the node's network", violation: 'host namespaces', spec: { ...spec, hostNetwork: true } },
]

export type Admission =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'violates'; readonly level: string; readonly violations: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string }

const statusAnswer = z.looseObject({ message: z.string().optional() })

/** What the API server answered to a pod: accepted, refused by Pod Security with these violations, or by something else. */
export function readAdmission({
  status,
  data,
}: {
  readonly status: number
  readonly data: unknown
}): Admission {
  if (status >= 200 && status < 300) return { kind: 'accepted' }
  const parsed = statusAnswer.safeParse(data)
  const message = (parsed.success ? parsed.data.message : undefined) ?? `status ${status}`
  const [, level = '', list] = /violates PodSecurity "([^"]+)": (.*)$/s.exec(message) ?? []
  return list === undefined
    ? { kind: 'refused', message }
    : { kind: 'violates', level, violations: violationsIn(list) }
}

/** `a (why, why), b (why)`: the names that stand before the parentheses. */
function violationsIn(list: string): string[] {
  const names: string[] = []
  let depth = 0
  let name = ''
  for (const char of `${list},`) {
    if (char === '(') depth += 1
    if (depth === 0 && char === ',') {
      if (name.trim() !== '') names.push(name.trim())
      name = ''
    } else if (depth === 0) name += char
    if (char === ')') depth -= 1
  }
  return names
}

/** What is wrong with an answer to a trial pod, in words; undefined where it is as it has to be. */
export function misjudged({ breaks, violation }: TrialPod, admission: Admission): string | undefined {
  const seen =
    admission.kind === 'violates'
      ? `refused for ${admission.violations.join(', ')}`
      : admission.kind === 'refused'
        ? `refused, but not by Pod Security: ${admission.message}`
        : 'accepted'
  if (breaks === null)
    return admission.kind === 'accepted' ? undefined : `a pod that keeps all of it is ${seen}`
  const named =
    admission.kind === 'violates' &&
    admission.violations.join() === violation &&
    admission.level.startsWith('restricted')
  return named ? undefined : `a pod with ${breaks} is ${seen}`
}

/** A pod of a workload as the API server would make it: only what admission does not look at is left out. */
export const podOfTemplate = ({ spec: { template } }: Workload): PodSpec => {
  const { serviceAccountName: _, serviceAccount: __, nodeName: ___, ...rest } = template.spec
  return { ...rest, automountServiceAccountToken: false }
}

/** Where a node has the log files of its pods: what the container runtime writes, and for Docker what those are links to. */
const logFolders = ['/var/log', '/var/lib/docker/containers']
const isOfLogs = (path: string): boolean =>
  logFolders.some((folder) => path === folder || path.startsWith(`${folder}/`))

/** Volumes that `restricted` allows: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const restrictedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
])

/**
 * What else than read-only folders of the node's logs a workload takes that `restricted` does not allow, in words; empty where
 * they are all.
 */
export function otherThanReadOnlyFolders(workload: Workload, admission: Admission): string[] {
  if (admission.kind === 'accepted')
    return [`${nameOf(workload)} takes no folder of the node: it could run restricted`]
  if (admission.kind === 'refused')
    return [`${nameOf(workload)} is refused, but not by Pod Security: ${admission.message}`]
  const others = admission.violations.filter((name) => name !== 'restricted volume types')
  const { volumes = [], containers, initContainers = [] } = workload.spec.template.spec
  const kindsOf = ({ name: _, ...kinds }: Volume): string[] => Object.keys(kinds)
  const forbidden = volumes.flatMap((volume) =>
    kindsOf(volume)
      .filter((kind) => kind !== 'hostPath' && !restrictedVolumes.has(kind))
      .map((kind) => `${nameOf(workload)} also takes a volume of the kind ${kind}: ${volume.name}`),
  )
  const folders = new Map(
    volumes.flatMap(({ name, hostPath }) => (hostPath === undefined ? [] : [[name, hostPath.path]])),
  )
  const written = [...initContainers, ...containers].flatMap((one: Container) =>
    (one.volumeMounts ?? []).filter(({ name, readOnly }) => folders.has(name) && readOnly !== true),
  )
  return [
    ...others.map((name) => `${nameOf(workload)} also violates: ${name}`),
    ...forbidden,
    ...[...folders.values()]
      .filter((path) => !isOfLogs(path))
      .map((path) => `${nameOf(workload)} also reads ${path} of the node, where no pod's log is`),
    ...written.map(({ name }) => `${nameOf(workload)} may write to ${folders.get(name)} of the node`),
  ]
}
