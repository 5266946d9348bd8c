import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { readSupervisorStatus } from './kept-environment.ts'
import { type Supervisor, startSupervisor } from './supervisor-client.ts'
import type { SupervisorEvent } from './supervisor-protocol.ts'
import { type FakePlanOptions, fakePlan } from './testdata/fake-plan.ts'
import { endProcessesNaming, processesNaming, untilNothingIsLeft } from './testdata/process-list.ts'

// The waits in here have deadlines of their own, which say what they last saw.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 })

let folder: string
let events: SupervisorEvent[]
let supervisor: Supervisor
let abort: AbortController
let hearAlso: (event: SupervisorEvent) => void

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalproof-supervisor-'))
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data', 'chunk'), 'of a store')
  events = []
  abort = new AbortController()
  hearAlso = () => {}
  supervisor = await startSupervisor({
    folder,
    signal: abort.signal,
    onEvent: (event) => {
      events.push(event)
      hearAlso(event)
    },
  })
})

// Whatever a test is about: afterwards nothing of its environment is there.
afterEach(async () => {
  try {
    await supervisor.stop()
    await untilNothingIsLeft(folder, [supervisor.anchorPort, ...supervisor.ports])
    expect(existsSync(join(folder, 'data'))).toBe(false)
  } finally {
    endProcessesNaming(folder)
    rmSync(folder, { recursive: true, force: true })
  }
})

const names = ['store', 'ruler', 'reader', 'slow'] as const
type Name = (typeof names)[number]

const plan = (name: Name, options?: FakePlanOptions) => fakePlan(name, folder, portOf(name), options)
const portOf = (name: Name) => supervisor.ports[names.indexOf(name)]
const ask = (name: Name, path: string) => fetch(`http://127.0.0.1:${portOf(name)}${path}`)
const log = (name: Name) => readFileSync(join(folder, 'logs', `${name}.log`), 'utf8')
const told = <K extends SupervisorEvent['kind']>(kind: K) =>
  events.filter((event): event is Extract<SupervisorEvent, { kind: K }> => event.kind === kind)

test('a component starts as soon as what it needs is ready, and waits for nothing else', async () => {
  const release = join(folder, 'release')
  // Were the start in lock-step, the ruler would wait for the slow one, which waits for the ruler.
  hearAlso = (event) => {
    if (event.kind === 'ready' && event.name === 'ruler') writeFileSync(release, '')
  }
  await supervisor.start([
    plan('ruler', { needs: ['store'] }),
    plan('slow', { readyWhen: release }),
    plan('store'),
  ])
  const order = events.flatMap((event) => ('name' in event ? `${event.kind} ${event.name}` : event.kind))
  expect(order.indexOf('ready store')).toBeLessThan(order.indexOf('started ruler'))
  expect(order.indexOf('ready ruler')).toBeLessThan(order.indexOf('ready slow'))
  expect(order.at(-1)).toBe('all-ready')
})

test('a component gets the environment that the plan gives it, and nothing else', async () => {
  await supervisor.start([plan('store')])
  expect(await (await ask('store', '/environment')).json()).toEqual(plan('store').env)
})

test('plain output is kept as it is, that of the other kind as a container runtime writes it', async () => {
  await supervisor.start([plan('store', { say: 'plain' }), plan('reader', { say: 'framed', logs: 'cri' })])
  await ask('reader', '/print?stream=stdout&text=%7B%22status%22%3A500%7D%0A')
  await supervisor.stop()
  expect(log('store')).toBe('plain\n')
  expect(log('reader')).toMatch(/^\S+Z stderr F framed\n\S+Z stdout F \{"status":500\}\n$/)
})

test('a component that dies at the start is named with its last lines, and what needs it is never started', async () => {
  const components = [
    plan('store', { say: 'open /data: no space left', exitCode: 3 }),
    plan('ruler', { needs: ['store'] }),
    plan('reader', { logs: 'cri' }),
  ]
  await expect(supervisor.start(components)).rejects.toMatchObject({
    code: 'ENV_COMPONENT_DIED',
    account: {
      expected: 'store to run until the environment is stopped',
      seen: 'it ended with exit code 3; its last lines:\n    open /data: no space left',
    },
  })
  expect(told('started').map(({ name }) => name)).not.toContain('ruler')
  // The start is over only when everything has been stopped again.
  expect([...processesNaming(folder).keys()]).toEqual([])
})

