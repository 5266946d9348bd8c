import { sourcesOf } from '../../harness/config/configuration-checksum.ts'
import { type ManifestObject, objectName } from '../../harness/config/manifest-object.ts'
import { listensOn, type ManifestProblem, type ObjectSet, selects, writeLabels } from './object-set.ts'

/** What names something that has to be there: each is valid for the API server and does nothing when it is not. */

interface ServiceSpec {
  readonly selector?: Record<string, string>
  readonly ports: readonly {
    readonly name?: string
    readonly port: number
    readonly targetPort?: number | string
  }[]
}

export function serviceProblems(set: ObjectSet): ManifestProblem[] {
  return set.ofKind('Service').flatMap((service) => {
    const { selector, ports } = service.spec as ServiceSpec
    const problem = problemOf(service)
    if (selector === undefined) return []
    const pods = set.pods.filter(
      ({ template, namespace }) =>
        namespace === service.metadata.namespace &&
        selects({ matchLabels: selector }, template.metadata.labels),
    )
    if (pods.length === 0) {
      return [
        problem(
          `its selector ${writeLabels(selector)} selects no pod of its namespace; correct the selector`,
        ),
      ]
    }
    return ports.flatMap(({ port, targetPort = port }) =>
      pods.some((pod) => listensOn(pod, targetPort))
        ? []
        : [
            problem(
              `no container of its pods has the port ${targetPort}; correct targetPort or the container's ports`,
            ),
          ],
    )
  })
}

interface IngressSpec {
  readonly ingressClassName?: string
  readonly rules: readonly {
    readonly http: {
      readonly paths: readonly {
        readonly path: string
        readonly backend: {
          readonly service: { readonly name: string; readonly port: { name?: string; number?: number } }
        }
      }[]
    }
  }[]
}

export function ingressProblems(set: ObjectSet): ManifestProblem[] {
  return set.ofKind('Ingress').flatMap((ingress) => {
    const { ingressClassName = '', rules } = ingress.spec as IngressSpec
    const problem = problemOf(ingress)
    const noClass = set.has('IngressClass', ingressClassName)
      ? []
      : [problem(`there is no IngressClass ${JSON.stringify(ingressClassName)}: nobody would serve it`)]
    const backends = rules
      .flatMap(({ http }) => http.paths)
      .flatMap(({ path, backend }) => {
        const { name, port } = backend.service
        const service = set.find('Service', name, ingress.metadata.namespace)
        if (service === undefined)
          return [problem(`the path ${path} leads to the Service ${name}, which does not exist`)]
        const known = (service.spec as ServiceSpec).ports.some(
          (each) => each.port === port.number || (port.name !== undefined && each.name === port.name),
        )
        return known
          ? []
          : [
              problem(
                `the path ${path} leads to a port that the Service ${name} does not have: ${JSON.stringify(port)}`,
              ),
            ]
      })
    return [...noClass, ...backends]
  })
}

interface AutoscalerSpec {
  readonly scaleTargetRef: { readonly kind: string; readonly name: string }
}

export function autoscalerProblems(set: ObjectSet): ManifestProblem[] {
  return set.ofKind('HorizontalPodAutoscaler').flatMap((autoscaler) => {
    const { kind, name } = (autoscaler.spec as AutoscalerSpec).scaleTargetRef
    const problem = problemOf(autoscaler)
    const target = set.pods.find(
      ({ object, namespace }) =>
        object.kind === kind && object.metadata.name === name && namespace === autoscaler.metadata.namespace,
    )
    if (target === undefined) return [problem(`it scales ${kind} ${name}, which does not exist`)]
    const unmeasured = target.template.spec.containers.filter(
      ({ resources }) => resources?.requests?.cpu === undefined,
    )
    const { replicas } = target.object.spec as { replicas?: number }
    return [
      ...unmeasured.map((container) =>
        problem(
          `the container ${container.name} of its target has no CPU request, so there is nothing to take a share of`,
        ),
      ),
      ...(replicas === undefined
        ? []
        : [
            problem(
              `its target says replicas: ${replicas}, which undoes the scaling at every deploy; leave it out`,
            ),
          ]),
    ]
  })
}

/** ConfigMaps, Secrets, claims and accounts that pods ask for; `elsewhere` names what is not of manifests/. */
export function podReferenceProblems(set: ObjectSet, elsewhere: ReadonlySet<string>): ManifestProblem[] {
  return set.pods.flatMap(({ object, template, namespace }) => {
    const { serviceAccountName, volumes = [] } = template.spec
    const claims = volumes.flatMap(({ persistentVolumeClaim }) =>
      persistentVolumeClaim === undefined ? [] : [(persistentVolumeClaim as { claimName: string }).claimName],
    )
    const asked = [
      ...sourcesOf(template),
      ...claims.map((name) => ({ kind: 'PersistentVolumeClaim', name })),
      ...(serviceAccountName === undefined
        ? []
        : [{ kind: 'ServiceAccount', name: String(serviceAccountName) }]),
    ]
    return asked
      .filter(
        ({ kind, name }) => !set.has(kind, name, namespace) && !elsewhere.has(`${kind}.${namespace}.${name}`),
      )
      .map(({ kind, name }) =>
        problemOf(object)(`its pods need the ${kind} ${name}, which does not exist: they would never start`),
      )
  })
}

interface Binding {
  readonly roleRef: { readonly kind: string; readonly name: string }
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[]
}

/** Roles that every cluster has. */
const rolesOfEveryCluster = new Set([
  'system:auth-delegator',
  'extension-apiserver-authentication-reader',
  'view',
])

export function bindingProblems(set: ObjectSet): ManifestProblem[] {
  return [...set.ofKind('RoleBinding'), ...set.ofKind('ClusterRoleBinding')].flatMap((binding) => {
    const { roleRef, subjects = [] } = binding as unknown as Binding
    const namespace = roleRef.kind === 'Role' ? binding.metadata.namespace : undefined
    const problem = problemOf(binding)
    return [
      ...(set.has(roleRef.kind, roleRef.name, namespace) || rolesOfEveryCluster.has(roleRef.name)
        ? []
        : [problem(`it gives the ${roleRef.kind} ${roleRef.name}, which does not exist`)]),
      ...subjects
        .filter(({ kind, name, namespace: of }) => kind === 'ServiceAccount' && !set.has(kind, name, of))
        .map(({ name, namespace: of }) =>
          problem(`it names the ServiceAccount ${of}/${name}, which does not exist`),
        ),
    ]
  })
}

export function apiServiceProblems(set: ObjectSet): ManifestProblem[] {
  return set.ofKind('APIService').flatMap((api) => {
    const { service } = api.spec as { service?: { name: string; namespace: string } }
    return service === undefined || set.has('Service', service.name, service.namespace)
      ? []
      : [
          problemOf(api)(
            `it is served by the Service ${service.namespace}/${service.name}, which does not exist`,
          ),
        ]
  })
}

const problemOf =
  (object: ManifestObject) =>
  (says: string): ManifestProblem => ({ object: objectName(object), says })
