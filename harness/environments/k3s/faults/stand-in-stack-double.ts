/** Pods of the stack's names that do nothing: faults are about pods, not about what runs in them. */
import { eventually, found, notYet } from '../../../core/eventually.ts'
import type { KubeApi } from '../../../kube/kube-api.ts'
import type { KubeObject } from '../../../kube/kube-object.ts'

export interface StandInPod extends KubeObject {
  readonly status?: {
    readonly containerStatuses?: readonly { containerID?: string; restartCount: number; ready: boolean }[]
  }
}

export const podsNamed = (api: KubeApi, namespace: string, name: string): Promise<StandInPod[]> =>
  api.list<StandInPod>({
    apiVersion: 'v1',
    kind: 'Pod',
    namespace,
    labelSelector: `app.kubernetes.io/name=${name}`,
  })

/** Applies them and waits until they run. @param image of something that does nothing, and is in the node */
export async function applyStandIns(api: KubeApi, image: string): Promise<void> {
  const namespaces = ['observability', 'observability-node', 'apps']
  const podSpec = {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'main',
        image,
        imagePullPolicy: 'Never',
        volumeMounts: [
          { name: 'logs', mountPath: '/var/log/pods', readOnly: true },
          { name: 'state', mountPath: '/state' },
        ],
      },
    ],
    volumes: [
      { name: 'logs', hostPath: { path: '/var/log/pods' } },
      { name: 'state', emptyDir: {} },
    ],
  }
  const labels = (name: string) => ({ 'app.kubernetes.io/name': name })
  const pod = (namespace: string, name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: labels(name), annotations: { 'prometheus.io/scrape': 'true' } },
    spec: podSpec,
  })
  const service = (name: string, port: number) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'observability' },
    spec: { selector: labels('alertmanager'), ports: [{ port }] },
  })
  const objects: KubeObject[] = [
    ...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    // What a controller makes a moment later; without it no pod can be made.
    ...namespaces.map((namespace) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    })),
    service('alertmanager', 9093),
    service('prometheus-to-alertmanager', 9093),
    pod('observability', 'loki'),
    pod('observability', 'prometheus'),
    pod('apps', 'frontend'),
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'collector', namespace: 'observability-node' },
      spec: {
        selector: { matchLabels: labels('collector') },
        template: { metadata: { labels: labels('collector') }, spec: podSpec },
      },
    } as KubeObject,
  ]
  for (const object of objects) await api.apply(object, { fieldManager: 'signalproof-test' })
  const wanted = [
    ['observability', 'loki'],
    ['observability', 'prometheus'],
    ['apps', 'frontend'],
    ['observability-node', 'collector'],
  ] as const
  await eventually(
    'the stand-ins to run',
    async () => {
      const pods = await Promise.all(wanted.map(([namespace, name]) => podsNamed(api, namespace, name)))
      const waiting = wanted.filter(
        (_, index) => pods[index]?.[0]?.status?.containerStatuses?.[0]?.ready !== true,
      )
      return waiting.length === 0
        ? found(true)
        : notYet(`${waiting.map(([, name]) => name).join(', ')} waits`)
    },
    { withinMs: 60_000, everyMs: 200, remedy: "look at the pods' events" },
  )
}
