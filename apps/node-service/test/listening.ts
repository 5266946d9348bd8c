import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Express } from 'express'

/** An app on a free port of 127.0.0.1 for as long as the test's block lasts. */
export interface Listening extends AsyncDisposable {
  readonly url: string
  /** Sends bytes as they are and gives back all that comes until the server closes. */
  readonly sendRaw: (bytes: string) => Promise<string>
  /** The samples of /metrics whose line starts with `name`, without their comments. */
  readonly samples: (name: string) => Promise<string[]>
}

export async function listening(app: Express): Promise<Listening> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    sendRaw: (bytes) => text(connect(port, '127.0.0.1').setEncoding('latin1').end(bytes, 'latin1')),
    samples: async (name) => {
      const exposition = await (await fetch(`${url}/metrics`)).text()
      return exposition.split('\n').filter((line) => line.startsWith(name))
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
