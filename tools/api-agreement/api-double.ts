import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Api } from './api-answer.ts'

/** What a stand-in for an API answers. */
export interface DoubleAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type AnswerWith = (request: IncomingMessage) => DoubleAnswer

/** What is answered where nothing else is wanted. */
const goodAnswer = { status: 200, body: '{"slots":[]}' }

export interface ApiDoubles extends AsyncDisposable {
  readonly apis: readonly [Api, Api]
}

/** Two small servers in the place of the APIs. */
export async function apiDoubles(v1: AnswerWith, v2: AnswerWith): Promise<ApiDoubles> {
  const servers = [v1, v2].map((answer) =>
    createServer((request, response) => {
      const { status, headers, body } = { ...goodAnswer, ...answer(request) }
      const id = request.headers['x-request-id']
      response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-request-id': typeof id === 'string' && /^[\w.-]{1,64}$/.test(id) ? id : 'made-anew',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
        ...headers,
      })
      response.end(request.method === 'HEAD' ? undefined : body)
    }),
  )
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return (server.address() as AddressInfo).port
    }),
  )
  const [first = 0, second = 0] = ports
  return {
    apis: [
      { name: 'v1 (Python)', version: 'v1', port: first },
      { name: 'v2 (Go)', version: 'v2', port: second },
    ],
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}
