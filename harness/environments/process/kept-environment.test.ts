import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  findKeptEnvironment,
  type KeptEnvironment,
  keepEnvironment,
  removeStaleEnvironment,
  type StaleEnvironment,
  stopKeptEnvironment,
} from './kept-environment.ts'
import { createStateFile, type KeptState, removeStateFile, stateFileOf } from './kept-state-file.ts'
import { processStart } from './process-table.ts'
import { type Supervisor, startSupervisor } from './supervisor-client.ts'
import { fakePlan } from './testdata/fake-plan.ts'
import { endProcessesNaming, processesNaming, untilNothingIsLeft } from './testdata/process-list.ts'

type Running = Extract<KeptEnvironment, { kind: 'running' }>

// The waits in here have deadlines of their own, which say what they last saw.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 })

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalproof-kept-'))
})

afterEach(async () => {
  endProcessesNaming(root)
  await untilNothingIsLeft(root, [])
  rmSync(root, { recursive: true, force: true })
})

async function findRunning(): Promise<Running> {
  const kept = await findKeptEnvironment(root)
  if (kept.kind !== 'running')
    throw new Error(`expected a running environment, found ${JSON.stringify(kept)}`)
  return kept
}

async function findStale(): Promise<StaleEnvironment> {
  const kept = await findKeptEnvironment(root)
  if (kept.kind !== 'stale') throw new Error(`expected a stale environment, found ${JSON.stringify(kept)}`)
  return kept
}

async function startEnvironment(name: string): Promise<Supervisor> {
  const folder = join(root, name)
  mkdirSync(join(folder, 'data'), { recursive: true })
  const supervisor = await startSupervisor({ folder })
  await supervisor.start([fakePlan('store', folder, supervisor.ports[0], { stubbornChild: true })])
  return supervisor
}

const kept = { digest: 'of this plan', endpoints: { store: 'http://127.0.0.1:20001' } }

test('an environment that is kept outlives its harness, is found with all it was kept with, and can be stopped', async () => {
  const harness = await runHarnessThatKeeps()
  process.kill(harness, 'SIGKILL')
  const found = await findRunning()
  expect(found.state).toMatchObject({
    digest: 'of this plan',
    endpoints: { store: found.state.anchorPort + 1 },
  })
  expect(found.status.components.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'store ready',
    'reader ready',
  ])
  expect((await fetch(`http://127.0.0.1:${found.state.anchorPort + 1}/ready`)).status).toBe(200)

  await stopKeptEnvironment(root, found)
  await untilNothingIsLeft(root, [
    found.state.anchorPort,
    found.state.anchorPort + 1,
    found.state.anchorPort + 2,
  ])
  expect(await findKeptEnvironment(root)).toEqual({ kind: 'none' })
  expect(existsSync(join(root, 'data'))).toBe(false)
  expect(existsSync(join(root, 'logs'))).toBe(true)
})

/** @returns its pid; it is still there */
async function runHarnessThatKeeps(): Promise<number> {
  const program = fileURLToPath(new URL('./testdata/fake-harness.ts', import.meta.url))
  const harness = spawn(process.execPath, [program, JSON.stringify({ folder: root, until: 'kept' })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: harness.stdout })) {
    if (JSON.parse(line).kind === 'reached') return harness.pid as number
  }
  throw new Error('the harness ended before it had kept anything')
}

test('only its owner can read the state file, which is whole and alone in its folder', async () => {
  const supervisor = await startEnvironment('one')
  await keepEnvironment(root, supervisor, kept)
  expect(statSync(stateFileOf(root)).mode & 0o777).toBe(0o600)
  expect(readFileSync(stateFileOf(root), 'utf8')).toContain(supervisor.token)
  expect(statSync(dirname(stateFileOf(root))).nlink).toBe(2)
  expect(await supervisor.ended).toEqual({ reason: 'kept', leftBehind: [] })
  await stopKeptEnvironment(root, await findRunning(), { removeFolder: true })
  expect(existsSync(supervisor.folder)).toBe(false)
})

test('of two that are kept at once one is, and the other is told which and stays its own to stop', async () => {
  const supervisors = await Promise.all([startEnvironment('one'), startEnvironment('two')])
  const outcomes = await Promise.allSettled(
    supervisors.map((supervisor) => keepEnvironment(root, supervisor, kept)),
  )
  const winner = supervisors[outcomes.findIndex(({ status }) => status === 'fulfilled')]
  const loser = supervisors.find((supervisor) => supervisor !== winner)
  if (winner === undefined || loser === undefined) throw new Error('expected one winner')

  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'ENV_KEPT_RUNNING', account: { seen: expect.stringContaining(`process ${winner.pid}`) } },
  })
  await loser.stop()
  expect(processesNaming(loser.folder).size).toBe(0)
  expect((await findRunning()).state.pid).toBe(winner.pid)
  await stopKeptEnvironment(root, await findRunning())
})

