import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that a double got, its body read to the end. */
export interface AskedRequest {
  readonly method: string
  /** Path and query, as sent. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What a double answers: a value goes out as JSON with status 200; a function writes the answer itself. */
export type DoubleAnswer =
  | ((request: AskedRequest, response: ServerResponse) => void | Promise<void>)
  | Readonly<Record<string, unknown>>
  | readonly unknown[]

/** A backend on 127.0.0.1 with one canned answer; `asked` are the requests that it got, in order. */
export async function backendDouble(
  answer: DoubleAnswer,
): Promise<{ url: string; asked: AskedRequest[] } & AsyncDisposable> {
  const asked: AskedRequest[] = []
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { method = '', url: path = '', headers } = incoming
    const query = new URL(path, 'http://double').searchParams
    const request = { method, path, query, headers, body: Buffer.concat(chunks).toString() }
    asked.push(request)
    if (typeof answer === 'function') return void answer(request, response)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  await using server = await backendDouble({})
  return server.url
}
