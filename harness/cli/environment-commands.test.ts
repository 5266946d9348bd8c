import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'

// The command is started as a process.
vi.setConfig({ testTimeout: 60_000 })

const main = join(import.meta.dirname, 'main.ts')
const noProcesses = 'nothing to end: no environment is kept'
const noClusters = 'nothing to end: no cluster is kept (Docker does not answer)'

/** A checkout on a machine without Docker. */
function checkout(files: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder({ 'signalproof.config.ts': 'export default {}\n', ...files })
  onTestFinished(() => folder[Symbol.dispose]())
  return async (...args: readonly string[]) => {
    const { stdout, stderr, exitCode } = await execa(process.execPath, [main, ...args], {
      cwd: folder.path,
      env: { DOCKER_HOST: `unix://${join(folder.path, 'docker.sock')}`, SIGNALPROOF_ENV: undefined },
      reject: false,
      stdin: 'ignore',
    })
    return { stdout, stderr, exitCode }
  }
}

test.each([
  [['down', '--env', 'k3s', '--all'], noClusters],
  [['down', '--env', 'process', '--all'], noProcesses],
  [['status', '--env', 'k3s'], 'no cluster is kept; `signalproof up --env k3s` starts one'],
])('without Docker, where nothing is kept: %j', async (args, says) => {
  expect(await checkout()(...args)).toEqual({ stdout: says, stderr: '', exitCode: 0 })
})

test('`down --all` is of every environment', async () => {
  const { stdout, exitCode } = await checkout()('down', '--all')
  expect({ stdout, exitCode }).toEqual({ stdout: `${noProcesses}\n${noClusters}`, exitCode: 0 })
})

test('status for programs says the same', async () => {
  const { stdout } = await checkout()('status', '--env', 'k3s', '--json')
  expect(JSON.parse(stdout)).toEqual({ kind: 'none' })
})

test('an environment that cannot be kept is refused, with --all, too', async () => {
  const { stderr, stdout, exitCode } = await checkout()('down', '--all', '--env', 'nonsense')
  expect(stderr).toMatch(/USAGE_BAD_VALUE[\s\S]*process or k3s[\s\S]*nonsense/)
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
})

test('where a cluster is kept, Docker is asked for', async () => {
  const run = checkout({ '.signalproof/environments/k3s.json': '{}' })
  for (const command of ['down', 'status']) {
    const { stderr, exitCode } = await run(command, '--env', 'k3s')
    expect(stderr).toContain('ENV_DOCKER_UNREACHABLE')
    expect(stderr).not.toContain('verify --env process')
    expect(exitCode).toBe(3)
  }
})