test.each([
  { problem: 'no such file', command: '/nowhere/loki' },
  { problem: 'no program', command: '/etc/passwd' },
])(
  'a command that cannot be executed ($problem) is a component that died, and is named',
  async ({ command }) => {
    await expect(supervisor.start([{ ...plan('store'), command }])).rejects.toMatchObject({
      code: 'ENV_COMPONENT_DIED',
      account: { seen: expect.stringContaining(command) },
    })
  },
)

test('a component that dies later ends the environment, and its last lines are told', async () => {
  await supervisor.start([
    plan('store'),
    plan('reader', { needs: ['store'], logs: 'cri', stubbornChild: true }),
  ])
  await ask('reader', '/exit?code=4')
  expect(await supervisor.ended).toMatchObject({
    reason: 'component-failed',
    leftBehind: [],
    error: {
      code: 'ENV_COMPONENT_DIED',
      account: { seen: 'it ended with exit code 4; its last lines:\n    giving up' },
    },
  })
  expect(told('died')).toHaveLength(1)
})

test('everything that a component wrote before it died is in its log', async () => {
  await supervisor.start([plan('reader', { logs: 'cri' })])
  await ask('reader', '/exit?code=1&lines=20000')
  const { error } = await supervisor.ended
  expect(error?.account.seen).toMatch(/ {4}line 19999\n {4}line 20000\n {4}giving up$/)
  expect(log('reader').split('\n')).toHaveLength(20_002)
})

test('of components that die one after the other the first is told', async () => {
  // The child holds the output of the first open, so that its last lines are waited for.
  await supervisor.start([plan('store', { logs: 'cri', stubbornChild: true }), plan('reader')])
  const [store] = told('started').filter(({ name }) => name === 'store')
  process.kill(store?.pid ?? 0, 'SIGKILL')
  await eventually(
    'the supervisor to have noticed the first death',
    async (signal) => {
      const { components } = await readSupervisorStatus(supervisor, signal)
      const state = components.find(({ name }) => name === 'store')?.state
      return state === 'ended' ? found(state) : notYet(`store is ${state}`)
    },
    { withinMs: 5_000, everyMs: 2, remedy: '' },
  )
  await ask('reader', '/exit?code=2').catch(() => {})
  expect((await supervisor.ended).error?.account.expected).toBe(
    'store to run until the environment is stopped',
  )
  expect(told('died').map(({ name }) => name)).toEqual(['store'])
})

test('a component that is killed from outside is told with the signal', async () => {
  hearAlso = (event) => {
    if (event.kind === 'started') process.kill(event.pid, 'SIGKILL')
  }
  await expect(supervisor.start([plan('store')])).rejects.toMatchObject({
    account: { seen: 'it ended with SIGKILL; it wrote nothing' },
  })
})

test('a component that never answers 200 is not ready, and its last answer is told', async () => {
  const never = plan('store', { say: 'replaying', readyWhen: join(folder, 'never'), readyWithinMs: 2_000 })
  await expect(supervisor.start([never])).rejects.toMatchObject({
    code: 'ENV_NOT_READY',
    account: {
      expected: `store to answer 200 on ${never.ready.url} within 2.0 s of its start`,
      seen: 'status 503: still reading the index; its last lines:\n    replaying',
    },
  })
})

test('a component that nobody can connect to is not ready, and that is told', async () => {
  const deaf = { ...plan('store'), ready: { url: `http://127.0.0.1:${portOf('slow')}/`, withinMs: 300 } }
  await expect(supervisor.start([deaf])).rejects.toMatchObject({
    code: 'ENV_NOT_READY',
    account: { seen: expect.stringContaining(`ECONNREFUSED 127.0.0.1:${portOf('slow')}`) },
  })
})

