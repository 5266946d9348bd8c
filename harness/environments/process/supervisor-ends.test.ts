/** Whatever way a harness or its supervisor ends: no process, no port and no data stays. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { livingMembers } from './process-table.ts'
import type { FakeHarnessOptions } from './testdata/fake-harness.ts'
import {
  endProcessesNaming,
  portsInUse,
  processesNaming,
  untilNothingIsLeft,
} from './testdata/process-list.ts'

const program = fileURLToPath(new URL('./testdata/fake-harness.ts', import.meta.url))

// The waits in here have deadlines of their own, which say what they last saw.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 })

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalproof-ends-'))
})

afterEach(async () => {
  endProcessesNaming(folder)
  await untilNothingIsLeft(folder, [])
  rmSync(folder, { recursive: true, force: true })
})

interface RunningHarness {
  readonly pid: number
  readonly supervisorPid: number
  readonly ports: readonly number[]
}

/** Runs a harness in a process group of its own until it has come as far as it is told. */
async function runHarness(until: FakeHarnessOptions['until']): Promise<RunningHarness> {
  const harness = spawn(
    process.execPath,
    [program, JSON.stringify({ folder, until } satisfies FakeHarnessOptions)],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let supervised: { pid: number; ports: number[] } | undefined
  for await (const line of createInterface({ input: harness.stdout })) {
    const said = JSON.parse(line)
    if (said.kind === 'supervised') supervised = said
    if (said.kind === 'reached') break
  }
  harness.stdout.resume()
  if (supervised === undefined || harness.pid === undefined)
    throw new Error('the harness ended before it was as far')
  return { pid: harness.pid, supervisorPid: supervised.pid, ports: supervised.ports }
}

/** The control of every test here: before the end there is something that could be left. */
async function expectRunning(harness: RunningHarness, atLeast: number): Promise<void> {
  expect(processesNaming(folder).size).toBeGreaterThanOrEqual(atLeast)
  expect(await portsInUse(harness.ports)).toContain(harness.ports[0])
  expect(existsSync(join(folder, 'data'))).toBe(true)
}

async function expectNothingLeft(harness: RunningHarness, except?: number): Promise<void> {
  await untilNothingIsLeft(folder, harness.ports, except)
  expect(existsSync(join(folder, 'data'))).toBe(false)
}

// Harness, supervisor and guard; then components, and a child of each that does not react to SIGTERM.
const moments = [
  { until: 'claimed', what: 'before it gave the plan', processes: 3 },
  { until: 'starting', what: 'while components start', processes: 5 },
  { until: 'ready', what: 'when all are ready', processes: 7 },
] as const

test.each(moments)('nothing stays of a harness that is killed $what', async ({ until, processes }) => {
  const harness = await runHarness(until)
  await expectRunning(harness, processes)
  process.kill(harness.pid, 'SIGKILL')
  await expectNothingLeft(harness)
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'nothing stays of a harness whose process group gets a %s, as a terminal sends it',
  async (signal) => {
    const harness = await runHarness('ready')
    await expectRunning(harness, 7)
    process.kill(-harness.pid, signal)
    await expectNothingLeft(harness)
  },
)

test('the signals of a terminal reach the harness alone, so that it decides what comes first', async () => {
  const harness = await runHarness('ready')
  expect(livingMembers(harness.pid)).toEqual([harness.pid])
})

test('nothing but the harness stays of a supervisor that is ended by SIGTERM', async () => {
  const harness = await runHarness('ready')
  await expectRunning(harness, 7)
  process.kill(harness.supervisorPid, 'SIGTERM')
  await expectNothingLeft(harness, harness.pid)
})

test('nothing but the harness stays of a supervisor that is killed, children of components included', async () => {
  const harness = await runHarness('ready')
  await expectRunning(harness, 7)
  process.kill(harness.supervisorPid, 'SIGKILL')
  await expectNothingLeft(harness, harness.pid)
})

test('nothing stays of a harness and a supervisor that are killed at once', async () => {
  const harness = await runHarness('ready')
  await expectRunning(harness, 7)
  process.kill(harness.pid, 'SIGKILL')
  process.kill(harness.supervisorPid, 'SIGKILL')
  await expectNothingLeft(harness)
})

// Here only the system itself can help, and it knows no groups: a component's own children are not covered.
test.runIf(process.platform === 'linux')(
  'no component stays of a supervisor that is killed with its death guard',
  async () => {
    const harness = await runHarness('ready')
    await expectRunning(harness, 7)
    const [guard] = [...processesNaming(folder)].find(([, command]) => command.includes('death-guard')) ?? []
    if (guard === undefined) throw new Error('no death guard runs')
    process.kill(guard, 'SIGKILL')
    process.kill(harness.supervisorPid, 'SIGKILL')
    await eventually(
      'no component to run',
      () => {
        const components = [...processesNaming(folder).values()].filter((command) =>
          command.includes('fake-component'),
        )
        return components.length === 0 ? found(undefined) : notYet(components.join('\n'))
      },
      { withinMs: 5_000, remedy: 'see whether setpriv is there and knows --pdeathsig' },
    )
  },
)
