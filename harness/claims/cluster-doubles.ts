import type { ContainerStatus, Pod, Service, Workload } from './cluster-objects.ts'
import { appLabel } from './cluster-services.ts'

/** Objects of a cluster in which all is well; a test changes the one thing that it is about. */

export const containerDouble = (changes: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'main',
  image: 'signalproof/frontend:abc',
  imageID: 'sha256:1111',
  ready: true,
  restartCount: 0,
  state: { running: { startedAt: '2026-11-23T10:00:00Z' } },
  ...changes,
})

export const podDouble = (
  app: string,
  { spec, status, ...changes }: { spec?: object; status?: object; metadata?: object } = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `${app}-5d9c`,
    namespace: 'apps',
    uid: `uid-of-${app}`,
    labels: { [appLabel]: app },
    ownerReferences: [{ kind: 'ReplicaSet', name: `${app}-5d`, uid: `uid-of-${app}-5d` }],
    ...changes.metadata,
  },
  spec: {
    serviceAccountName: 'default',
    containers: [
      {
        name: 'main',
        image: 'signalproof/frontend:abc',
        ports: [{ name: 'http', containerPort: 8080 }],
      },
    ],
    ...spec,
  },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [containerDouble()],
    ...status,
  },
})

export const workloadDouble = (name: string, spec: object = {}, kind = 'Deployment'): Workload => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'apps', generation: 1, labels: { [appLabel]: name } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { [appLabel]: name } },
    template: { spec: { containers: [{ name: 'main', image: 'signalproof/frontend:abc' }] } },
    ...spec,
  },
})

export const serviceDouble = (name: string, spec: object = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'apps' },
  spec: {
    clusterIP: '10.43.0.20',
    selector: { [appLabel]: name },
    ports: [{ name: 'http', port: 8080, targetPort: 'http' }],
    ...spec,
  },
})
