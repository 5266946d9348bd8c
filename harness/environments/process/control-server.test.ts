import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type ControlledSupervisor, createControlServer } from './control-server.ts'

const status = { pid: 1, startedAt: '', digest: null, stopping: null, components: [] }

/** A control server of a supervisor that has what a test gives it. */
async function serve(supervisor: Partial<ControlledSupervisor>) {
  const faults = { begin: async () => ({ id: 'one' }), end: async () => true }
  const server = createControlServer('secret', { status: () => status, faults, ...supervisor })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = async (method: string, path: string, body?: string, token = 'secret') => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
    return { status: answer.status, body: await answer.json() }
  }
  return { ask, [Symbol.asyncDispose]: async () => void server.close() }
}

const fault = JSON.stringify({ fault: { kind: 'hold-logs' }, expires_in_ms: 1000 })

test('answers nobody without the token', async () => {
  await using server = await serve({})
  expect(await server.ask('GET', '/status', undefined, 'guessed')).toMatchObject({ status: 401 })
  expect(await server.ask('GET', '/status')).toEqual({ status: 200, body: status })
})

test('a supervisor that only its starter may end takes no stop', async () => {
  await using server = await serve({})
  expect(await server.ask('POST', '/stop')).toMatchObject({ status: 404 })
})

test('waits for a fault that takes a while, and says why one cannot be made', async () => {
  await using slow = await serve({})
  expect(await slow.ask('POST', '/faults', fault)).toEqual({ status: 201, body: { id: 'one' } })
  const begin = async () => {
    throw new Error('the node is gone')
  }
  await using failing = await serve({ faults: { begin, end: async () => true } })
  expect(await failing.ask('POST', '/faults', fault)).toEqual({
    status: 500,
    body: { error: 'the node is gone' },
  })
})

test('lines go to the log of an app, where the harness cannot write it itself', async () => {
  const written: string[] = []
  const standIns = {
    prepare: async (app: string) => void written.push(`${app} prepared`),
    write: async (app: string, text: string) => void written.push(`${app}: ${text}`),
  }
  await using server = await serve({ standIns })
  await server.ask('POST', '/stand-ins/stand-in', '')
  await server.ask('POST', '/stand-ins/stand-in', 'a line\n')
  expect(written).toEqual(['stand-in prepared', 'stand-in: a line\n'])
  await using without = await serve({})
  expect(await without.ask('POST', '/stand-ins/stand-in', 'x')).toMatchObject({ status: 404 })
})
