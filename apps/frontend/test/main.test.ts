import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { collectorDouble } from '../../node-service/test/collector-double.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const token = '0123456789abcdef'

function start(env: Record<string, string>): ChildProcess {
  const frontend = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void frontend.kill('SIGKILL'))
  return frontend
}

async function lines(stream: ChildProcess['stdout'], count: number): Promise<string[]> {
  const found: string[] = []
  for await (const line of createInterface({ input: stream as NonNullable<typeof stream> })) {
    if (found.push(line) === count) break
  }
  return found
}

test.each([undefined, 'ingress:80', 'ftp://x'])('INGRESS_URL %j ends the start with 2', async (url) => {
  const frontend = start({ LISTEN_ADDRESS: '127.0.0.1:0', ...(url !== undefined && { INGRESS_URL: url }) })
  const [exited, [line]] = await Promise.all([once(frontend, 'exit'), lines(frontend.stderr, 1)])
  expect(exited).toEqual([2, null])
  expect(line).toBe(
    `frontend: INGRESS_URL: expected the http address of the ingress; seen ${JSON.stringify(url ?? '')}; try http://127.0.0.1:8000`,
  )
})

test('clinic data that cannot be read ends the start with 2', async () => {
  const frontend = start({ INGRESS_URL: 'http://127.0.0.1:1', SCHEDULE_DATA_FILE: '/nothing.json' })
  const [exited, [line]] = await Promise.all([once(frontend, 'exit'), lines(frontend.stderr, 1)])
  expect(exited).toEqual([2, null])
  expect(line).toContain('frontend: SCHEDULE_DATA_FILE: expected the clinic')
})

test('a fault set at the switch address makes the page fail; SIGTERM ends the process with 0', async () => {
  const frontend = start({
    LISTEN_ADDRESS: '127.0.0.1:0',
    FAULT_SWITCH_ADDRESS: '127.0.0.1:0',
    FAULT_SWITCH_TOKEN: token,
    INGRESS_URL: 'http://127.0.0.1:1',
  })
  const exited = once(frontend, 'exit')
  const [page = '', admin = ''] = (await lines(frontend.stderr, 2))
    .sort()
    .map((line) => /http:\S+$/.exec(line)?.[0])
  const logged = lines(frontend.stdout, 2)

  const fault = { route: '/', status: 503, count: 1, expires_in_ms: 60_000, logged_status: 200 }
  const headers = { authorization: `Bearer ${token}` }
  expect(
    (await fetch(`${admin}/faults`, { method: 'POST', headers, body: JSON.stringify(fault) })).status,
  ).toBe(201)
  expect([(await fetch(page)).status, (await fetch(page)).status]).toEqual([503, 502])
  expect((await logged).map((line) => JSON.parse(line).status)).toEqual([200, 502])

  frontend.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})

test('spans that have not been sent yet leave at SIGTERM, under the name of the service', async () => {
  await using collector = await collectorDouble()
  const frontend = start({
    LISTEN_ADDRESS: '127.0.0.1:0',
    INGRESS_URL: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '600000',
  })
  const exited = once(frontend, 'exit')
  const page = /http:\S+$/.exec((await lines(frontend.stderr, 1))[0] ?? '')?.[0] ?? ''
  const logged = lines(frontend.stdout, 1)
  const { headers, status } = await fetch(page)
  expect(status).toBe(502)
  expect(collector.spans).toEqual([])

  frontend.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  const server = collector.spans.find(({ kind }) => kind === 'server')
  expect(server).toMatchObject({ name: 'GET /', isError: true, resource: { 'service.name': 'frontend' } })
  expect(headers.get('traceparent')).toBe(`00-${server?.traceId}-${server?.spanId}-01`)
  expect(JSON.parse((await logged)[0] ?? '')).toMatchObject({ span_id: server?.spanId })
  expect(collector.spans.filter(({ kind }) => kind === 'client')).toMatchObject([
    { parentSpanId: server?.spanId, isError: true, attributes: { 'error.type': 'ECONNREFUSED' } },
    { parentSpanId: server?.spanId, isError: true, attributes: { 'error.type': 'ECONNREFUSED' } },
  ])
})

test('a setting of the traces that cannot be used ends the start with 2', async () => {
  const frontend = start({ INGRESS_URL: 'http://127.0.0.1:1', OTEL_PROPAGATORS: 'b3' })
  const [exited, [line]] = await Promise.all([once(frontend, 'exit'), lines(frontend.stderr, 1)])
  expect(exited).toEqual([2, null])
  expect(line).toBe(
    'frontend: OTEL_PROPAGATORS: expected tracecontext or none; seen "b3"; try tracecontext, or leave it out',
  )
})
