import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { eventually, found, notYet } from '../core/eventually.ts'
import { runTethered } from './tethered-command.ts'
import { startNode, temporaryFolder, writeProgram } from './toolchain-doubles.ts'

// Processes are started and ended here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 })

const environment = { PATH: '/usr/bin:/bin' }
const shell = (script: string) => ({ program: '/bin/sh', args: ['-c', script], cwd: '/', environment })

/** A program that starts another in the background and says both their ids. */
const family = (folder: string) =>
  writeProgram(join(folder, 'family'), `sleep 600 &\necho "$$ $!" > ${folder}/ids\nwait`)

async function idsOf(folder: string): Promise<number[]> {
  const { value } = await eventually(
    'the family has written its ids',
    async () => {
      const text = await readFile(join(folder, 'ids'), 'utf8').catch(() => '')
      return text.endsWith('\n') ? found(text.trim().split(' ').map(Number)) : notYet(`the text "${text}"`)
    },
    { withinMs: 5000, remedy: 'look at the test' },
  )
  onTestFinished(() => {
    for (const pid of value.filter(isAlive)) process.kill(pid, 'SIGKILL')
  })
  return value
}

async function expectAllGone(ids: readonly number[]): Promise<void> {
  expect(ids).toHaveLength(2)
  await eventually(
    'no process of the family is left',
    () => {
      const left = ids.filter(isAlive)
      return left.length === 0 ? found(true) : notYet(`${left.join(', ')} alive`)
    },
    { withinMs: 5000, remedy: 'look at the test' },
  )
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('its status and its last lines, of both outputs, are handed back; each line is heard', async () => {
  const heard: string[] = []
  const end = await runTethered({
    ...shell('echo one; echo two >&2; exit 7'),
    onLine: (line) => heard.push(line),
  })
  expect(end).toEqual({ exitCode: 7, lastLines: expect.arrayContaining(['one', 'two']) })
  expect(heard).toHaveLength(2)
})

test('of a long output the last 40 lines are kept', async () => {
  const { lastLines } = await runTethered(shell('seq 100'))
  expect([lastLines.length, lastLines[0], lastLines.at(-1)]).toEqual([40, '61', '100'])
})

test('a program reads the end of its input at once, and does not wait on ours', async () => {
  expect(await runTethered(shell('cat; echo read'))).toEqual({ exitCode: 0, lastLines: ['read'] })
})

test('giving up ends the program and what it started, and throws the reason', async () => {
  await using folder = await temporaryFolder()
  const controller = new AbortController()
  const program = await family(folder.path)
  const run = runTethered({ program, args: [], cwd: folder.path, environment, signal: controller.signal })
  const ids = await idsOf(folder.path)
  expect(ids.every(isAlive)).toBe(true)
  controller.abort(new Error('given up'))
  await expect(run).rejects.toThrow('given up')
  await expectAllGone(ids)
})

test('when the harness is killed, the program and what it started end too', async () => {
  await using folder = await temporaryFolder()
  const program = await family(folder.path)
  const module = join(import.meta.dirname, 'tethered-command.ts')
  const code = `import { runTethered } from ${JSON.stringify(module)}
    await runTethered({ program: ${JSON.stringify(program)}, args: [], cwd: '/', environment: { PATH: '/usr/bin:/bin' } })`
  const harness = startNode(code)
  const ids = await idsOf(folder.path)
  expect(ids.every(isAlive)).toBe(true)
  harness.kill('SIGKILL')
  await expectAllGone(ids)
})
