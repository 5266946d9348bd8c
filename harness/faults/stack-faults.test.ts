import { expect, test } from 'vitest'
import { type AskedRequest, backendDouble } from '../core/backend-double.ts'
import { beginStackFault } from './stack-faults.ts'

const request = { fault: { kind: 'hold-logs' }, expires_in_ms: 1_000 } as const

/** A supervisor that begins every fault and answers to its end with `endStatus`. */
const supervisorDouble = (endStatus: number) =>
  backendDouble((asked, response) => {
    response.writeHead(asked.method === 'POST' ? 201 : endStatus, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ id: 'f1' }))
  })
const on = (url: string) => ({ supervisor: { url, token: 'secret' } })
const asLine = ({ method, path, headers }: AskedRequest) => `${method} ${path} ${headers.authorization}`

test('begins a fault with the token, and ends it once however often it is asked to', async () => {
  await using supervisor = await supervisorDouble(200)
  const fault = await beginStackFault(on(supervisor.url), request)
  await Promise.all([fault.end(), fault.end()])
  expect(supervisor.asked.map(asLine)).toEqual([
    'POST /faults Bearer secret',
    'DELETE /faults/f1 Bearer secret',
  ])
  expect(JSON.parse(supervisor.asked[0]?.body ?? '')).toEqual(request)
})

test('a fault that has run out by itself has ended; another failure to end it is one', async () => {
  await using gone = await supervisorDouble(404)
  await expect((await beginStackFault(on(gone.url), request)).end()).resolves.toBeUndefined()
  await using failing = await supervisorDouble(500)
  await expect((await beginStackFault(on(failing.url), request)).end()).rejects.toMatchObject({
    code: 'FAULT_REFUSED',
  })
})

test('a fault that is refused says which and why, and not the token', async () => {
  await using supervisor = await backendDouble((_, response) => {
    response.writeHead(409, { 'content-type': 'application/json' }).end('{"error":"there is no link x"}')
  })
  const refused = await beginStackFault(on(supervisor.url), request).catch((thrown: Error) => thrown)
  expect(refused).toMatchObject({ code: 'FAULT_REFUSED' })
  expect(String(refused)).toMatch(/hold-logs[\s\S]*409 .*there is no link x/)
  expect(String(refused)).not.toContain('secret')
})
