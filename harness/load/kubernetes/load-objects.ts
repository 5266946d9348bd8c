import { basename } from 'node:path'
import type { KubeObject } from '../../kube/kube-object.ts'
import { images } from '../../toolchain/images.ts'
import type { LoadRoute } from '../load-figures.ts'
import { type TestRun, testRunSchema } from './test-run-schema.ts'
import type { WorkloadFile } from './workload-files.ts'

/** A workload as objects of Kubernetes: the same files, told the same things, by the same program. */
export interface LoadOnKubernetes {
  /** The path of the script; it is one of `files`. */
  readonly script: string
  readonly files: readonly WorkloadFile[]
  /** Where the ingress is inside the cluster, and the host by which it finds the apps. */
  readonly url: string
  readonly host: string
  readonly routes: readonly LoadRoute[]
  readonly ratePerSecond: number
  readonly durationMs: number
  readonly runId: string
}

/** A namespace of its own, so that nothing is left when it is removed. */
export const loadNamespace = 'load'

const labels = { 'app.kubernetes.io/name': 'k6', 'app.kubernetes.io/part-of': 'signalproof-load' }
const mountPath = '/load'
/** Starting, the last answers, and the figures: longer than k6 itself takes to give up. */
const longerThanWorkloadSeconds = 90
/** Its figures are in its log for an hour. */
const keptSeconds = 3600

export function namespaceObject(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: loadNamespace,
      labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'restricted' },
    },
  }
}

export function filesObject({ files, runId }: LoadOnKubernetes): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: nameOf(runId), namespace: loadNamespace, labels },
    data: Object.fromEntries(files.map(({ key, text }) => [key, text])),
  } as KubeObject
}

/** The workload as one pod that runs once. It prints its figures, as load/lib/figures.ts writes them, at the end of its log. */
export function jobObject(load: LoadOnKubernetes): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: nameOf(load.runId), namespace: loadNamespace, labels },
    spec: {
      // What ran twice would be counted twice.
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(load.durationMs / 1000) + longerThanWorkloadSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurity,
          containers: [
            {
              name: 'k6',
              image: images.k6,
              imagePullPolicy: 'IfNotPresent',
              args: ['run', '--quiet', '--log-format=json', `${mountPath}/${basename(load.script)}`],
              env: environmentOf(load),
              resources,
              securityContext: containerSecurity,
              volumeMounts,
            },
          ],
          volumes: volumesOf(load),
        },
      },
    },
  } as KubeObject
}

/** The workload split over several pods: each of k6-operator's runners takes its part of the rate. */
export function testRunObject(load: LoadOnKubernetes, parallelism: number): TestRun {
  return testRunSchema.parse({
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: { name: nameOf(load.runId), namespace: loadNamespace, labels },
    spec: {
      parallelism,
      // Not from the operator's own mount of a ConfigMap: that has no folders, and the workloads have lib/.
      arguments: '--quiet --log-format=json',
      script: { localFile: `${mountPath}/${basename(load.script)}` },
      // Its pods have to be what the namespace lets in, too.
      initializer: { securityContext: podSecurity, containerSecurityContext: containerSecurity },
      starter: { securityContext: podSecurity, containerSecurityContext: containerSecurity },
      runner: {
        image: images.k6,
        imagePullPolicy: 'IfNotPresent',
        automountServiceAccountToken: 'false',
        env: environmentOf(load),
        resources,
        securityContext: podSecurity,
        containerSecurityContext: containerSecurity,
        volumes: volumesOf(load),
        volumeMounts,
      },
    },
  })
}

/** Of the Job or TestRun, and of its ConfigMap. */
export const nameOf = (runId: string): string => `load-${runId.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`

/** As load/lib/settings.ts reads them. */
function environmentOf({
  url,
  host,
  routes,
  ratePerSecond,
  durationMs,
  runId,
}: LoadOnKubernetes): { name: string; value: string }[] {
  const variables = {
    LOAD_URL: url,
    LOAD_HOST: host,
    LOAD_RATE: String(ratePerSecond),
    LOAD_DURATION_SECONDS: String(durationMs / 1000),
    LOAD_ROUTES: JSON.stringify(routes),
    LOAD_RUN_ID: runId,
    K6_NO_USAGE_REPORT: 'true',
  }
  return Object.entries(variables).map(([name, value]) => ({ name, value }))
}

/** The user of upstream's image, by number: `restricted` takes no name for it. */
const imageUser = 12345
const podSecurity = {
  runAsNonRoot: true,
  runAsUser: imageUser,
  runAsGroup: imageUser,
  seccompProfile: { type: 'RuntimeDefault' },
}
const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
}
/** Small beside what it loads: where a core is short, the apps come first. */
const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } }

const volumeMounts = [
  { name: 'workload', mountPath, readOnly: true },
  // The operator's first pod writes an archive of the script there.
  { name: 'tmp', mountPath: '/tmp' },
]

const volumesOf = ({ files, runId }: LoadOnKubernetes) => [
  {
    name: 'workload',
    configMap: { name: nameOf(runId), items: files.map(({ key, path }) => ({ key, path })) },
  },
  { name: 'tmp', emptyDir: {} },
]
