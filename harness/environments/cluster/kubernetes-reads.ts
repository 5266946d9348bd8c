import type { ClusterSection } from '../../config/cluster-section.ts'
import type { SignalproofConfig } from '../../config/config-schema.ts'
import type { DeclaredCall } from '../../core/declared-call.ts'

/** What is asked of the API server itself, each call with the permission that it takes. */

/** As RBAC says it; a subresource is written `pods/log`, an empty namespace is the whole cluster. */
export interface Permission {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly namespace: string
  readonly name?: string
}

export interface KubernetesRead {
  readonly call: DeclaredCall
  /** Left out where everybody who is known to the server may. */
  readonly permission?: Permission
}

/** Kinds whose lists the claims about Kubernetes judge, by API group. */
const listedKinds: Readonly<Record<string, readonly string[]>> = {
  v1: ['pods', 'services', 'configmaps', 'events'],
  'apps/v1': ['deployments', 'daemonsets', 'statefulsets', 'replicasets'],
  'discovery.k8s.io/v1': ['endpointslices'],
  'networking.k8s.io/v1': ['ingresses', 'networkpolicies'],
  'autoscaling/v2': ['horizontalpodautoscalers'],
  'metrics.k8s.io/v1beta1': ['pods'],
}

export function kubernetesReads(
  section: Pick<
    ClusterSection,
    'allow' | 'appPods' | 'collectorConfiguration' | 'ingress' | 'namespaces' | 'services'
  >,
  { apps }: Pick<SignalproofConfig, 'apps'>,
): KubernetesRead[] {
  const { allow, collectorConfiguration, ingress, namespaces, services, appPods } = section
  const stated = [...Object.values(services), ingress?.service].filter((service) => service !== undefined)
  const appNamespaces = [...new Set(apps.map(({ namespace }) => namespace))]
  const secret = appPods.faultSwitch?.token.secret
  return unique([
    { call: 'GET /version' },
    // What the server calls each kind.
    { call: 'GET /api/v1' },
    { call: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews' },
    ...stated.map(({ namespace, name }) => object('get', 'services', namespace, name)),
    ...(collectorConfiguration === undefined
      ? []
      : [object('get', 'configmaps', collectorConfiguration.namespace, collectorConfiguration.configMap)]),
    ...(allow.includes('traffic') ? appNamespaces.map((namespace) => list('v1', 'pods', namespace)) : []),
    ...(allow.includes('app-faults')
      ? [
          ...appNamespaces.map(logs),
          ...(secret === undefined ? [] : [object('get', 'secrets', secret.namespace, secret.name)]),
        ]
      : []),
    ...(namespaces.length === 0 ? [] : clusterReads(namespaces)),
  ])
}

/** What the claims about Kubernetes itself ask. */
function clusterReads(namespaces: readonly string[]): KubernetesRead[] {
  return [
    { call: 'GET /readyz' },
    ...Object.keys(listedKinds)
      .filter((group) => group !== 'v1')
      .map((group): KubernetesRead => ({ call: `GET /apis/${group}` })),
    { call: 'GET /apis/apiregistration.k8s.io/v1' },
    {
      call: 'GET /apis/apiregistration.k8s.io/v1/apiservices/{name}',
      permission: { verb: 'get', group: 'apiregistration.k8s.io', resource: 'apiservices', namespace: '' },
    },
    {
      call: 'GET /api/v1/nodes',
      permission: { verb: 'list', group: '', resource: 'nodes', namespace: '' },
    },
    ...Object.entries(listedKinds).flatMap(([group, resources]) =>
      resources.flatMap((resource) => namespaces.map((namespace) => list(group, resource, namespace))),
    ),
    // The last lines of what is not well.
    ...namespaces.map(logs),
  ]
}

const logs = (namespace: string): KubernetesRead => ({
  call: `GET /api/v1/namespaces/${namespace}/pods/{pod}/log`,
  permission: { verb: 'get', group: '', resource: 'pods/log', namespace },
})

const object = (verb: string, resource: string, namespace: string, name: string): KubernetesRead => ({
  call: `GET /api/v1/namespaces/${namespace}/${resource}/${name}`,
  permission: { verb, group: '', resource, namespace, name },
})

const list = (version: string, resource: string, namespace: string): KubernetesRead => ({
  call: `GET /${version.includes('/') ? 'apis' : 'api'}/${version}/namespaces/${namespace}/${resource}`,
  permission: {
    verb: 'list',
    group: version.includes('/') ? (version.split('/')[0] ?? '') : '',
    resource,
    namespace,
  },
})

const unique = (reads: readonly KubernetesRead[]): KubernetesRead[] => [
  ...new Map(reads.map((read) => [read.call, read])).values(),
]
