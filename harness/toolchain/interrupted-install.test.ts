import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { eventually, found, notYet } from '../core/eventually.ts'
import {
  type Attempt,
  installByCommand,
  makeWorld,
  record,
  startCommand,
  type World,
} from './failure-matrix-double.ts'
import { compileDouble, writeGo } from './toolchain-doubles.ts'

/** The rows of the failure matrix that need the real command as a process: signals, users, networks, a second one. */

vi.setConfig({ testTimeout: 60_000 })

/** A world in which nothing is downloaded and the compiler stops in the middle, with a child of its own. */
async function compilingWorld(): Promise<World> {
  const world = (await makeWorld()) as World
  world.answer = (response) => void response.writeHead(404).end()
  await stopInTheMiddle(world)
  return world
}

/** It says its process id and those of its child, and ends when the test lets it. */
const stopInTheMiddle = (world: World) =>
  writeGo(
    world.folder,
    `echo half > "$out/alertmanager"
    sleep 600 & echo "$$ $!" > ${world.folder}/ids; wait`,
  )

const goOn = (world: World) => writeGo(world.folder, compileDouble())

async function compilerOf(world: World): Promise<number[]> {
  const { value } = await eventually(
    'the compiler has started',
    async () => {
      const text = await readFile(join(world.folder, 'ids'), 'utf8').catch(() => '')
      return text.endsWith('\n') ? found(text.trim().split(' ').map(Number)) : notYet(`the text "${text}"`)
    },
    { withinMs: 20_000, remedy: 'look at the test' },
  )
  return value
}

async function allEnded(ids: readonly number[]): Promise<void> {
  expect(ids).toHaveLength(2)
  const alive = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  await eventually(
    'the compiler and its child have ended',
    () => (ids.some(alive) ? notYet(`${ids.filter(alive).join(', ')} alive`) : found(true)),
    { withinMs: 5000, remedy: 'look at the test' },
  )
}

async function expectRetryWorks(world: World): Promise<void> {
  await goOn(world)
  const again = await installByCommand(world)
  expect(again.error).toBeUndefined()
  expect(await world.leaves()).toEqual(['toolchain/pinned-checksums.json', ...world.installed].toSorted())
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 130],
] as const)(
  '%s in the middle of a build: status %i, nothing half made, a retry works',
  async (signal, status) => {
    await using world = await compilingWorld()
    const before = await world.leaves()
    const command = startCommand(world)
    const ids = await compilerOf(world)
    command.kill(signal)
    const { exitCode, stderr } = await command
    expect(exitCode).toBe(status)
    expect(stderr.trim().split('\n').at(-1)).toBe(
      'interrupted; what is finished is kept, and the same command goes on where this one stopped',
    )
    expect(stderr).not.toMatch(/^[A-Z]+(_[A-Z]+)+: /m)
    await allEnded(ids)
    expect(await world.leaves()).toEqual(['build/unfinished/alertmanager-0.31.1', ...before])
    await expectRetryWorks(world)
    const said: Attempt = { error: stderr.trim().split('\n').at(-1), notes: [], exitStatus: status }
    await record(`${signal} in the middle of a build`, said, 'works')
  },
)

test('SIGKILL in the middle of a build leaves no compiler, and the retry clears what it left', async () => {
  await using world = await compilingWorld()
  const command = startCommand(world)
  const ids = await compilerOf(world)
  command.kill('SIGKILL')
  await command
  await allEnded(ids)
  expect(
    (await world.leaves()).some((path) => path.includes('/staging-')),
    'there is something to clear',
  ).toBe(true)
  await expectRetryWorks(world)
  await record(
    'SIGKILL in the middle of a build',
    { error: '(nobody is left to say it)', notes: [], exitStatus: 137 },
    'clears what was left, and works',
  )
})

test('two installs at once: one waits and says for whom, both end well, and there is one result', async () => {
  await using world = await compilingWorld()
  await writeGo(
    world.folder,
    `echo "$$ $$" > ${world.folder}/ids
    while [ ! -e ${world.folder}/bin/go-on ]; do sleep 0.05; done
    ${compileDouble()}`,
  )
  const first = startCommand(world)
  await compilerOf(world)
  const second = startCommand(world)
  let told = ''
  for await (const line of second.iterable({ from: 'stderr' })) {
    told += `${line}\n`
    if (line.includes('waiting for process')) await writeFile(join(world.bin, 'go-on'), '')
  }
  const [one, two] = await Promise.all([first, second])
  expect([one.exitCode, two.exitCode]).toEqual([0, 0])
  expect(told).toMatch(
    new RegExp(`waiting for process ${first.pid}, which has been installing alertmanager 0\\.31\\.1 since`),
  )
  expect(told).toContain('by another process')
  expect(two.stdout).toBe(one.stdout)
  expect(await world.leaves()).toEqual(['toolchain/pinned-checksums.json', ...world.installed].toSorted())
  expect((await readFile(join(world.folder, 'go.log'), 'utf8')).match(/^build /gm)).toHaveLength(1)
  await record(
    'two installs at once',
    { error: told.split('\n').find((line) => line.includes('waiting')), notes: [], exitStatus: 0 },
    'both end well, one result',
  )
})
