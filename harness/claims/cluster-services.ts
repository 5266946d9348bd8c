import type { WatchedApp } from '../config/config-schema.ts'
import {
  type EndpointSlice,
  hasLabels,
  type Ingress,
  type IngressBackend,
  isLive,
  nameOf,
  type Pod,
  type Service,
} from './cluster-objects.ts'

/** Whether what is asked for by a name reaches the pods that are meant: the Services' selectors and the Ingress' paths. */

/** The label by which a pod says whose it is. */
export const appLabel = 'app.kubernetes.io/name'

/** Services that lead nowhere, each with the reason: no pod has the labels, none is ready, the port has another name. */
export function servicesWithoutEndpoints(
  services: readonly Service[],
  pods: readonly Pod[],
  slices: readonly EndpointSlice[],
): string[] {
  return services.flatMap((service) => {
    const { selector } = service.spec
    if (selector === undefined || Object.keys(selector).length === 0) return []
    const selected = podsOf(service, pods)
    if (selected.length === 0) return [`${nameOf(service)} ${whyNoneSelected(service, pods)}`]
    const wrongPort = unknownTargetPort(service, selected)
    if (wrongPort !== undefined) return [`${nameOf(service)} ${wrongPort}`]
    return readyEndpoints(service, slices) > 0
      ? []
      : [`${nameOf(service)} has no ready endpoint: of its ${selected.length} pods none is ready`]
  })
}

const podsOf = (service: Service, pods: readonly Pod[]): Pod[] =>
  pods.filter(
    (pod) =>
      isLive(pod) &&
      pod.metadata.namespace === service.metadata.namespace &&
      hasLabels(pod.metadata.labels, service.spec.selector ?? {}),
  )

const readyEndpoints = (service: Service, slices: readonly EndpointSlice[]): number =>
  slices
    .filter(
      ({ metadata: { namespace, labels } }) =>
        namespace === service.metadata.namespace &&
        labels?.['kubernetes.io/service-name'] === service.metadata.name,
    )
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length

function whyNoneSelected({ metadata, spec }: Service, pods: readonly Pod[]): string {
  const selector = spec.selector ?? {}
  const there = pods.filter((pod) => pod.metadata.namespace === metadata.namespace)
  const names = [...new Set(there.map((pod) => pod.metadata.labels?.[appLabel] ?? pod.metadata.name))].sort()
  const wanted = Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  return `selects ${wanted}, which no pod has; pods of ${names.join(', ') || 'nobody'} are there`
}

/** A target port that is a name has to be a port of the pods' containers. */
function unknownTargetPort({ spec }: Service, selected: readonly Pod[]): string | undefined {
  const known = new Set(
    selected.flatMap((pod) =>
      pod.spec.containers.flatMap(({ ports }) => (ports ?? []).flatMap(({ name }) => name ?? [])),
    ),
  )
  const wrong = (spec.ports ?? []).find(
    ({ targetPort }) => typeof targetPort === 'string' && !known.has(targetPort),
  )
  return wrong === undefined
    ? undefined
    : `points its port ${wrong.name ?? wrong.port} at the container port ${wrong.targetPort}, which its pods do not have; they have ${[...known].join(', ') || 'none with a name'}`
}

export interface IngressObjects {
  readonly ingresses: readonly Ingress[]
  readonly services: readonly Service[]
  readonly pods: readonly Pod[]
}

/** Paths of the watched apps that the Ingress objects of its namespace do not take to that app's pods. */
export function misroutedPaths(
  apps: readonly Pick<WatchedApp, 'name' | 'namespace' | 'good'>[],
  host: string,
  { ingresses, services, pods }: IngressObjects,
): string[] {
  return apps.flatMap(({ name, namespace, good }) => {
    const own = ingresses.filter((ingress) => ingress.metadata.namespace === namespace)
    const paths = [...new Set(good.map(({ path }) => pathnameOf(path)))]
    return paths.flatMap((path) => {
      const taken = ruleFor(own, host, path)
      if (taken === undefined)
        return [`no Ingress of ${namespace} takes ${host}${path}, which is ${name}'s; ${describePaths(own)}`]
      const wrong = whyWrong(taken.backend, { name, namespace }, services, pods)
      return wrong === undefined
        ? []
        : [
            `${nameOf(taken.ingress)} takes ${host}${path} by the path ${taken.path}, but ${name} is not there: ${wrong}`,
          ]
    })
  })
}

interface TakenPath {
  readonly ingress: Ingress
  readonly path: string
  readonly backend: IngressBackend
}

/** As an ingress controller decides: of the paths that match, the longest. */
function ruleFor(ingresses: readonly Ingress[], host: string, path: string): TakenPath | undefined {
  const matching = ingresses.flatMap((ingress) =>
    (ingress.spec.rules ?? [])
      .filter((rule) => rule.host === undefined || rule.host === host)
      .flatMap(({ http }) => http?.paths ?? [])
      .filter((one) => isTakenBy(path, one.path ?? '/', one.pathType))
      .map((one) => ({ ingress, path: one.path ?? '/', backend: one.backend })),
  )
  return matching.toSorted((a, b) => b.path.length - a.path.length)[0]
}

/** `Prefix` matches whole elements: /v1 takes /v1/x, and not /v10. */
export function isTakenBy(path: string, rulePath: string, pathType: string): boolean {
  if (pathType === 'Exact') return path === rulePath
  const prefix = rulePath.replace(/\/+$/, '')
  return path === prefix || path.startsWith(`${prefix}/`)
}

function whyWrong(
  { service: backend }: IngressBackend,
  app: { readonly name: string; readonly namespace: string },
  services: readonly Service[],
  pods: readonly Pod[],
): string | undefined {
  if (backend === undefined) return 'its backend is no Service'
  const service = services.find(
    ({ metadata }) => metadata.namespace === app.namespace && metadata.name === backend.name,
  )
  if (service === undefined) return `there is no Service ${app.namespace}/${backend.name}`
  const { name, number } = backend.port ?? {}
  const ports = service.spec.ports ?? []
  if (!ports.some((port) => (name === undefined ? port.port === number : port.name === name)))
    return `${nameOf(service)} has no port ${name ?? number}; it has ${ports.map((port) => port.name ?? port.port).join(', ')}`
  const owners = [...new Set(podsOf(service, pods).map(({ metadata }) => metadata.labels?.[appLabel]))]
  const strangers = owners.filter((owner) => owner !== app.name)
  if (owners.length === 0) return `${nameOf(service)} ${whyNoneSelected(service, pods)}`
  return strangers.length === 0
    ? undefined
    : `${nameOf(service)} leads to the pods of ${strangers.join(', ')}`
}

const describePaths = (ingresses: readonly Ingress[]): string => {
  const paths = ingresses.flatMap(({ spec }) =>
    (spec.rules ?? []).flatMap(({ host, http }) =>
      (http?.paths ?? []).map(({ path }) => `${host ?? '*'}${path ?? '/'}`),
    ),
  )
  return paths.length === 0 ? 'there is none' : `they take ${paths.join(', ')}`
}

const pathnameOf = (path: string): string => new URL(path, 'http://any').pathname
