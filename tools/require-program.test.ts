import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('require-program.sh', import.meta.url))
let path: string
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'signalproof-path-'))
  const { stdout: bash } = await execa('bash', ['-c', 'command -v bash'])
  symlinkSync(bash, join(path, 'bash'))
})
afterEach(() => rmSync(path, { recursive: true }))

/** A program on the PATH that answers as one of another version would. */
function put(name: string, body: string): void {
  writeFileSync(join(path, name), `#!/usr/bin/env bash\n${body}\n`)
  chmodSync(join(path, name), 0o755)
}

async function ask(...programs: string[]) {
  const options = { env: { PATH: path }, extendEnv: false, reject: false } as const
  const { exitCode, stderr } = await execa('/usr/bin/env', ['bash', script, ...programs], options)
  return { exitCode, lines: stderr.split('\n') }
}

test.each(['npm', 'python3', 'go'])('a machine without %s is told so in three lines', async (program) => {
  const { exitCode, lines } = await ask(program)
  expect(exitCode).toBe(2)
  expect(lines).toEqual([
    expect.stringMatching(/^expected: /),
    `seen:     no ${program} on PATH`,
    expect.stringMatching(/^try: {6}install /),
  ])
})

test('a machine that has all is told nothing', async () => {
  for (const program of ['npm', 'python3', 'go']) put(program, 'exit 0')
  symlinkSync(process.execPath, join(path, 'node'))
  for (const program of ['npm', 'python3', 'go'])
    expect(await ask(program)).toEqual({ exitCode: 0, lines: [''] })
})

test('a Node.js that is too old is seen with its version', async () => {
  put('npm', 'exit 0')
  put('node', 'if [ "$1" = --version ]; then echo v16.20.0; else exit 1; fi')
  expect(await ask('npm')).toMatchObject({ exitCode: 2, lines: { 1: 'seen:     Node.js v16.20.0' } })
})

test('a Python that is too old is seen with its version', async () => {
  put('python3', 'if [ "$1" = --version ]; then echo Python 3.9.1; else exit 1; fi')
  expect(await ask('python3')).toMatchObject({ exitCode: 2, lines: { 1: 'seen:     Python 3.9.1' } })
})

test('a Python without venv is seen as such', async () => {
  put('python3', 'case "$*" in *ensurepip*) exit 1 ;; --version) echo Python 3.13.1 ;; esac')
  expect(await ask('python3')).toMatchObject({
    exitCode: 2,
    lines: { 1: 'seen:     Python 3.13.1 without venv or pip' },
  })
})
