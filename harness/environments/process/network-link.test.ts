import { createServer, get } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { NetworkLink } from './network-link.ts'

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A link to a server that says `stored`; what is asked goes to the link. */
async function linked() {
  const server = createServer((_, response) => response.end('stored'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const listenPort = await freePort()
  const { port: targetPort } = server.address() as AddressInfo
  const link = new NetworkLink({ name: 'collector-to-loki', listenPort, targetPort })
  await link.open()
  onTestFinished(async () => {
    await link.close()
    server.closeAllConnections()
    server.close()
  })
  return { link, server, listenPort }
}

const ask = (port: number): Promise<string> =>
  new Promise((resolve) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.setEncoding('utf8').once('data', resolve)
    }).once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })

test('passes on what is sent, cuts it off, and passes it on again', async () => {
  const { link, listenPort } = await linked()
  expect(await ask(listenPort)).toBe('stored')
  link.cut()
  expect(await ask(listenPort)).toBe('ECONNRESET')
  link.mend()
  expect(await ask(listenPort)).toBe('stored')
})

test('a connection that is open when the link is cut is reset, so that nobody waits on it', async () => {
  const { link, listenPort } = await linked()
  const socket = connect({ host: '127.0.0.1', port: listenPort })
  const closed = new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    socket.once('end', () => resolve('end'))
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  expect(await ask(listenPort)).toBe('stored')
  link.cut()
  expect(await closed).toBe('ECONNRESET')
})

test('with nobody behind it the connection ends, as it would without the link', async () => {
  const { server, listenPort } = await linked()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await ask(listenPort)).toMatch(/ECONNRESET|socket hang up/)
})

test('a port that is taken is said at once', async () => {
  const { listenPort } = await linked()
  const second = new NetworkLink({ name: 'collector-to-loki', listenPort, targetPort: listenPort })
  await expect(second.open()).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
