import { z } from 'zod'
import type { ClusterSection, ClusterService } from '../../config/cluster-section.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { KubeApi } from '../../kube/kube-api.ts'
import type { Permission } from './kubernetes-reads.ts'
import { writePermission } from './permissions.ts'

/**
 * What can be wrong before the first claim is looked at, each with its place in signalproof.config.ts: a server that does
 * not answer, a permission that lacks, a service that is not there.
 */

/** Of the Kubernetes API, what the checks need. */
export type CheckedApi = Pick<KubeApi, 'find' | 'raw'>

const place = (path: string): string => `signalproof.config.ts cluster.${path}`

/** The forwarder's own word for a server that it cannot reach. */
const gatewayFailed = new Set([502, 503, 504])

/**
 * @param server as people know it; the requests themselves go to the forwarder
 * @throws SignalproofError KUBE_UNREACHABLE, KUBE_FORBIDDEN, KUBE_REFUSED
 */
export async function checkServer(api: CheckedApi, server: string): Promise<void> {
  const { status, data } = await api.raw('GET', '/version')
  // Whoever may not read the version is known to the server all the same.
  if (status < 500 && status !== 401) return
  const expected = `the API server ${server} to answer, and to know the user of the context`
  const seen = `status ${status} ${typeof data === 'string' ? data.slice(0, 300) : JSON.stringify(data)}`
  const where = place('context')
  if (gatewayFailed.has(status)) {
    const remedy = 'check that the cluster runs and that its address in the kubeconfig is right'
    throw new SignalproofError('KUBE_UNREACHABLE', { expected, seen: reasonIn(data) ?? seen, where, remedy })
  }
  if (status === 401) {
    const remedy = 'renew the credentials in the kubeconfig: a token may be over'
    throw new SignalproofError('KUBE_FORBIDDEN', { expected, seen, where, remedy })
  }
  const remedy = 'read what the API server says; its log tells more'
  throw new SignalproofError('KUBE_REFUSED', { expected, seen, where, remedy })
}

const reasonIn = (data: unknown): string | undefined => {
  const answer = z.object({ error: z.string() }).safeParse(data)
  return answer.success ? answer.data.error : undefined
}

const reviewAnswer = z.object({ status: z.object({ allowed: z.boolean() }) })

/** Asks the server about every permission that the plan takes. @throws SignalproofError KUBE_FORBIDDEN naming all that lack */
export async function checkPermissions(api: CheckedApi, permissions: readonly Permission[]): Promise<void> {
  const answers = await Promise.all(
    permissions.map(async (permission) => ({ permission, allowed: await isAllowed(api, permission) })),
  )
  const lacking = answers
    .filter(({ allowed }) => !allowed)
    .map(({ permission }) => writePermission(permission))
  if (lacking.length === 0) return
  throw new SignalproofError('KUBE_FORBIDDEN', {
    expected: `the user of the context to have ${permissions.length} permissions, which the plan takes`,
    seen: `${lacking.length} lack:\n${lacking.map((line) => `          ${line}`).join('\n')}`,
    where: place('context'),
    remedy:
      'grant them as in manifests/verification/reader, or take what needs them out of `cluster` in signalproof.config.ts',
  })
}

async function isAllowed(api: CheckedApi, permission: Permission): Promise<boolean> {
  const { verb, group, namespace, name } = permission
  const [resource, subresource] = permission.resource.split('/')
  const { status, data } = await api.raw('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          verb,
          group,
          resource,
          ...(namespace === '' ? {} : { namespace }),
          ...(name === undefined ? {} : { name }),
          ...(subresource === undefined ? {} : { subresource }),
        },
      },
    },
  })
  const answer = reviewAnswer.safeParse(data)
  if (answer.success) return answer.data.status.allowed
  throw new SignalproofError('KUBE_REFUSED', {
    expected: 'the API server to say what the user of the context may do',
    seen: `status ${status} for ${writePermission(permission)}`,
    where: place('context'),
    remedy: 'a user of the cluster may ask this of itself (system:basic-user); look at what denies it',
  })
}

interface ServiceObject {
  readonly spec: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] }
}

/** Every service that is stated is there, with its port. @throws SignalproofError CONFIG_INVALID at the first that is not */
export async function checkServices(
  api: CheckedApi,
  { services, ingress }: Pick<ClusterSection, 'ingress' | 'services'>,
): Promise<void> {
  const stated = [
    ...Object.entries(services).map(([name, service]) => [`services.${name}`, service] as const),
    ['ingress.service', ingress?.service] as const,
  ]
  for (const [path, service] of stated) if (service !== undefined) await checkService(api, path, service)
}

async function checkService(api: CheckedApi, path: string, { namespace, name, port }: ClusterService) {
  const found = await api.find({ apiVersion: 'v1', kind: 'Service', namespace, name })
  if (found === undefined) {
    throw new SignalproofError('CONFIG_INVALID', {
      expected: `the Service ${namespace}/${name} in the cluster`,
      seen: 'none of this name',
      where: place(`${path}.name`),
      remedy: `correct the name or the namespace: kubectl -n ${namespace} get services`,
    })
  }
  const ports = (found as unknown as ServiceObject).spec.ports ?? []
  if (ports.some((known) => known.port === port || known.name === port)) return
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `a port ${port} of the Service ${namespace}/${name}`,
    seen:
      ports
        .map((known) => (known.name === undefined ? `${known.port}` : `${known.name} ${known.port}`))
        .join(', ') || 'none',
    where: place(`${path}.port`),
    remedy: 'take the number or the name of one of them',
  })
}
