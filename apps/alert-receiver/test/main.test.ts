import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { webhook } from './webhook-sample.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function start(env: Record<string, string>): ChildProcess {
  const receiver = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void receiver.kill('SIGKILL'))
  return receiver
}

async function lineOf(stream: ChildProcess['stdout']): Promise<string> {
  const [line] = await once(createInterface({ input: stream as NonNullable<typeof stream> }), 'line')
  return line
}

test('a request in flight is answered after SIGTERM, and the process ends with 0', async () => {
  const receiver = start({ LISTEN_ADDRESS: '127.0.0.1:0' })
  const url = /http:\S+$/.exec(await lineOf(receiver.stderr))?.[0] ?? ''
  const logged = lineOf(receiver.stdout)
  const delivered = await fetch(`${url}/webhook/page`, { method: 'POST', body: JSON.stringify(webhook()) })
  expect(delivered.status).toBe(200)
  expect(JSON.parse(await logged)).toMatchObject({ msg: 'request', route: '/webhook/:receiver', status: 200 })

  const exited = once(receiver, 'exit')
  const poll = request(`${url}/notifications?after=1&wait_ms=30000`, { headers: { expect: '100-continue' } })
  poll.end()
  await once(poll, 'continue')
  receiver.kill('SIGTERM')

  expect((await once(poll, 'response'))[0].statusCode).toBe(200)
  expect(await exited).toEqual([0, null])
})

test('a fault switch without a token ends the start with 2 and says which variable is missing', async () => {
  const receiver = start({ LISTEN_ADDRESS: '127.0.0.1:0', FAULT_SWITCH_ADDRESS: '127.0.0.1:0' })
  const [exited, line] = await Promise.all([once(receiver, 'exit'), lineOf(receiver.stderr)])
  expect(exited).toEqual([2, null])
  expect(line).toMatch(/^alert-receiver: FAULT_SWITCH_TOKEN: expected at least 16 characters.*; seen 0; try /)
})

test('a port that is taken ends the start with 1 and is named', async () => {
  const first = start({ LISTEN_ADDRESS: '127.0.0.1:0' })
  const address = /127\S+$/.exec(await lineOf(first.stderr))?.[0] ?? ''
  const second = start({ LISTEN_ADDRESS: address })
  const [exited, line] = await Promise.all([once(second, 'exit'), lineOf(second.stderr)])
  expect(exited).toEqual([1, null])
  expect(line).toContain(`alert-receiver: listen EADDRINUSE: address already in use ${address}`)
})