test('a stop asks the children of a component too', async () => {
  await supervisor.start([plan('store', { politeChild: true, stopWithinMs: 5_000 })])
  await eventually(
    'the child to be up',
    () => (log('store') === 'the child is up\n' ? found(undefined) : notYet(log('store'))),
    { withinMs: 5_000, everyMs: 5, remedy: 'see the fake component' },
  )
  await supervisor.stop()
  expect(log('store')).toBe('the child is up\nthe child was asked to stop\n')
})

test('a component is asked to stop only when those that need it are gone', async () => {
  const reader = `http://127.0.0.1:${portOf('reader')}/`
  await supervisor.start([
    plan('store', { lastLookAt: reader }),
    plan('reader', { needs: ['store'], stubborn: true, stubbornChild: true }),
  ])
  await supervisor.stop()
  expect(log('store')).toBe(`${reader} is gone\n`)
})

test('a defect of the supervisor ends everything, and says what it was', async () => {
  const senseless = { ...plan('reader', { needs: ['store'] }), ready: { url: 'senseless', withinMs: 1_000 } }
  await expect(supervisor.start([plan('store'), senseless])).rejects.toMatchObject({
    code: 'ENV_SUPERVISOR',
    account: { seen: expect.stringMatching(/^defect: TypeError.*Invalid URL/) },
  })
})

test('a supervisor that is ended from outside ends everything, and says by what', async () => {
  await supervisor.start([plan('store')])
  process.kill(supervisor.pid, 'SIGTERM')
  expect(await supervisor.ended).toMatchObject({
    reason: 'signal',
    error: { code: 'ENV_SUPERVISOR', account: { seen: 'signal: SIGTERM' } },
  })
})

test('a supervisor that is killed is missed at once', async () => {
  await supervisor.start([plan('store')])
  process.kill(supervisor.pid, 'SIGKILL')
  expect(await supervisor.ended).toMatchObject({
    reason: 'died',
    error: { code: 'ENV_SUPERVISOR', account: { seen: 'it ended with SIGKILL' } },
  })
})

test('an abort while components start stops them, and the start rejects with the reason', async () => {
  const reason = new Error('interrupted')
  hearAlso = (event) => {
    if (event.kind === 'started') abort.abort(reason)
  }
  await expect(supervisor.start([plan('store', { readyWhen: join(folder, 'never') })])).rejects.toBe(reason)
  expect(await supervisor.ended).toEqual({ reason: 'asked', leftBehind: [] })
})

test('data goes at the end and logs stay, but for a stop that takes the whole folder', async () => {
  await supervisor.stop()
  expect(existsSync(join(folder, 'logs', 'supervisor.log'))).toBe(true)

  const other = await startSupervisor({ folder: `${folder}/other` })
  await other.stop({ removeFolder: true })
  expect(existsSync(`${folder}/other`)).toBe(false)
})

test('two supervisors at once have no port in common', async () => {
  await using other = await startSupervisor({ folder: join(folder, 'other') })
  const own = new Set([supervisor.anchorPort, ...supervisor.ports])
  expect([other.anchorPort, ...other.ports].filter((port) => own.has(port))).toEqual([])
  expect(other.ports.length).toBeGreaterThanOrEqual(32)
})

test('the control server tells nothing and stops nothing without the token, which is not in the log', async () => {
  const control = `http://127.0.0.1:${supervisor.anchorPort}`
  for (const authorization of ['', 'Bearer ', `Bearer ${supervisor.token.slice(1)}`]) {
    expect((await fetch(`${control}/status`, { headers: { authorization } })).status).toBe(401)
    expect((await fetch(`${control}/stop`, { method: 'POST', headers: { authorization } })).status).toBe(401)
  }
  const headers = { authorization: `Bearer ${supervisor.token}` }
  const status = await fetch(`${control}/status`, { headers })
  expect(await status.json()).toMatchObject({
    pid: supervisor.pid,
    digest: null,
    stopping: null,
    components: [],
  })
  expect((await fetch(`${control}/other`, { headers })).status).toBe(404)
  expect(readFileSync(join(folder, 'logs', 'supervisor.log'), 'utf8')).not.toContain(supervisor.token)
})

