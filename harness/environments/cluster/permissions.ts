import type { ClusterSection } from '../../config/cluster-section.ts'
import type { SignalproofConfig } from '../../config/config-schema.ts'
import { kubernetesReads, type Permission } from './kubernetes-reads.ts'
import type { PlannedBackend } from './planned-backends.ts'

/** Every permission that the planned requests take, and no other. */
export function neededPermissions(
  section: ClusterSection,
  config: Pick<SignalproofConfig, 'apps'>,
  backends: readonly PlannedBackend[],
): Permission[] {
  const all = [
    ...kubernetesReads(section, config).flatMap(({ permission }) => permission ?? []),
    ...backends.flatMap(permissionsOf),
  ]
  return [...new Map(all.map((permission) => [writePermission(permission), permission])).values()]
}

/** The verb of RBAC that the server takes a method of a proxied request for. */
const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
  OPTIONS: 'options',
}

function permissionsOf({ route, calls }: PlannedBackend): Permission[] {
  const methods = [...new Set(calls.map((call) => call.split(' ')[0] ?? ''))]
  switch (route.kind) {
    case 'service': {
      const { namespace, name, port, scheme } = route.service
      return methods.map((method) => ({
        verb: verbs[method] ?? method.toLowerCase(),
        group: '',
        resource: 'services/proxy',
        namespace,
        name: `${scheme === 'https' ? 'https:' : ''}${name}:${port}`,
      }))
    }
    case 'pod':
      return [{ verb: 'get', group: '', resource: 'pods/proxy', namespace: route.namespace }]
    case 'port-forward':
      return ['get', 'create'].map((verb) => ({
        verb,
        group: '',
        resource: 'pods/portforward',
        namespace: route.namespace,
      }))
    case 'api-server':
    case 'url':
      return []
  }
}

/** As people say it: `get services/proxy prometheus:9090 in observability`. */
export function writePermission({ verb, group, resource, namespace, name }: Permission): string {
  const where = namespace === '' ? 'in the whole cluster' : `in ${namespace}`
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`} ${where}`
}
