import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import axios from 'axios'
import type { KubeConnection } from '../../kube/kube-connection.ts'
import type { ForwardedBackend, PassedRequest } from './forwarder.ts'
import { apiPathOf, type PlannedBackend } from './planned-backends.ts'

/** How a planned request leaves this machine: through the API server with the kubeconfig's credentials, or to an address. */

export interface WayParts {
  readonly connection: KubeConnection
  /** The pod of an app; known once the cluster was asked. */
  readonly podOf: (app: string) => string
  /** Where a forwarded port of an app's pod listens on this machine. */
  readonly forwardedPort: (app: string) => number
}

export function waysTo(backends: readonly PlannedBackend[], parts: WayParts): ForwardedBackend[] {
  return backends.map((backend) => ({
    name: backend.name,
    calls: backend.calls,
    pass: wayTo(backend, parts),
  }))
}

function wayTo(
  { name, route, headers }: PlannedBackend,
  { connection, podOf, forwardedPort }: WayParts,
): ForwardedBackend['pass'] {
  if (route.kind === 'url') return (request) => passTo(route.url.replace(/\/$/, ''), request)
  if (route.kind === 'port-forward')
    return (request) => passTo(`http://127.0.0.1:${forwardedPort(route.app)}`, request)
  // Credentials of another kind are none of the API server's; it checks its own certificate by its own name, and only an
  // ingress wants to know whom it is asked as.
  const notForIt = name === 'ingress' ? ['authorization'] : ['authorization', 'host']
  return ({ method, path, headers: asked, body, signal }) =>
    connection.pass(method, `${apiPathOf(route, podOf)}${path}`, {
      body,
      headers: { ...without(asked, notForIt), ...headers },
      timeoutMs: 0,
      signal,
    })
}

function without(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())))
}

const client = axios.create({
  proxy: false,
  validateStatus: () => true,
  maxRedirects: 0,
  responseType: 'stream',
  transformResponse: (data: unknown) => data,
  httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 64 }),
})

/** One agent an address: the certificate is checked for the address, whatever host is asked for. */
const agents = new Map<string, HttpsAgent>()

function agentFor(url: string): HttpsAgent {
  const { hostname } = new URL(url)
  const servername = isIP(hostname) === 0 ? hostname : ''
  const agent = agents.get(hostname) ?? new HttpsAgent({ keepAlive: true, maxSockets: 64, servername })
  agents.set(hostname, agent)
  return agent
}

async function passTo(url: string, { method, path, headers, body, signal }: PassedRequest) {
  const answer = await client.request<Readable>({
    method,
    url: `${url}${path}`,
    headers,
    data: body,
    signal,
    ...(url.startsWith('https:') ? { httpsAgent: agentFor(url) } : {}),
  })
  return { status: answer.status, headers: { ...answer.headers }, stream: answer.data }
}
