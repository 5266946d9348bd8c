/** How a harness that did not start an environment reaches its supervisor: over HTTP, on the anchor port. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { readStackFaultRequest, type StackFaults } from './stack-faults.ts'
import type { StopAccepted, SupervisorStatus } from './supervisor-protocol.ts'

export interface ControlledSupervisor {
  status(): SupervisorStatus
  /** Begins to stop; the answer comes before it is done. */
  stop(options: { removeFolder: boolean }): StopAccepted
  readonly faults: Pick<StackFaults, 'begin' | 'end'>
}

/**
 * `GET /status`, `POST /stop` (`?folder=remove` removes the whole folder), `POST /faults` and `DELETE /faults/<id>`,
 * each only with the bearer token.
 */
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
    if (route === 'POST /faults') return void beginFault(request, response, supervisor)
    const [, id] = /^DELETE \/faults\/([0-9a-f-]+)$/.exec(route) ?? []
    if (id !== undefined)
      return void supervisor.faults.end(id).then((was) => answer(response, was ? 200 : 404, { id }))
    return answer(response, 404, { error: `there is no ${route}` })
  })
}

async function beginFault(
  request: IncomingMessage,
  response: ServerResponse,
  { faults }: ControlledSupervisor,
): Promise<void> {
  const wanted = readStackFaultRequest(await json(request).catch(() => undefined))
  if (typeof wanted === 'string') return answer(response, 400, { error: wanted })
  const begun = faults.begin(wanted)
  return 'id' in begun ? answer(response, 201, begun) : answer(response, 409, { error: begun.refused })
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
