import { createConnection, createServer } from 'node:net'
import { SignalproofError } from '../../core/signalproof-error.ts'

/** The port of a browser's plain address. */
export const usualPort = 80

/**
 * Where the ingress shall be on this machine: the port that was named, 80 where that is free, any free one else.
 * @throws SignalproofError ENV_PORT_TAKEN for a port that was named and is not free
 */
export async function chooseIngressPort(named: number | undefined): Promise<number | undefined> {
  if (named === undefined) return (await isFree(usualPort)) ? usualPort : undefined
  if (await isFree(named)) return named
  throw new SignalproofError('ENV_PORT_TAKEN', {
    expected: `port ${named} of 127.0.0.1 to be free for the ingress`,
    seen: 'somebody listens on it',
    remedy: 'end who does (`ss -ltnp` names them), name another --port, or leave --port out',
  })
}

/** Docker may bind ports that this user may not: then only who answers is in the way. */
async function isFree(port: number): Promise<boolean> {
  const end = await bindTo(port)
  return end === undefined || (end === 'EACCES' && !(await answers(port)))
}

/** @returns the code of what stands in the way */
function bindTo(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (thrown: NodeJS.ErrnoException) => resolve(thrown.code ?? 'unknown'))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    const end = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}
