import { expect, test } from 'vitest'
import { z } from 'zod'
import { backendDouble, deadAddress } from './backend-double.ts'
import { ask, send } from './http.ts'
import { exitStatusOf } from './signalproof-error.ts'

const schema = z.object({ data: z.object({ version: z.string() }) })
const answerOf = (url: string) => ask({ backend: 'loki', url: `${url}/build` }, schema)

test('hands back an answer that follows its schema', async () => {
  await using loki = await backendDouble({ data: { version: '3.7.5', extra: 1 } })
  expect(await answerOf(loki.url)).toEqual({ data: { version: '3.7.5' } })
})

test('says who did not answer, where, and what to look at', async () => {
  const url = await deadAddress()
  await expect(answerOf(url)).rejects.toMatchObject({
    code: 'BACKEND_UNREACHABLE',
    account: {
      expected: `an answer of loki at ${url}/build`,
      seen: expect.stringContaining('ECONNREFUSED'),
      remedy: 'look at the log of loki; `signalproof status` shows what runs',
    },
  })
})

test.each([
  [429, 'BACKEND_UNREACHABLE'],
  [503, 'BACKEND_UNREACHABLE'],
  [400, 'BACKEND_BAD_ANSWER'],
  [404, 'BACKEND_BAD_ANSWER'],
  [500, 'BACKEND_BAD_ANSWER'],
])('a status of %d is %s, with what the answer said', async (status, code) => {
  await using loki = await backendDouble((_, response) => {
    response.writeHead(status).end('too many\n  outstanding requests')
  })
  await expect(answerOf(loki.url)).rejects.toMatchObject({
    code,
    account: {
      expected: `a 2xx answer of loki at ${loki.url}/build`,
      seen: `${status} too many outstanding requests`,
    },
  })
})

test.each([
  ['another shape', '{"data":{"version":3}}', /at data\.version in \{"data":\{"version":3\}\}$/],
  ['no JSON at all', '<html>', /at its root in <html>$/],
  ['nothing', '', /at its root in an empty answer$/],
])('an answer of %s is a wrong answer, with the place', async (_, body, seen) => {
  await using loki = await backendDouble((_request, response) => {
    response.end(body)
  })
  await expect(answerOf(loki.url)).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: {
      expected: `the answer that loki's API describes for ${loki.url}/build`,
      seen: expect.stringMatching(seen),
    },
  })
})

test('an answer that is cut off on its way counts as none', async () => {
  await using loki = await backendDouble((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"data":')
    response.destroy()
  })
  await expect(answerOf(loki.url)).rejects.toMatchObject({ code: 'BACKEND_UNREACHABLE' })
})

test('hands back any status where the caller judges it', async () => {
  await using app = await backendDouble((_, response) => {
    response.writeHead(500).end('broken')
  })
  const { status, data } = await send({ backend: 'an app', url: app.url })
  expect({ status, data }).toEqual({ status: 500, data: 'broken' })
})

test('ends a request that hangs by the reason of its signal, which blames nobody', async () => {
  await using loki = await backendDouble(() => {})
  const stopping = new AbortController()
  const asking = send({ backend: 'loki', url: loki.url, signal: stopping.signal })
  setTimeout(() => stopping.abort(new Error('the run is over')), 10)
  const thrown: unknown = await asking.catch((reason: unknown) => reason)
  expect(thrown).toEqual(new Error('the run is over'))
  expect(exitStatusOf(thrown)).toBe(3)
})

test('an error about an unreachable backend is small enough to be copied', async () => {
  const failure: unknown = await send({ backend: 'loki', url: await deadAddress() }).catch(
    (thrown: unknown) => thrown,
  )
  expect(failure).toMatchObject({ code: 'BACKEND_UNREACHABLE' })
  // A test runner copies what hangs on an error; the HTTP client's own has sockets, agents and parsers on it.
  const hanging = [failure, (failure as Error).cause].flatMap((error) => Object.keys(error as object))
  expect(hanging.sort()).toEqual(['account', 'code', 'name'])
})
