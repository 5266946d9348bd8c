/** How a harness that did not start an environment reaches its supervisor: over HTTP, on the anchor port. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { json, text } from 'node:stream/consumers'
import { describeThrown } from '../../core/signalproof-error.ts'
import { readStackFaultRequest } from './stack-faults.ts'
import type { StackFaultRequest, StopAccepted, SupervisorStatus } from './supervisor-protocol.ts'

/** Whoever breaks the stack of an environment. */
export interface StackFaultMaker {
  /** @returns the fault's id, or why it is refused, in words */
  begin(request: StackFaultRequest): FaultBegun | Promise<FaultBegun>
  /** Settles when it is over. @returns false when it has ended already, or never was */
  end(id: string): Promise<boolean>
}

type FaultBegun = { readonly id: string } | { readonly refused: string }

export interface ControlledSupervisor {
  status(): SupervisorStatus
  /** Begins to stop; the answer comes before it is done. Absent where only the one who started it may end it. */
  stop?(options: { removeFolder: boolean }): StopAccepted
  readonly faults: StackFaultMaker
  /** Where the harness cannot write the log files of apps itself. */
  readonly standIns?: StandIns
}

/** Apps that are only their lines. */
export interface StandIns {
  /** Settles when its lines can be written. */
  prepare(app: string): Promise<void>
  write(app: string, text: string): Promise<void>
}

/**
 * `GET /status`, `POST /stop` (`?folder=remove` removes the whole folder), `POST /faults`, `DELETE /faults/<id>` and
 * `POST /stand-ins/<app>`, each only with the bearer token.
 */
export function createControlServer(token: string, supervisor: ControlledSupervisor): Server {
  return createServer((request, response) => {
    if (!isBearer(request, token))
      return answer(response, 401, { error: 'the bearer token is missing or wrong' })
    const url = new URL(request.url ?? '/', 'http://supervisor')
    const route = `${request.method} ${url.pathname}`
    if (route === 'GET /status') return answer(response, 200, supervisor.status())
    if (route === 'POST /stop' && supervisor.stop !== undefined) {
      return answer(
        response,
        202,
        supervisor.stop({ removeFolder: url.searchParams.get('folder') === 'remove' }),
      )
    }
    if (route === 'POST /faults')
      return void beginFault(request, response, supervisor).catch(failed(response))
    const [, id] = /^DELETE \/faults\/([0-9a-f-]+)$/.exec(route) ?? []
    if (id !== undefined)
      return void supervisor.faults
        .end(id)
        .then((was) => answer(response, was ? 200 : 404, { id }))
        .catch(failed(response))
    const [, app] = /^POST \/stand-ins\/([a-z0-9-]+)$/.exec(route) ?? []
    if (app !== undefined && supervisor.standIns !== undefined)
      return void writeLines(request, response, supervisor.standIns, app).catch(failed(response))
    return answer(response, 404, { error: `there is no ${route}` })
  })
}

/** The body is what is added to the log; without one the app is only made ready for it. */
async function writeLines(
  request: IncomingMessage,
  response: ServerResponse,
  standIns: StandIns,
  app: string,
): Promise<void> {
  const lines = await text(request)
  await (lines === '' ? standIns.prepare(app) : standIns.write(app, lines))
  answer(response, 200, { app })
}

async function beginFault(
  request: IncomingMessage,
  response: ServerResponse,
  { faults }: ControlledSupervisor,
): Promise<void> {
  const wanted = readStackFaultRequest(await json(request).catch(() => undefined))
  if (typeof wanted === 'string') return answer(response, 400, { error: wanted })
  const begun = await faults.begin(wanted)
  return 'id' in begun ? answer(response, 201, begun) : answer(response, 409, { error: begun.refused })
}

/** A fault that could not be made or ended is told to the one who asked. */
const failed =
  (response: ServerResponse) =>
  (thrown: unknown): void =>
    answer(response, 500, { error: describeThrown(thrown) })

function isBearer(request: IncomingMessage, token: string): boolean {
  return timingSafeEqual(digestOf(request.headers.authorization ?? ''), digestOf(`Bearer ${token}`))
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

function answer(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify(body))
}
