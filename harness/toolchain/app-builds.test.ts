import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { eventually, found, notYet } from '../core/eventually.ts'
import { prepareGoApp, preparePythonApp } from './app-builds.ts'
import { temporaryFolder, writeGo, writeProgram } from './toolchain-doubles.ts'

// Processes are started and ended here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 })

/** A repository with the two apps' sources, and a PATH of the test's own programs. */
async function repository(folder: string) {
  const [go, python] = ['available-schedules-go', 'available-schedules-python'].map((name) =>
    join(folder, 'apps', name),
  )
  await mkdir(join(go as string, 'testdata'), { recursive: true })
  await writeFile(join(go as string, 'go.mod'), 'module example.invalid/app\n\ngo 1.24.0\n')
  await writeFile(join(go as string, 'main.go'), 'package main')
  await mkdir(python as string, { recursive: true })
  await writeFile(join(python as string, 'requirements.lock'), 'a==1 --hash=sha256:0\n')
  await writeFile(join(python as string, 'pyproject.toml'), '[project]\nrequires-python = ">=3.11"\n')
  return { go: go as string, python: python as string, environment: { PATH: `${folder}/bin:/usr/bin:/bin` } }
}

const compileApp = 'echo "#!/bin/sh" > "$out"; chmod +x "$out"'
const builds = async (folder: string) =>
  (await readFile(join(folder, 'go.log'), 'utf8')).split('\n').filter((line) => line.startsWith('build'))
    .length

/** A `python3` whose venv is a folder with an interpreter that logs what pip is asked. */
const writePython = (folder: string, pip = 'true', version = '3.11.7') =>
  writeProgram(
    join(folder, 'bin', 'python3'),
    `[ "$1" = --version ] && { echo Python ${version}; exit; }
mkdir -p "$3/bin"; printf '#!/bin/sh\\necho "$@" >> ${folder}/pip.log; ${pip}\\n' > "$3/bin/python"; chmod +x "$3/bin/python"`,
  )

test('the Go app is compiled once, and again only when a source has changed', async () => {
  await using folder = await temporaryFolder()
  const { go, environment } = await repository(folder.path)
  await writeGo(folder.path, compileApp)
  const first = await prepareGoApp(folder.path, { environment })
  expect(first.command).toBe(
    join(folder.path, '.signalproof/apps/available-schedules-go', first.digest, 'available-schedules-go'),
  )
  expect(await prepareGoApp(folder.path, { environment })).toEqual(first)
  await writeFile(join(go, 'main_test.go'), 'package main')
  await writeFile(join(go, 'testdata', 'sample'), 'x')
  expect(await prepareGoApp(folder.path, { environment })).toEqual(first)
  expect(await builds(folder.path)).toBe(1)

  await writeFile(join(go, 'main.go'), 'package main // changed')
  const second = await prepareGoApp(folder.path, { environment })
  expect(second.digest).not.toBe(first.digest)
  expect(await builds(folder.path)).toBe(2)
  expect(existsSync(first.command), 'a kept environment may still run it').toBe(true)
})

test('old builds go, the longest unused first', async () => {
  await using folder = await temporaryFolder()
  const { go, environment } = await repository(folder.path)
  await writeGo(folder.path, compileApp)
  const commands: string[] = []
  for (const text of ['1', '2', '3', '4', '5']) {
    await writeFile(join(go, 'main.go'), `package main // ${text}`)
    commands.push((await prepareGoApp(folder.path, { environment })).command)
  }
  expect(commands.map((command) => existsSync(command))).toEqual([false, false, true, true, true])
})

test('a compile that fails shows its lines and leaves nothing; the next one works', async () => {
  await using folder = await temporaryFolder()
  const { environment } = await repository(folder.path)
  await writeGo(folder.path, 'echo "./main.go:3:1: syntax error"; exit 1')
  await expect(prepareGoApp(folder.path, { environment })).rejects.toThrow(
    /^TOOL_BUILD_FAILED.*\n.*status 1.*\n +\.\/main\.go:3:1: syntax error\n/,
  )
  expect(readdirSync(join(folder.path, '.signalproof/apps/available-schedules-go'))).toEqual(['lock'])
  await writeGo(folder.path, compileApp)
  expect(existsSync((await prepareGoApp(folder.path, { environment })).command)).toBe(true)
})

