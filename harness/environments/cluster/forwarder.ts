import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type DeclaredCall, isDeclared } from '../../core/declared-call.ts'
import { describeThrown } from '../../core/signalproof-error.ts'

/**
 * Everything that a run asks of somebody's cluster goes through here: one server on 127.0.0.1, with a token in its path,
 * that hands planned requests on and no other. What it let through and what it refused is kept.
 */

export interface PassedRequest {
  readonly method: string
  /** Path and query, from the backend's own root. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
  readonly signal: AbortSignal
}

export interface PassedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly stream: Readable
}

export interface ForwardedBackend {
  readonly name: string
  readonly calls: readonly DeclaredCall[]
  readonly pass: (request: PassedRequest) => Promise<PassedAnswer>
}

export interface AskedCall {
  readonly backend: string
  readonly method: string
  readonly path: string
  readonly times: number
}

/** What a run asked for beyond its plan: none of it was made. */
export interface AskedRequests {
  readonly handedOn: readonly AskedCall[]
  readonly refused: readonly string[]
}

export interface ForwarderParts {
  readonly backends: readonly ForwardedBackend[]
  /** Answers `GET /status`, in the shape of a supervisor's. */
  readonly status: () => Promise<unknown>
  /** Hears of a request that nobody planned: it was not made. */
  readonly onRefused: (backend: string, request: string) => void
}

/** What ends with the connection that it came by, or would be wrong for another one. */
const ownHeaders = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Where a backend stands that the configuration does not state: it answers, and says so. */
const absent = 'absent'

export class Forwarder implements AsyncDisposable {
  /** In front of every path; whoever does not have it is not served. */
  readonly token = randomBytes(18).toString('base64url')
  private readonly parts: ForwarderParts
  private readonly server: Server
  private readonly counts = new Map<string, AskedCall>()
  private readonly refused = new Set<string>()

  private constructor(parts: ForwarderParts) {
    this.parts = parts
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((thrown: unknown) => refuse(response, 502, describeThrown(thrown)))
    })
  }

  static async start(parts: ForwarderParts): Promise<Forwarder> {
    const forwarder = new Forwarder(parts)
    await new Promise<void>((resolve, reject) => {
      forwarder.server.once('error', reject).listen(0, '127.0.0.1', resolve)
    })
    return forwarder
  }

  /** Where a backend is asked; one that is not stated has an address that says so. */
  addressOf(backend: string): string {
    const known = this.parts.backends.some(({ name }) => name === backend)
    return `${this.root}/${known ? backend : `${absent}/${backend}`}`
  }

  /** Where `GET /status` is asked. */
  get root(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.token}`
  }

  /** Every request so far, by backend, method and path without query. */
  get asked(): AskedRequests {
    return { handedOn: [...this.counts.values()], refused: [...this.refused] }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    this.server.closeAllConnections()
    await closed
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    const [, token = '', name = '', rest = '/'] = /^\/([^/?]+)\/([^/?]+)((?:[/?].*)?)$/.exec(url) ?? []
    if (token !== this.token) return refuse(response, 404, 'there is nothing here')
    if (method === 'GET' && name === 'status' && rest === '') {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(await this.parts.status()))
      return
    }
    if (name === absent)
      return refuse(response, 404, 'signalproof.config.ts does not state where this is in the cluster')
    const backend = this.parts.backends.find((candidate) => candidate.name === name)
    const path = rest.startsWith('/') ? rest : `/${rest}`
    const [pathname = ''] = path.split('?')
    if (backend === undefined || !isDeclared(backend.calls, method, pathname)) {
      const what = `${method} ${pathname} at ${name}`
      this.refused.add(what)
      this.parts.onRefused(name, what)
      return refuse(response, 403, `${what} is not in the plan, so it was not asked`)
    }
    this.count({ backend: name, method, path: pathname, times: 1 })
    await this.hand(backend, path, request, response)
  }

  private async hand(
    backend: ForwardedBackend,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const left = new AbortController()
    response.once('close', () => left.abort())
    const body = await buffer(request)
    const answer = await backend.pass({
      method: request.method ?? '',
      path,
      headers: passable(request.headers),
      body: body.length === 0 ? undefined : body,
      signal: left.signal,
    })
    response.writeHead(answer.status, passable(answer.headers))
    // Whoever asked may leave at any time, as a wait does whose deadline has passed.
    await pipeline(answer.stream, response).catch(() => response.destroy())
  }

  private count(call: AskedCall): void {
    const key = `${call.backend} ${call.method} ${call.path}`
    this.counts.set(key, { ...call, times: (this.counts.get(key)?.times ?? 0) + 1 })
  }
}

function passable(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      ownHeaders.has(name.toLowerCase()) || value === undefined || value === null
        ? []
        : [[name, Array.isArray(value) ? value.join(', ') : String(value)]],
    ),
  )
}

function refuse(response: ServerResponse, status: number, error: string): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
}
