import { type AgentOptions, Agent as HttpsAgent, type RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import type { Duplex, Readable } from 'node:stream'
import type { KubeConfig } from '@kubernetes/client-node'
import axios, { type AxiosInstance, type AxiosResponse } from 'axios'
import { describeThrown } from '../core/signalproof-error.ts'
import { unreachable } from './kube-errors.ts'
import { type KubeCredentials, readKubeContext } from './kubeconfig.ts'

/**
 * One way to one API server, whose answers stay the plain JSON that it sent. Whatever a kubeconfig names outside of itself
 * (files, exec plugins, identity providers, proxies) the client library resolves; it takes a second to load, so that it is
 * loaded where it is needed only (docs/decisions/0023-client-library-where-needed.md).
 */

export interface KubeAnswer {
  readonly status: number
  readonly data: unknown
}

export interface RawOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** The server answers in milliseconds; a node that is just starting may need seconds. */
const defaultTimeoutMs = 15_000

export class KubeConnection {
  readonly server: string
  private readonly credentials: KubeCredentials | undefined
  private readonly library: () => Promise<KubeConfig>
  private readonly client: AxiosInstance
  private ownAgent: HttpsAgent | undefined
  private readonly agents = new WeakMap<object, HttpsAgent>()

  /**
   * @param folder of the kubeconfig, for the files that it names by relative paths
   * @throws SignalproofError CONFIG_UNREADABLE, USAGE_UNKNOWN_NAME for a context that is not there
   */
  constructor(kubeconfig: string, context?: string, folder?: string) {
    const { server, credentials } = readKubeContext(kubeconfig, context)
    this.server = server
    this.credentials = credentials
    let loading: Promise<KubeConfig> | undefined
    this.library = () => {
      loading ??= loadKubeconfig(kubeconfig, context, folder)
      return loading
    }
    this.client = axios.create({
      proxy: false,
      validateStatus: () => true,
      maxContentLength: 256 * 1024 * 1024,
      maxRedirects: 0,
      // A log of one JSON line is a text all the same.
      transformResponse: (data: unknown) => data,
    })
  }

  /** Sends a request and gives the answer back whatever its status is. @throws SignalproofError KUBE_UNREACHABLE */
  async send(method: string, path: string, options: RawOptions = {}): Promise<KubeAnswer> {
    const { status, data, headers } = await this.request(method, path, options, 'text')
    return { status, data: readAnswer(data as string, String(headers['content-type'] ?? '')) }
  }

  /** The answer as it comes. @throws SignalproofError KUBE_UNREACHABLE */
  async open(path: string, signal: AbortSignal): Promise<{ status: number; stream: Readable }> {
    const { status, data } = await this.request('GET', path, { signal, timeoutMs: 0 }, 'stream')
    return { status, stream: data as Readable }
  }

  /** Passes a request on as it is; the answer comes with its headers, and not as text. @throws SignalproofError KUBE_UNREACHABLE */
  async pass(
    method: string,
    path: string,
    options: RawOptions,
  ): Promise<{ status: number; headers: Readonly<Record<string, unknown>>; stream: Readable }> {
    const { status, headers, data } = await this.request(method, path, options, 'stream')
    return { status, headers: { ...headers }, stream: data as Readable }
  }

  /** Connects a socket with a port of a pod, until either ends. @throws SignalproofError KUBE_UNREACHABLE */
  async connectToPod(
    { namespace, pod, port }: { namespace: string; pod: string; port: number },
    socket: Duplex,
  ): Promise<void> {
    try {
      const { PortForward } = await import('@kubernetes/client-node')
      const connected = await new PortForward(await this.library()).portForward(
        namespace,
        pod,
        [port],
        socket,
        null,
        socket,
      )
      const webSocket = typeof connected === 'function' ? connected() : connected
      webSocket?.addEventListener('close', () => socket.destroy())
      socket.once('close', () => webSocket?.close())
    } catch (thrown) {
      throw unreachable(`forward port ${port} of ${namespace}/${pod}`, this.server, whyNoAnswer(thrown))
    }
  }

  private async request(
    method: string,
    path: string,
    { body, headers, timeoutMs = defaultTimeoutMs, signal }: RawOptions,
    responseType: 'text' | 'stream',
  ): Promise<AxiosResponse<unknown>> {
    try {
      const options = await this.authenticated()
      return await this.client.request<unknown>({
        method,
        url: `${this.server}${path}`,
        data: body,
        headers: { accept: 'application/json', ...(options.headers as Record<string, string>), ...headers },
        httpsAgent: this.keepAlive(options.agent),
        ...(this.server.startsWith('http:') && options.agent !== undefined
          ? { httpAgent: options.agent }
          : {}),
        ...basicAuthOf(options.auth),
        timeout: timeoutMs,
        responseType,
        ...(signal === undefined ? {} : { signal }),
      })
    } catch (thrown) {
      signal?.throwIfAborted()
      throw unreachable(`answer ${method} ${path}`, this.server, whyNoAnswer(thrown))
    }
  }

  private async authenticated(): Promise<RequestOptions> {
    const options: RequestOptions = {}
    if (this.credentials === undefined) {
      await (await this.library()).applyToHTTPSOptions(options)
      return options
    }
    const { token, ...certificates } = this.credentials
    this.ownAgent ??= new HttpsAgent(certificates)
    return {
      ...(this.server.startsWith('http:') ? {} : { agent: this.ownAgent }),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    }
  }

  /** The library's agents open a connection for each request; one TLS handshake serves many here. */
  private keepAlive(agent: RequestOptions['agent']): RequestOptions['agent'] {
    if (!(agent instanceof HttpsAgent) || agent.constructor !== HttpsAgent) return agent
    const known = this.agents.get(agent)
    if (known !== undefined) return known
    const { hostname } = new URL(this.server)
    const options: AgentOptions = {
      ...agent.options,
      // Its certificate is checked by its own name, also for a request that names another host to whoever is behind it.
      servername: agent.options.servername ?? (isIP(hostname) === 0 ? hostname : ''),
      keepAlive: true,
      maxSockets: 32,
    }
    const made = new HttpsAgent(options)
    this.agents.set(agent, made)
    return made
  }
}

async function loadKubeconfig(text: string, context?: string, folder?: string): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromString(text)
  if (folder !== undefined) config.makePathsAbsolute(folder)
  if (context !== undefined) config.setCurrentContext(context)
  return config
}

function basicAuthOf(auth: string | null | undefined): { auth?: { username: string; password: string } } {
  if (typeof auth !== 'string') return {}
  const [username = '', ...password] = auth.split(':')
  return { auth: { username, password: password.join(':') } }
}

/** A body by what the server says it is; broken JSON stays a text. */
export function readAnswer(body: string, contentType: string): unknown {
  if (!contentType.includes('json')) return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

const whyNoAnswer = (thrown: unknown): string =>
  thrown instanceof Error && thrown.message === ''
    ? ((thrown as { code?: string }).code ?? thrown.name)
    : describeThrown(thrown)
