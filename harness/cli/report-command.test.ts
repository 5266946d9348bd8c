import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { claimDouble, recordOf, resultOf } from '../report/run-doubles.ts'

// The command is started as a process.
vi.setConfig({ testTimeout: 60_000 })

const main = join(import.meta.dirname, 'main.ts')
const result = JSON.stringify(resultOf(recordOf([claimDouble('logs.stored')])))

/** A checkout with two kept runs, and a third folder that no run has finished. */
async function report(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder({
    'signalproof.config.ts': 'export default {}\n',
    '.signalproof/runs/20260101-a/result.json': result,
    '.signalproof/runs/20260102-b/result.json': result,
    '.signalproof/runs/20260103-c/record.jsonl': '',
    'elsewhere/result.json': result,
  })
  onTestFinished(() => folder[Symbol.dispose]())
  const { stdout, stderr, exitCode } = await execa(process.execPath, [main, 'report', ...args], {
    cwd: folder.path,
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  const hasReport = (path: string) => existsSync(join(folder.path, path, 'report.html'))
  return { stdout, stderr, exitCode, path: folder.path, hasReport }
}

test('the newest run that has a result is reported, and the path of the page is all that is printed', async () => {
  const { stdout, exitCode, path } = await report([])
  expect({ stdout, exitCode }).toEqual({ stdout: '.signalproof/runs/20260102-b/report.html', exitCode: 0 })
  expect(readFileSync(join(path, stdout), 'utf8')).toContain('Proven: 1 claim holds.')
})

test.each([
  ['20260101-a', '.signalproof/runs/20260101-a'],
  ['elsewhere', 'elsewhere'],
  ['elsewhere/result.json', 'elsewhere'],
])('%s names a run', async (named, folder) => {
  const { exitCode, hasReport } = await report([named])
  expect({ exitCode, there: hasReport(folder) }).toEqual({ exitCode: 0, there: true })
})

test('two runs are compared on a page beside the second', async () => {
  const { stdout, exitCode } = await report(['--compare', '20260101-a', '20260102-b'])
  expect({ stdout, exitCode }).toEqual({
    stdout: '.signalproof/runs/20260102-b/compared-with-run-of-r1.html',
    exitCode: 0,
  })
})

test.each<[readonly string[], string]>([
  [['nonsense'], 'USAGE_UNKNOWN_NAME'],
  [['20260103-c'], 'CONFIG_UNREADABLE'],
  [['20260101-a', '20260102-b'], 'USAGE_BAD_VALUE: expected one run, or --compare and two'],
  [['--compare', '20260101-a'], 'USAGE_BAD_VALUE: expected two runs to compare'],
])('%j is wrong usage', async (args, words) => {
  const { stderr, exitCode, stdout } = await report(args)
  expect(stderr).toContain(words)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
})

test('where nobody could see it, --open is refused before anything is written', async () => {
  const { stderr, exitCode, hasReport } = await report(['20260101-a', '--open'], { PATH: '/nowhere' })
  expect(stderr).toMatch(
    /USAGE_BAD_VALUE: expected a program that shows a page, for --open\n {2}seen: no (xdg-)?open on PATH/,
  )
  expect({ exitCode, there: hasReport('.signalproof/runs/20260101-a') }).toEqual({
    exitCode: 2,
    there: false,
  })
})