test('a kept environment whose component dies ends, and is found stale with where to read why', async () => {
  const supervisor = await startEnvironment('one')
  await keepEnvironment(root, supervisor, kept)
  await fetch(`http://127.0.0.1:${supervisor.ports[0]}/exit?code=5`)
  await untilNothingIsLeft(supervisor.folder, [supervisor.anchorPort])
  const stale = await findStale()
  expect(stale).toMatchObject({ supervisorRuns: false, leftBehind: [stateFileOf(root)] })
  expect(readFileSync(stale.why.split('why: ')[1] ?? '', 'utf8')).toContain('"exitCode":5')
  await removeStaleEnvironment(root, stale)
  expect(await findKeptEnvironment(root)).toEqual({ kind: 'none' })
})

test('a stale state file does not stand in the way of a new environment', async () => {
  const dead = await startEnvironment('one')
  await keepEnvironment(root, dead, kept)
  process.kill(dead.pid, 'SIGKILL')
  await untilNothingIsLeft(dead.folder, [dead.anchorPort])
  const next = await startEnvironment('two')
  await keepEnvironment(root, next, kept)
  expect((await findRunning()).state.pid).toBe(next.pid)
  await stopKeptEnvironment(root, await findRunning())
})

test('a supervisor that answers with another digest is stale, named as left behind, and ended when that is removed', async () => {
  const supervisor = await startEnvironment('one')
  await keepEnvironment(root, supervisor, kept)
  const { state } = await findRunning()
  writeFileSync(stateFileOf(root), JSON.stringify({ ...state, digest: 'of another plan' }))

  const stale = await findStale()
  expect(stale.why).toBe('it runs the configuration of this plan, not of another plan')
  expect(stale.leftBehind).toEqual([
    `process ${supervisor.pid}, the supervisor`,
    `process ${state.components[0]?.pid} of store`,
    join(supervisor.folder, 'data'),
    stateFileOf(root),
  ])
  await removeStaleEnvironment(root, stale)
  await untilNothingIsLeft(supervisor.folder, [supervisor.anchorPort, ...supervisor.ports])
  expect(await findKeptEnvironment(root)).toEqual({ kind: 'none' })
})

const stateOfThisProcess = (): KeptState => ({
  pid: process.pid,
  processStart: 'another',
  anchorPort: 19_999,
  token: 'secret',
  digest: 'any',
  startedAt: '2026-02-03T04:05:06Z',
  folder: join(root, 'gone'),
  components: [{ name: 'store', pid: process.pid, processStart: 'another' }],
  endpoints: null,
})

test('a pid that another process has got in the meantime is not taken for the environment, nor ended', async () => {
  createStateFile(root, stateOfThisProcess())
  const stale = await findStale()
  expect(stale).toMatchObject({ supervisorRuns: false, leftBehind: [stateFileOf(root)] })
  await removeStaleEnvironment(root, stale)
  expect(await findKeptEnvironment(root)).toEqual({ kind: 'none' })
})

test('a component that outlived its supervisor is named, and ended with the rest', async () => {
  const folder = join(root, 'gone')
  mkdirSync(join(folder, 'data'), { recursive: true })
  const orphan = spawn('/bin/sh', ['-c', 'echo up; exec sleep 600'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(orphan.stdout, 'data')
  const pid = orphan.pid as number
  createStateFile(root, {
    ...stateOfThisProcess(),
    components: [{ name: 'store', pid, processStart: processStart(pid) ?? '' }],
  })
  const stale = await findStale()
  expect(stale.leftBehind).toEqual([`process ${pid} of store`, join(folder, 'data'), stateFileOf(root)])
  await removeStaleEnvironment(root, stale)
  expect(processStart(pid)).toBeUndefined()
  expect(existsSync(join(folder, 'data'))).toBe(false)
})

test.each([
  { content: '{"pid": 1', problem: 'JSON' },
  { content: '{"pid": "1"}', problem: 'pid' },
])(
  'a state file that cannot be read is stale, and can be removed: $content',
  async ({ content, problem }) => {
    mkdirSync(dirname(stateFileOf(root)), { recursive: true })
    writeFileSync(stateFileOf(root), content)
    const stale = await findStale()
    expect(stale.why).toContain(problem)
    await removeStaleEnvironment(root, stale)
    expect(existsSync(stateFileOf(root))).toBe(false)
  },
)

test('nobody removes a state file that has been replaced since it was read', () => {
  const old = createStateFile(root, stateOfThisProcess()) ?? ''
  removeStateFile(root, old)
  const replaced = createStateFile(root, { ...stateOfThisProcess(), digest: 'newer' })
  expect(replaced).not.toBe(old)
  removeStateFile(root, old)
  expect(JSON.parse(readFileSync(stateFileOf(root), 'utf8'))).toMatchObject({ digest: 'newer' })
})

test('a state file that is being removed by another process is not removed twice', () => {
  const generation = createStateFile(root, stateOfThisProcess()) ?? ''
  writeFileSync(`${stateFileOf(root)}.${generation.slice(0, 12)}.removing`, '')
  expect(() => removeStateFile(root, generation)).toThrow(
    expect.objectContaining({ code: 'ENV_KEPT_RUNNING' }),
  )
  expect(existsSync(stateFileOf(root))).toBe(true)
})
