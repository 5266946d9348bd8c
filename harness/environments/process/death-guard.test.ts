import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { startDeathGuard } from './death-guard.ts'
import { livingMembers, processStart, signalGroup } from './process-table.ts'

// What it does when its supervisor is killed is shown in supervisor-ends.test.ts.

let folder: string
let sleeper: ChildProcess & { pid: number }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalproof-guard-'))
  const spawned = spawn('/bin/sh', ['-c', 'echo up; exec sleep 600'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(spawned.stdout, 'data')
  sleeper = spawned as typeof sleeper
})

afterEach(() => {
  signalGroup(sleeper.pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function untilGone(pid: number | undefined): Promise<void> {
  await eventually(
    'the guard to be gone',
    () =>
      pid === undefined || processStart(pid) === undefined ? found(undefined) : notYet(`process ${pid} runs`),
    { withinMs: 5_000, everyMs: 5, remedy: 'see death-guard.ts' },
  )
}

test('after a goodbye it is gone, and has touched nothing', async () => {
  const losses: string[] = []
  const guard = startDeathGuard(folder, (reason) => losses.push(reason))
  guard.watch(sleeper.pid)
  await guard.goodbye()
  await untilGone(guard.pid)
  expect(livingMembers(sleeper.pid)).toEqual([sleeper.pid])
  expect(existsSync(folder)).toBe(true)
  expect(losses).toEqual([])
})

test('a guard that is killed is missed', async () => {
  const lost = Promise.withResolvers<string>()
  const guard = startDeathGuard(folder, lost.resolve)
  guard.watch(sleeper.pid)
  process.kill(guard.pid ?? 0, 'SIGKILL')
  expect(await lost.promise).toBe('it ended with SIGKILL')
  guard.watch(sleeper.pid)
})