test('two that want the same app at once make it once', async () => {
  await using folder = await temporaryFolder()
  const { environment } = await repository(folder.path)
  await writeGo(folder.path, compileApp)
  const [first, second] = await Promise.all([
    prepareGoApp(folder.path, { environment }),
    prepareGoApp(folder.path, { environment }),
  ])
  expect(second).toEqual(first)
  expect(await builds(folder.path)).toBe(1)
})

test('giving up in a compile leaves nothing half made', async () => {
  await using folder = await temporaryFolder()
  const { environment } = await repository(folder.path)
  await writeGo(folder.path, `touch ${folder.path}/compiling; sleep 600`)
  const controller = new AbortController()
  const app = prepareGoApp(folder.path, { environment, signal: controller.signal })
  await eventually(
    'the compiler runs',
    () => (existsSync(join(folder.path, 'compiling')) ? found(true) : notYet('no compiler')),
    { withinMs: 5000, remedy: 'look at the test' },
  )
  controller.abort(new Error('given up'))
  await expect(app).rejects.toThrow('given up')
  expect(readdirSync(join(folder.path, '.signalproof/apps/available-schedules-go'))).toEqual(['lock'])
})

test('the Python environment is made once from its lock, with every hash required', async () => {
  await using folder = await temporaryFolder()
  const { python, environment } = await repository(folder.path)
  await writePython(folder.path)
  const first = await preparePythonApp(folder.path, { environment })
  expect(first.command).toBe(
    join(folder.path, '.signalproof/apps/available-schedules-python', first.digest, 'bin/python'),
  )
  expect(await preparePythonApp(folder.path, { environment })).toEqual(first)
  const asked = (await readFile(join(folder.path, 'pip.log'), 'utf8')).trim().split('\n')
  expect(asked).toEqual([
    expect.stringMatching(/^-m pip .*install .*--require-hashes --requirement .*requirements\.lock$/),
  ])

  await writeFile(join(python, 'requirements.lock'), 'a==2 --hash=sha256:1\n')
  expect((await preparePythonApp(folder.path, { environment })).digest).not.toBe(first.digest)
})

test('an environment that was cut short, or has lost its interpreter, is made anew', async () => {
  await using folder = await temporaryFolder()
  const { environment } = await repository(folder.path)
  await writePython(folder.path)
  const { command } = await preparePythonApp(folder.path, { environment })
  await rm(join(command, '..', '..', '.complete'))
  await preparePythonApp(folder.path, { environment })
  await rm(command)
  await preparePythonApp(folder.path, { environment })
  expect((await readFile(join(folder.path, 'pip.log'), 'utf8')).trim().split('\n')).toHaveLength(3)
})

test('requirements that pip refuses are named by its last lines, and no environment is left', async () => {
  await using folder = await temporaryFolder()
  const { environment } = await repository(folder.path)
  await writePython(folder.path, 'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"; exit 1')
  await expect(preparePythonApp(folder.path, { environment })).rejects.toThrow(
    /^TOOL_DOWNLOAD.*requirements\.lock.*\n.*\n.*DO NOT MATCH THE HASHES/,
  )
  expect(readdirSync(join(folder.path, '.signalproof/apps/available-schedules-python'))).toEqual(['lock'])
})

test('a Python older than the app asks for is refused', async () => {
  await using folder = await temporaryFolder()
  await repository(folder.path)
  await writePython(folder.path, 'true', '3.10.2')
  await writeProgram(join(folder.path, 'bin', 'sh'), 'exec /bin/sh "$@"')
  const environment = { PATH: join(folder.path, 'bin') }
  await expect(preparePythonApp(folder.path, { environment })).rejects.toThrow(
    /^TOOL_NO_PYTHON: expected Python 3\.11 or later.*\n.*bin\/python3: Python 3\.10\.2\n/,
  )
})
