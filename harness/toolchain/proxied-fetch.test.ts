import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import { downloadText } from './download.ts'
import { describeProxy, proxiedFetch } from './proxied-fetch.ts'
import { publisher } from './toolchain-doubles.ts'

afterEach(() => vi.unstubAllEnvs())

/** A proxy on 127.0.0.1 that takes every tunnel to the one server that there is. */
async function proxyTo(target: string) {
  const asked: string[] = []
  const tunnels: Duplex[] = []
  const server = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    tunnels.push(socket)
    const other = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(other).pipe(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const end = () =>
    new Promise<void>((resolve) => {
      for (const tunnel of tunnels) tunnel.destroy()
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { address, asked, [Symbol.asyncDispose]: end }
}

test('a file is fetched through the proxy that the environment names; what stands on this machine is not', async () => {
  await using server = await publisher((_request, response) => response.end('the file'))
  await using proxy = await proxyTo(server.address)
  vi.stubEnv('HTTP_PROXY', proxy.address)
  vi.stubEnv('http_proxy', '')
  expect(await downloadText('http://releases.invalid/file')).toBe('the file')
  expect(proxy.asked).toEqual(['releases.invalid:80'])
  expect(await (await proxiedFetch(`${server.address}/here`, {})).text()).toBe('the file')
  expect(proxy.asked).toHaveLength(1)
})

test('afterwards, and where NO_PROXY names the host, nothing goes through it', async () => {
  await using server = await publisher((_request, response) => response.end('the file'))
  await using proxy = await proxyTo(server.address)
  vi.stubEnv('http_proxy', proxy.address)
  await Promise.all([proxiedFetch('http://a.invalid/', {}), proxiedFetch('http://b.invalid/', {})])
  expect(proxy.asked.toSorted()).toEqual(['a.invalid:80', 'b.invalid:80'])
  vi.stubEnv('http_proxy', '')
  await (await fetch(server.address)).text()
  vi.stubEnv('http_proxy', 'http://127.0.0.1:9')
  vi.stubEnv('NO_PROXY', 'localhost')
  expect(await (await proxiedFetch(server.address.replace('127.0.0.1', 'localhost'), {})).text()).toBe(
    'the file',
  )
  expect(proxy.asked).toHaveLength(2)
})

test('a proxy is named without what it is signed in with', () => {
  const environment = { HTTPS_PROXY: 'http://user:secret@proxy.example:3128', http_proxy: 'nonsense' }
  expect(describeProxy('https://a.example/', environment)).toBe('http://proxy.example:3128')
  expect(describeProxy('http://a.example/', environment)).toBe('HTTP_PROXY, which is no address')
  expect(describeProxy('http://a.example/', {})).toBeUndefined()
})
