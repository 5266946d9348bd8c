import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { livingMembers, processStart, signalGroup } from './process-table.ts'

// Where /proc is missing, ps is asked; both ways must say the same.
const ways: NodeJS.Platform[] = process.platform === 'linux' ? ['linux', 'darwin'] : [process.platform]

const groups = new Set<number>()

afterEach(() => {
  for (const group of groups) signalGroup(group, 'SIGKILL')
  groups.clear()
})

/** A shell and its child in a group of their own. */
async function startPair(): Promise<ChildProcess & { pid: number }> {
  const shell = spawn('/bin/sh', ['-c', 'sleep 600 & echo started; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  if (shell.pid === undefined || shell.stdout === null) throw new Error('no shell')
  groups.add(shell.pid)
  await once(shell.stdout, 'data')
  return shell as ChildProcess & { pid: number }
}

test.each(ways)('a group counts its members until the last has ended, as %s tells it', async (platform) => {
  const shell = await startPair()
  expect(livingMembers(shell.pid, platform)).toHaveLength(2)
  process.kill(shell.pid, 'SIGKILL')
  await once(shell, 'exit')
  expect(livingMembers(shell.pid, platform)).toHaveLength(1)
  signalGroup(shell.pid, 'SIGKILL')
  await eventually(
    'the group to be empty',
    () => {
      const members = livingMembers(shell.pid, platform)
      return members.length === 0 ? found(members) : notYet(`members ${members.join(', ')}`)
    },
    { withinMs: 5_000, everyMs: 5, remedy: 'look at the list of processes' },
  )
})

test.each(ways)(
  'a process that runs has one start and one that is gone has none, as %s tells it',
  async (platform) => {
    const shell = await startPair()
    const start = processStart(shell.pid, platform)
    expect(start).toMatch(/\S/)
    expect(processStart(shell.pid, platform)).toBe(start)
    signalGroup(shell.pid, 'SIGKILL')
    await once(shell, 'exit')
    expect(processStart(shell.pid, platform)).toBeUndefined()
  },
)

test('processes that started at different moments differ in their start', async () => {
  const shell = await startPair()
  expect(processStart(shell.pid)).not.toBe(processStart(process.pid))
})

test('a signal to a group that is gone is no error', async () => {
  const shell = await startPair()
  signalGroup(shell.pid, 'SIGKILL')
  await once(shell, 'exit')
  expect(() => signalGroup(shell.pid, 'SIGTERM')).not.toThrow()
})
