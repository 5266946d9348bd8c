import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { keptLoad, repeatsWith } from '../load/compare/kept-load-doubles.ts'

// The command is started as a process.
vi.setConfig({ testTimeout: 60_000 })

const main = join(import.meta.dirname, 'main.ts')

/** A checkout with a series of five runs, one of five slower ones, and a single run. */
async function compare(...args: readonly string[]) {
  const runsOf = (series: string, p95s: readonly number[]) =>
    repeatsWith(p95s).map((run, index) => [
      `.signalproof/runs/${series}/${index + 1}/result.json`,
      JSON.stringify(run),
    ])
  const folder = temporaryFolder({
    'signalproof.config.ts': 'export default {}\n',
    ...Object.fromEntries(runsOf('a', [20, 21, 19, 20.5, 19.5])),
    ...Object.fromEntries(runsOf('b', [30, 31, 29, 30.5, 29.5])),
    '.signalproof/runs/c/result.json': JSON.stringify(keptLoad()),
  })
  onTestFinished(() => folder[Symbol.dispose]())
  const { stdout, stderr, exitCode } = await execa(process.execPath, [main, 'compare', ...args], {
    cwd: folder.path,
    reject: false,
    stdin: 'ignore',
  })
  return { stdout, stderr, exitCode }
}

test('two series are compared, and a change is no failure', async () => {
  const { stdout, exitCode } = await compare('a', 'b')
  expect(stdout).toContain('BEYOND THE NOISE: 1 of 11 figures: p95 of /v1.')
  expect(exitCode).toBe(0)
})

test('single runs are compared without a word about noise', async () => {
  expect((await compare('c', 'b')).stdout).toContain('too few repeats: 1 and 5 of at least 5 each')
})

test('for programs the same is JSON and nothing else', async () => {
  const { stdout } = await compare('a', 'b', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, enoughRepeats: true, settings: [] })
})

test('a run that is not there ends with 2 and the newest runs', async () => {
  const { stderr, exitCode } = await compare('a', 'nonsense')
  expect(stderr).toMatch(/USAGE_UNKNOWN_NAME[\s\S]*the newest runs are a, b, c/)
  expect(exitCode).toBe(2)
})
