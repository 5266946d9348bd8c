/** Stand-ins for the tests of this folder: a publisher's server, programs that are shell scripts, a cache of their own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import { fetchedChecksumsFile } from './cache-layout.ts'
import type { Checksum } from './checksums.ts'
import type { ComponentPin, GoModuleBuild, ReleaseArchive } from './component-pin.ts'
import { findProgram } from './program-path.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'signalproof-toolchain-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** A server on 127.0.0.1 whose every answer the test writes; `asked` are the paths it was asked for. */
export async function publisher(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ address: string; asked: string[] } & AsyncDisposable> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  await using server = await publisher(() => {})
  return server.address
}

/** Another Node process that runs a module's text; it has ended when the test has, however that went. */
export function startNode(code: string): ChildProcessByStdio<null, Readable, null> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

export async function writeProgram(path: string, script: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

/** The interpreter itself: what stands on PATH may be a script that needs further programs. */
async function realProgram(name: string): Promise<string | undefined> {
  const program = findProgram(name, process.env)
  if (name !== 'python3' || program === undefined) return program
  return (await execa(program, ['-c', 'import sys; print(sys.executable)'])).stdout
}

/** A folder for PATH in which the named programs of this machine are the only ones; throws where one is missing. */
export async function onlyPrograms(folder: string, names: readonly string[]): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (const name of names) {
    const program = await realProgram(name)
    if (program === undefined) throw new Error(`this test needs ${name} on PATH`)
    await symlink(program, join(folder, name))
  }
  return folder
}

/** Settings whose cache, PATH and publisher are the test's own. */
export function settingsIn(folder: string, changes: Partial<ToolchainSettings> = {}): ToolchainSettings {
  return {
    platform: 'linux-x64',
    cacheRoot: join(folder, 'cache'),
    releaseHost: 'http://127.0.0.1:9',
    goCaches: 'own',
    environment: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: folder },
    ...changes,
  }
}

export const buildOfDouble: GoModuleBuild = {
  from: 'go-module',
  module: 'github.com/prometheus/alertmanager',
  moduleVersion: 'v0.31.1',
  packages: ['github.com/prometheus/alertmanager/cmd/alertmanager'],
  tags: [],
  variables: { 'example.invalid/version.Version': '{version}' },
  twoCoreSeconds: 60,
  cacheMegabytes: 1,
}

export const releaseOfDouble: ReleaseArchive = {
  folder: 'releases/v{version}',
  file: 'double-{version}.{os}-{arch}.tar.gz',
  format: 'tar.gz',
  members: { alertmanager: 'double-{version}/alertmanager' },
  checksumFile: 'sha256sums.txt',
}

/** A component of one program; it has alertmanager's name, whose go.mod is at hand. */
export const pinOfDouble: ComponentPin = {
  name: 'alertmanager',
  version: '0.31.1',
  binaries: ['alertmanager'],
  probe: ['--version'],
  image: 'example.invalid/alertmanager:v0.31.1',
  release: releaseOfDouble,
  build: buildOfDouble,
}

export const fileOfDouble = 'double-0.31.1.linux-amd64.tar.gz'
export const scriptOfDouble = (version = '0.31.1') => `echo "alertmanager, version ${version} (branch: test)"`

/** The release archive of the double, with a program that answers with the given script. */
export async function archiveOfDouble(folder: string, script = scriptOfDouble()): Promise<Buffer> {
  await writeProgram(join(folder, 'archive', 'double-0.31.1', 'alertmanager'), script)
  const { stdout } = await execa('tar', ['-czf', '-', '-C', join(folder, 'archive'), 'double-0.31.1'], {
    encoding: 'buffer',
  })
  return Buffer.from(stdout)
}

export const sha256Of = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')

/** Pins a checksum the way `toolchain pin` does for an installed package. */
export async function pinInCache(settings: ToolchainSettings, sha256: string): Promise<void> {
  const entry: Checksum = {
    component: 'alertmanager',
    version: '0.31.1',
    file: fileOfDouble,
    sha256,
    source: 'the test',
  }
  const file = fetchedChecksumsFile(settings)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, JSON.stringify([entry]))
}

/** A `go` that lists two packages and "compiles" by the given script, which finds the output folder in $out and what was asked in $all. */
export async function writeGo(folder: string, compile: string, version = '1.99.0'): Promise<void> {
  await writeProgram(
    join(folder, 'bin', 'go'),
    `
all="$*"
echo "$all" >> ${folder}/go.log
case "$1" in
  version) echo "go version go${version} linux/amd64" ;;
  list) echo one/package; echo another/package ;;
  build)
    while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
    ${compile}
    ;;
esac`,
  )
}

/** The compile of a build that succeeds. */
export const compileDouble = (version = '0.31.1') =>
  `printf '#!/bin/sh\\necho "alertmanager, version ${version} (branch: built)"\\n' > "$out/alertmanager"; chmod +x "$out/alertmanager"`
