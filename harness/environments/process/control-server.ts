/** How a harness that did not start an environment reaches its supervisor: over HTTP, on the anchor port. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { StopAccepted, SupervisorStatus } from './supervisor-protocol.ts'

export interface ControlledSupervisor {
  status(): SupervisorStatus
  /** Begins to stop; the answer comes before it is done. */
  stop(options: { removeFolder: boolean }): StopAccepted
}

/** `GET /status` and `POST /stop` (`?folder=remove` removes the whole folder), each only with the bearer token. */
export function createControlServer(token: string, supervisor: ControlledSupervisor): Server {
  return createServer((request, response) => {
    if (!isBearer(request, token))
      return answer(response, 401, { error: 'the bearer token is missing or wrong' })
    const url = new URL(request.url ?? '/', 'http://supervisor')
    const route = `${request.method} ${url.pathname}`
    if (route === 'GET /status') return answer(response, 200, supervisor.status())
    if (route === 'POST /stop') {
      return answer(
        response,
        202,
        supervisor.stop({ removeFolder: url.searchParams.get('folder') === 'remove' }),
      )
    }
    return answer(response, 404, { error: `there is no ${route}` })
  })
}

function isBearer(request: IncomingMessage, token: string): boolean {
  return timingSafeEqual(digestOf(request.headers.authorization ?? ''), digestOf(`Bearer ${token}`))
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

function answer(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify(body))
}