test('the status names every component with its state', async () => {
  await supervisor.start([plan('store')])
  const status = await fetch(`http://127.0.0.1:${supervisor.anchorPort}/status`, {
    headers: { authorization: `Bearer ${supervisor.token}` },
  })
  const [started] = told('started')
  expect(await status.json()).toMatchObject({
    components: [
      {
        name: 'store',
        state: 'ready',
        pid: started?.pid,
        readyAfterMs: expect.any(Number),
        readyUrl: plan('store').ready.url,
      },
    ],
  })
})

/** The control server as a harness asks it. */
async function control(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: never }> {
  const answer = await fetch(`http://127.0.0.1:${supervisor.anchorPort}${path}`, {
    method,
    headers: { authorization: `Bearer ${supervisor.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as never }
}

const reset = (port: number) =>
  fetch(`http://127.0.0.1:${port}/ready`).then(
    ({ status }) => String(status),
    (thrown: Error) => (thrown.cause as NodeJS.ErrnoException | undefined)?.code ?? thrown.message,
  )

test('a link is cut and mended on request, and refused when there is none of that name', async () => {
  const [listenPort = 0] = supervisor.ports.slice(-1)
  await supervisor.start([plan('store')], {
    links: [{ name: 'reader-to-store', listenPort, targetPort: portOf('store') ?? 0 }],
    targetsFolder: folder,
  })
  expect(await reset(listenPort)).toBe('200')
  const cut = await control('POST', '/faults', {
    fault: { kind: 'cut-link', link: 'reader-to-store' },
    expires_in_ms: 60_000,
  })
  expect(cut).toMatchObject({ status: 201, body: { id: expect.any(String) } })
  expect(await reset(listenPort)).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
  const { id } = cut.body as { id: string }
  expect(await control('DELETE', `/faults/${id}`)).toMatchObject({ status: 200 })
  expect(await reset(listenPort)).toBe('200')
  expect(await control('DELETE', `/faults/${id}`)).toMatchObject({ status: 404 })
  const unknown = { fault: { kind: 'cut-link', link: 'reader-to-moon' }, expires_in_ms: 60_000 }
  expect(await control('POST', '/faults', unknown)).toMatchObject({ status: 409 })
  expect(await control('POST', '/faults', { expires_in_ms: 1 })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('fault.kind') },
  })
})

test('a paused component answers nothing, and is still stopped in order', async () => {
  await supervisor.start([plan('store', { politeChild: true, stopWithinMs: 5_000 })])
  const fault = { kind: 'pause-component', component: 'store' }
  expect(await control('POST', '/faults', { fault, expires_in_ms: 60_000 })).toMatchObject({ status: 201 })
  await expect(
    fetch(`http://127.0.0.1:${portOf('store')}/ready`, { signal: AbortSignal.timeout(200) }),
  ).rejects.toThrow(/aborted/)
  const stoppedAt = performance.now()
  await supervisor.stop()
  expect(performance.now() - stoppedAt).toBeLessThan(5_000)
  expect(log('store')).toContain('the child was asked to stop')
})

test('a component that is stopped as a fault is no failure, and is there again when the fault ends', async () => {
  await supervisor.start([plan('store', { politeChild: true, stopWithinMs: 5_000 }), plan('reader')])
  const fault = { kind: 'stop-component', component: 'store' }
  const begun = await control('POST', '/faults', { fault, expires_in_ms: 60_000 })
  const { id } = begun.body as { id: string }
  await eventually(
    'nobody to listen',
    async () => {
      const saw = await reset(portOf('store') ?? 0)
      return saw === 'ECONNREFUSED' ? found(saw) : notYet(saw)
    },
    { withinMs: 10_000, remedy: 'look at halt()' },
  )
  expect(await control('DELETE', `/faults/${id}`)).toMatchObject({ status: 200 })
  expect(await reset(portOf('store') ?? 0)).toBe('200')
  expect(told('died')).toEqual([])
  await supervisor.stop()
  expect(log('store').match(/the child was asked to stop/g)).toHaveLength(2)
})
