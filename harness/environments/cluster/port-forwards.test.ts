import { connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { PortForwards } from './port-forwards.ts'

const orders = { app: 'orders', namespace: 'shop', pod: 'orders-1', port: 9000 }

test('what is sent to the port of an app arrives at its pod, and the answer comes back', async () => {
  const connected: unknown[] = []
  const connection = {
    connectToPod: async (port: unknown, socket: NodeJS.ReadWriteStream) => {
      connected.push(port)
      socket.once('data', (data) => socket.end(`pod heard ${data}`))
    },
  }
  await using forwards = await PortForwards.open(connection, [orders])
  const client = connect(forwards.portOf('orders'), '127.0.0.1')
  client.write('hello')
  expect(await text(client)).toBe('pod heard hello')
  expect(connected).toEqual([orders])
})

test('a pod that cannot be reached ends the connection', async () => {
  const connection = {
    connectToPod: async () => {
      throw new Error('the pod is gone')
    },
  }
  await using forwards = await PortForwards.open(connection, [orders])
  expect(await text(connect(forwards.portOf('orders'), '127.0.0.1'))).toBe('')
})

test('connections that are still open end with it', async () => {
  const opened = Promise.withResolvers<void>()
  const connection = { connectToPod: async () => opened.resolve() }
  const forwards = await PortForwards.open(connection, [orders])
  const port = forwards.portOf('orders')
  const client = connect(port, '127.0.0.1')
  const ended = new Promise<void>((resolve) => client.once('close', () => resolve()))
  await opened.promise
  await forwards[Symbol.asyncDispose]()
  await ended
  // Its port is free again.
  const server = createServer((socket: Socket) => socket.end())
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  )
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
