import { createServer } from 'node:net'

/** A port of 127.0.0.1 on which nobody listened a moment ago; who takes it must bear that somebody else may be faster. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  probe.once('error', reject)
  probe.listen({ port: 0, host: '127.0.0.1' }, () => {
    const address = probe.address()
    probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return await promise
}
