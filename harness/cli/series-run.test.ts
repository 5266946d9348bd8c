import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test, vi } from 'vitest'
import { eventually, found, notYet } from '../core/eventually.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { makeSeriesRun } from './series-run.ts'

// Runs are processes.
vi.setConfig({ testTimeout: 60_000 })

const program = join(import.meta.dirname, 'testdata', 'stand-in-load.ts')
const series = join(import.meta.dirname, 'testdata', 'stand-in-series.ts')

function place(): string {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  return join(folder.path, '1')
}

const make = (args: readonly string[], folder = place()) =>
  makeSeriesRun({ args, folder, program, signal: new AbortController().signal })

const result = { verdict: 'broken', firstBroken: 'slo.objectives-held', claims: [] }

test('a run has its own folder, status and result, and what it said is kept', async () => {
  const folder = place()
  expect(
    await make(
      ['1', JSON.stringify({ ...result, load: { generator: { invalidBecause: 'k6 dropped 3' } } })],
      folder,
    ),
  ).toEqual({
    status: 1,
    result: { ...result, wasLoaded: true, generatorGaveOut: 'k6 dropped 3' },
    said: 'what the run said',
  })
  expect(readFileSync(`${folder}.log`, 'utf8')).toBe('what the run said\n')
})

test('a run that never came to its load, and one that came to nothing, are told apart', async () => {
  for (const load of [undefined, { request: {} }])
    expect((await make(['1', JSON.stringify({ ...result, load })])).result?.wasLoaded).toBe(false)
  expect(await make(['2'])).toMatchObject({ status: 2, result: undefined })
})

test.each([['SIGTERM'], ['SIGKILL']] as const)(
  'a run ends in order when its series gets %s',
  async (name) => {
    const folder = place()
    const parent = execa(process.execPath, [series, folder, program], { reject: false, stdin: 'ignore' })
    const runs = await eventually('the run has begun', () => read(`${folder}.pid`), waiting)
    parent.kill(name)
    await parent
    const end = await eventually('the run has ended in order', () => read(`${folder}.ended`), waiting)
    expect(end.value).toBe('in order')
    await eventually(
      'its process is gone',
      () => (isAlive(Number(runs.value)) ? notYet('it is there') : found(true)),
      waiting,
    )
  },
)

const waiting = { withinMs: 20_000, remedy: 'look at harness/cli/end-with-series.ts' }

function read(file: string) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return text === '' ? notYet(`no ${file}`) : found(text)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
