import { eventually, found, notYet } from '../../core/eventually.ts'
import { send } from '../../core/http.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { KubeObject } from '../../kube/kube-object.ts'
import type { Service } from '../../kube/workloads.ts'
import type { AddressOf } from '../stack-addresses.ts'

/** The label by which a Service says under which name the harness reaches it from outside. */
export const endpointLabel = 'signalproof.dev/endpoint'

/** A Service of the rendering that is to be reached: its name here, and the port of the node that leads to it. */
export interface Endpoint {
  readonly name: string
  readonly namespace: string
  readonly service: string
  readonly nodePort: number
  readonly selector: Readonly<Record<string, string>>
}

/** @throws SignalproofError CONFIG_INVALID for a labelled Service without exactly one node port, or two of one name or port */
export function endpointsOf(objects: readonly KubeObject[]): Endpoint[] {
  const endpoints = objects.flatMap((object) => {
    const name = object.metadata.labels?.[endpointLabel]
    return object.kind === 'Service' && name !== undefined ? [endpointOf(name, object as Service)] : []
  })
  for (const key of ['name', 'nodePort'] as const) {
    const twice = endpoints.find(
      (one, index) => endpoints.findIndex((other) => other[key] === one[key]) < index,
    )
    if (twice !== undefined) throw invalid(twice.service, `a ${key} of its own`, `${twice[key]} twice`)
  }
  return endpoints
}

function endpointOf(name: string, { metadata, spec }: Service): Endpoint {
  const [port, ...more] = spec.ports
  if (port?.nodePort === undefined || more.length > 0)
    throw invalid(metadata.name, 'one port with a fixed nodePort', JSON.stringify(spec.ports))
  return {
    name,
    namespace: metadata.namespace ?? 'default',
    service: metadata.name,
    nodePort: port.nodePort,
    selector: spec.selector ?? {},
  }
}

const invalid = (service: string, expected: string, seen: string): SignalproofError =>
  new SignalproofError('CONFIG_INVALID', {
    expected: `${expected} in a Service with the label ${endpointLabel}`,
    seen,
    where: `Service ${service}, manifests/verification`,
    remedy: 'correct the Service',
  })

/** Where each endpoint is reached from this machine. @throws SignalproofError CONFIG_INVALID for a name that no Service has */
export function addressesOf(
  endpoints: readonly Endpoint[],
  mappedPort: (nodePort: number) => number,
): AddressOf {
  return (name) => {
    const endpoint = endpoints.find((known) => known.name === name)
    if (endpoint !== undefined) return `http://127.0.0.1:${mappedPort(endpoint.nodePort)}`
    throw invalid(
      name,
      `a Service ${endpointLabel}: ${name}`,
      endpoints.map((known) => known.name).join(', '),
    )
  }
}

/**
 * Waits until each address answers HTTP, whatever it answers: the way from this machine through the node to a pod is open.
 * @throws SignalproofError WAIT_TIMEOUT with the one that does not
 */
export async function reachEndpoints(
  addresses: ReadonlyMap<string, string>,
  { withinMs, signal }: { withinMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  await Promise.all(
    [...addresses].map(([name, url]) =>
      eventually(
        `${name} to answer at ${url}`,
        async (lookSignal) => {
          // No app counts this one, and nothing is asked of others for it: who sends us elsewhere has answered.
          const { status } = await send({
            backend: name,
            url: `${url}/healthz`,
            signal: lookSignal,
          })
          return status === 502 || status === 503 ? notYet(`${status}`) : found(undefined)
        },
        {
          withinMs,
          everyMs: 100,
          signal,
          remedy: `compare the selector of the Service with the label ${endpointLabel}: ${name} with the labels of its pods`,
        },
      ),
    ),
  )
}
