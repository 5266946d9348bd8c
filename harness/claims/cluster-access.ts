import { getAtPath, isMap } from '../config/document-path.ts'
import { isLive, type Pod } from './cluster-objects.ts'
import { appLabel } from './cluster-services.ts'

/** What each component of the stack has to be allowed in the API, and what none may be. */

export interface AccessReview {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  /** Empty for all namespaces. */
  readonly namespace: string
}

export interface ComponentAccess {
  /** The value of the label app.kubernetes.io/name of its pods. */
  readonly component: string
  readonly because: string
  readonly reviews: readonly AccessReview[]
}

const reading = (group: string, resource: string, namespace: string): AccessReview[] =>
  ['list', 'watch'].map((verb) => ({ verb, group, resource, namespace }))

/** Why each component has to be allowed what, for the apps of one namespace and the collector's own configuration. */
export function neededAccess(appsNamespace: string, collectorConfiguration: unknown): ComponentAccess[] {
  return [
    {
      component: 'collector',
      because: 'it asks for the labels of the pods whose lines it reads',
      reviews: reading('', 'pods', namespaceOfCollector(collectorConfiguration)),
    },
    {
      component: 'prometheus',
      because: 'it discovers the pods of the apps',
      reviews: reading('', 'pods', appsNamespace),
    },
    {
      component: 'traefik',
      because: 'it takes its routes from the Ingress objects',
      reviews: [
        ...reading('networking.k8s.io', 'ingresses', appsNamespace),
        ...reading('', 'services', appsNamespace),
        ...reading('discovery.k8s.io', 'endpointslices', appsNamespace),
      ],
    },
    {
      component: 'metrics-server',
      because: 'it reads the kubelets',
      reviews: [
        { verb: 'get', group: '', resource: 'nodes', subresource: 'metrics', namespace: '' },
        ...reading('', 'pods', ''),
        ...reading('', 'nodes', ''),
      ],
    },
  ]
}

/** Without a filter the collector lists the pods of all namespaces. */
function namespaceOfCollector(configuration: unknown): string {
  const namespace = getAtPath(configuration, 'processors.k8s_attributes.filter.namespace')
  return typeof namespace === 'string' ? namespace : ''
}

/** What no account of the stack needs: whoever takes one over would have the cluster. */
export function excessAccess(component: string, namespaces: readonly string[]): AccessReview[] {
  return namespaces.flatMap((namespace) => [
    ...(component === 'traefik' ? [] : [{ verb: 'list', group: '', resource: 'secrets', namespace }]),
    { verb: 'create', group: '', resource: 'pods', namespace },
    { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace },
    { verb: 'patch', group: 'apps', resource: 'deployments', namespace },
  ])
}

/** The account of a component's pods: `system:serviceaccount:observability:prometheus`; undefined without a pod. */
export function accountOf(component: string, pods: readonly Pod[]): string | undefined {
  const pod = pods.find((one) => isLive(one) && one.metadata.labels?.[appLabel] === component)
  return pod === undefined
    ? undefined
    : `system:serviceaccount:${pod.metadata.namespace}:${pod.spec.serviceAccountName ?? 'default'}`
}

export const reviewObject = (user: string, { group, subresource, ...review }: AccessReview): object => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SubjectAccessReview',
  spec: {
    user,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${user.split(':')[2]}`,
      'system:authenticated',
    ],
    resourceAttributes: { ...review, group, ...(subresource === undefined ? {} : { subresource }) },
  },
})

/** Whether a SubjectAccessReview was answered with yes. */
export const isAllowed = (answer: unknown): boolean =>
  isMap(answer) && getAtPath(answer, 'status.allowed') === true

/** `list pods in apps`. */
export const writeReview = ({ verb, resource, subresource, namespace }: AccessReview): string =>
  `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}${namespace === '' ? ' of the whole cluster' : ` in ${namespace}`}`
