import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { eventually, found, notYet } from '../core/eventually.ts'
import { buildFolders, componentFolders } from './cache-layout.ts'
import type { ComponentPin } from './component-pin.ts'
import { installPins } from './install-components.ts'
import type { InstallEvent } from './install-progress.ts'
import { resolvePin } from './resolve-component.ts'
import {
  archiveOfDouble,
  buildOfDouble,
  compileDouble,
  fileOfDouble,
  pinInCache,
  pinOfDouble,
  publisher,
  scriptOfDouble,
  settingsIn,
  sha256Of,
  startNode,
  temporaryFolder,
  writeGo,
  writeProgram,
} from './toolchain-doubles.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

// Processes are started and ended here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 })

const send = (archive: Buffer) => (_request: unknown, response: ServerResponse) => response.end(archive)

/** What stands in the component's folder of the cache, beside the lock. */
function leftBehind(settings: ToolchainSettings): string[] {
  const { home } = componentFolders(settings, pinOfDouble)
  return readdirSync(home).filter((name) => name !== 'lock')
}

test('a pinned release archive is downloaded, checked and installed; then it is found without asking again', async () => {
  await using folder = await temporaryFolder()
  const archive = await archiveOfDouble(folder.path)
  await using server = await publisher(send(archive))
  const settings = settingsIn(folder.path, { releaseHost: server.address })
  await pinInCache(settings, sha256Of(archive))
  const events: InstallEvent[] = []
  const [installed] = await installPins([pinOfDouble], { settings, progress: (event) => events.push(event) })
  expect(installed).toMatchObject({ version: '0.31.1', provenance: 'downloaded', foundIn: 'cache' })
  expect(server.asked).toEqual([`/releases/v0.31.1/${fileOfDouble}`])
  expect(leftBehind(settings)).toEqual(['0.31.1-linux-x64'])
  const receipt = JSON.parse(
    await readFile(join(componentFolders(settings, pinOfDouble).installed, 'receipt.json'), 'utf8'),
  )
  expect(receipt.binaries.alertmanager.sha256).toBe(sha256Of(await readFile(installed?.location as string)))
  expect(receipt.source).toContain(sha256Of(archive))
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['started', 'activity', 'installed']))

  events.length = 0
  expect(await installPins([pinOfDouble], { settings, progress: (event) => events.push(event) })).toEqual([
    installed,
  ])
  expect(server.asked).toHaveLength(1)
  expect(events).toEqual([])
})

test('a forged archive ends the install although Go could build: nothing is left, and a retry works', async () => {
  await using folder = await temporaryFolder()
  const archive = await archiveOfDouble(folder.path)
  let sent: Buffer = Buffer.from('forged')
  await using server = await publisher((_request, response) => response.end(sent))
  const settings = settingsIn(folder.path, { releaseHost: server.address })
  await pinInCache(settings, sha256Of(archive))
  await writeGo(folder.path, compileDouble())
  await expect(installPins([pinOfDouble], { settings })).rejects.toThrow(/^TOOL_CHECKSUM/)
  expect(leftBehind(settings)).toEqual([])
  sent = archive
  expect((await installPins([pinOfDouble], { settings }))[0]?.provenance).toBe('downloaded')
})

test.each([
  ['unpinned', undefined, 'TOOL_UNPINNED'],
  ['not there', 404, 'TOOL_UNREACHABLE'],
])('a release that is %s is said to be passed over, and Go builds instead', async (_name, status, code) => {
  await using folder = await temporaryFolder()
  await using server = await publisher((_request, response) => response.writeHead(status ?? 200).end())
  const settings = settingsIn(folder.path, { releaseHost: server.address })
  if (status !== undefined) await pinInCache(settings, sha256Of('x'))
  await writeGo(folder.path, compileDouble())
  const notes: string[] = []
  const progress = (event: InstallEvent) => event.kind === 'note' && notes.push(event.text)
  const [installed] = await installPins([pinOfDouble], { settings, progress })
  expect(installed).toMatchObject({ provenance: 'built', version: '0.31.1' })
  expect(server.asked).toHaveLength(status === undefined ? 0 : 1)
  expect(notes).toEqual([expect.stringContaining(`release archive: ${code}`)])
  const said = await readFile(join(folder.path, 'go.log'), 'utf8')
  expect(said).toMatch(
    /^build -v -trimpath -buildvcs=false -mod=readonly .*-s -w -X example\.invalid\/version\.Version=0\.31\.1 /m,
  )
})

test('a main package of ours is compiled from its folder, with its variables and flags; nothing is asked of a publisher', async () => {
  await using folder = await temporaryFolder()
  await using server = await publisher((_request, response) => response.end())
  const settings = settingsIn(folder.path, { releaseHost: server.address })
  const { release: _none, ...unpublished } = pinOfDouble
  const pin: ComponentPin = {
    ...unpublished,
    name: 'pause',
    version: '1.0.0',
    binaries: ['pause'],
    build: {
      from: 'go-main',
      tags: ['netgo'],
      variables: { 'main.version': 'v{version}', 'main.minor': '{major}.{minor}' },
      linkerFlags: ['-checklinkname=0'],
      twoCoreSeconds: 1,
      cacheMegabytes: 1,
    },
  }
  await writeGo(
    folder.path,
    `grep -q 'package main' main.go && printf '#!/bin/sh\\necho pause, version 1.0.0' > "$out/pause"; chmod +x "$out/pause"`,
  )
  const notes: InstallEvent[] = []
  const progress = (event: InstallEvent) => event.kind === 'note' && notes.push(event)
  const [installed] = await installPins([pin], { settings, progress })
  expect(installed).toMatchObject({ name: 'pause', version: '1.0.0', provenance: 'built' })
  expect([server.asked, notes]).toEqual([[], []])
  expect(await readFile(join(folder.path, 'go.log'), 'utf8')).toMatch(
    /^build .*-tags netgo -ldflags -s -w -checklinkname=0 -X main\.version=v1\.0\.0 -X main\.minor=1\.0 -o \S+\/ \.$/m,
  )
  const receipt = await readFile(join(componentFolders(settings, pin).installed, 'receipt.json'), 'utf8')
  expect(JSON.parse(receipt).source).toBe('a main package of ours, compiled by Go 1.99.0')
})

test('what runs in containers only is not made for another system, and says so', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path, { platform: 'darwin-arm64' })
  await writeGo(folder.path, compileDouble())
  const pin: ComponentPin = { ...pinOfDouble, platforms: ['linux-x64', 'linux-arm64'] }
  await expect(installPins([pin], { settings })).rejects.toThrow(
    /^TOOL_UNAVAILABLE: expected alertmanager 0\.31\.1 to be made on linux-x64 or linux-arm64.*\n {2}seen: darwin-arm64\n.*let a registry be reached/s,
  )
  expect(leftBehind(settings)).toEqual([])
  expect(existsSync(join(folder.path, 'go.log'))).toBe(false)
})

const wrongBinaries: [string, string, RegExp][] = [
  ['of another version', scriptOfDouble('0.30.9'), /^TOOL_WRONG_VERSION.*\n.*reports 0\.30\.9/],
  ['that does not start', 'exit 127', /^TOOL_DOES_NOT_RUN/],
]
test.each(wrongBinaries)('a downloaded binary %s is not installed', async (_name, script, says) => {
  await using folder = await temporaryFolder()
  const archive = await archiveOfDouble(folder.path, script)
  await using server = await publisher(send(archive))
  const settings = settingsIn(folder.path, { releaseHost: server.address })
  await pinInCache(settings, sha256Of(archive))
  await expect(installPins([pinOfDouble], { settings })).rejects.toThrow(says)
  expect(leftBehind(settings)).toEqual([])
})

test('without Go the error says which Go, and why the release was not taken', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path, { environment: { PATH: join(folder.path, 'bin') } })
  await writeProgram(join(folder.path, 'bin', 'sh'), 'exec /bin/sh "$@"')
  await expect(installPins([pinOfDouble], { settings })).rejects.toThrow(
    /^TOOL_NO_GO: expected Go 1\.24\.0 or later on PATH\n {2}seen: no go on PATH\n.*before that, release archive: TOOL_UNPINNED.*\n.*install it \(https:\/\/go\.dev\/dl\), or put alertmanager 0\.31\.1 on PATH or set SIGNALPROOF_ALERTMANAGER/,
  )
})

test('a Go that is too old is refused before anything is fetched', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await writeGo(folder.path, compileDouble(), '1.23.9')
  await expect(installPins([pinOfDouble], { settings })).rejects.toThrow(
    /^TOOL_NO_GO.*\n {2}seen: .*bin\/go is Go 1\.23\.9/,
  )
  expect(await readFile(join(folder.path, 'go.log'), 'utf8')).not.toContain('list')
})

test('a build that fails shows its last lines, keeps its caches, and the next try goes on', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  const { root, goBuild } = buildFolders(settings)
  await writeGo(
    folder.path,
    'mkdir -p "$GOCACHE"; echo part > "$GOCACHE/part"; echo "x.go:1: undefined: y" >&2; exit 1',
  )
  await expect(installPins([pinOfDouble], { settings })).rejects.toThrow(
    /^TOOL_BUILD_FAILED: expected Go to compile .*cmd\/alertmanager for alertmanager 0\.31\.1\n.*status 1.*\n +x\.go:1: undefined: y\n/,
  )
  expect(leftBehind(settings)).toEqual([])
  expect(existsSync(join(goBuild, 'part'))).toBe(true)

  await writeGo(folder.path, `[ -f "$GOCACHE/part" ] || exit 9; ${compileDouble()}`)
  expect((await installPins([pinOfDouble], { settings }))[0]?.provenance).toBe('built')
  expect(existsSync(root), 'the caches go when nothing is unfinished').toBe(false)
})

test('a disk that fills up in a build is said to be full', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await writeGo(folder.path, 'echo "mkdir /x: no space left on device" >&2; exit 1')
  await expect(installPins([pinOfDouble], { settings })).rejects.toThrow(
    /^TOOL_DISK_FULL.*\n.*no space left on device\n/,
  )
})

test('a build that the disk has no room for is refused before it starts', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await writeGo(folder.path, compileDouble())
  const huge: ComponentPin = { ...pinOfDouble, build: { ...buildOfDouble, cacheMegabytes: 1e12 } }
  await expect(installPins([huge], { settings })).rejects.toThrow(
    /^TOOL_DISK_FULL.*\n.*free, and compiling needs 1000000000\.0 GB/,
  )
  expect(existsSync(join(folder.path, 'go.log'))).toBe(false)
  expect(leftBehind(settings)).toEqual([])
})

test("the user's own Go caches are used when asked for, and nothing is removed or made beside them", async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path, { goCaches: 'user' })
  await writeGo(folder.path, `[ -z "$GOCACHE$GOMODCACHE" ] || exit 9; ${compileDouble()}`)
  await installPins([pinOfDouble], { settings })
  expect(existsSync(buildFolders(settings).root)).toBe(false)
})

test('giving up in a build ends the compiler, leaves no half install, and a retry works', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await writeGo(folder.path, `echo $$ > ${folder.path}/pid; sleep 600`)
  const controller = new AbortController()
  const install = installPins([pinOfDouble], { settings, signal: controller.signal })
  const pid = await compilerIn(folder.path)
  controller.abort(new Error('given up'))
  await expect(install).rejects.toThrow('given up')
  await ended(pid)
  expect(leftBehind(settings)).toEqual([])
  await writeGo(folder.path, compileDouble())
  expect((await installPins([pinOfDouble], { settings }))[0]?.provenance).toBe('built')
})

test('two installs at once share the work: the second waits, says for whom, and finds the result', async () => {
  await using folder = await temporaryFolder()
  const archive = await archiveOfDouble(folder.path)
  const answer = Promise.withResolvers<void>()
  await using server = await publisher(
    (_request, response) => void answer.promise.then(() => response.end(archive)),
  )
  const settings = settingsIn(folder.path, { releaseHost: server.address })
  await pinInCache(settings, sha256Of(archive))
  const first = installPins([pinOfDouble], { settings })
  await eventually(
    'the first asks the publisher',
    () => (server.asked.length > 0 ? found(true) : notYet('no request')),
    {
      withinMs: 5000,
      remedy: 'look at the test',
    },
  )
  const said: string[] = []
  const second = installPins([pinOfDouble], {
    settings,
    progress: (event) => {
      if (event.kind !== 'activity') return
      said.push(event.text)
      answer.resolve()
    },
  })
  expect(await second).toEqual(await first)
  expect(said).toEqual([
    expect.stringContaining(
      `waiting for process ${process.pid}, which has been installing alertmanager 0.31.1 since`,
    ),
  ])
  expect(server.asked).toHaveLength(1)
})

test('an install that was killed leaves no compiler; the one that waited takes over and clears what it left', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  await writeGo(folder.path, `echo $$ > ${folder.path}/pid; sleep 600`)
  const module = join(import.meta.dirname, 'install-components.ts')
  const code = `import { installPins } from ${JSON.stringify(module)}
    await installPins([${JSON.stringify(pinOfDouble)}], { settings: ${JSON.stringify(settings)} })`
  const harness = startNode(code)
  const pid = await compilerIn(folder.path)
  expect(leftBehind(settings).some((name) => name.startsWith('staging-'))).toBe(true)

  await writeGo(folder.path, compileDouble())
  const [installed] = await installPins([pinOfDouble], {
    settings,
    progress: (event) =>
      event.kind === 'activity' && event.text.startsWith('waiting') && harness.kill('SIGKILL'),
  })
  expect(installed?.provenance).toBe('built')
  await ended(pid)
  expect(leftBehind(settings)).toEqual(['0.31.1-linux-x64'])
})

test('a broken install in the cache is replaced', async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  const { installed } = componentFolders(settings, pinOfDouble)
  await mkdir(installed, { recursive: true })
  await writeFile(join(installed, 'alertmanager'), 'half a file')
  await writeGo(folder.path, compileDouble())
  await installPins([pinOfDouble], { settings })
  expect((await resolvePin(pinOfDouble, settings)).version).toBe('0.31.1')
})

test('a cache that cannot be written is one error that names it', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'cache'), 'a file')
  await expect(installPins([pinOfDouble], { settings: settingsIn(folder.path) })).rejects.toThrow(
    /^TOOL_CACHE: expected a folder that can be written: .*\/cache\/.*\n.*\n.*SIGNALPROOF_CACHE/,
  )
})

test("one component's failure does not stop another, and is the error in the end", async () => {
  await using folder = await temporaryFolder()
  const settings = settingsIn(folder.path)
  const failing: ComponentPin = {
    ...pinOfDouble,
    name: 'loki',
    build: { ...buildOfDouble, twoCoreSeconds: 1, packages: ['failing'] },
  }
  await writeGo(folder.path, `case "$all" in *failing*) echo broken; exit 1 ;; esac; ${compileDouble()}`)
  await expect(installPins([failing, pinOfDouble], { settings })).rejects.toThrow(
    /^TOOL_BUILD_FAILED.*for loki/,
  )
  expect((await resolvePin(pinOfDouble, settings)).version).toBe('0.31.1')
  expect(existsSync(buildFolders(settings).root), 'loki is unfinished, so the caches stay').toBe(true)
})

async function compilerIn(folder: string): Promise<number> {
  const { value } = await eventually(
    'the compiler has started',
    async () => {
      const text = await readFile(join(folder, 'pid'), 'utf8').catch(() => '')
      return text.endsWith('\n') ? found(Number(text)) : notYet(`the text "${text}"`)
    },
    { withinMs: 10_000, remedy: 'look at the test' },
  )
  return value
}

async function ended(pid: number): Promise<void> {
  const look = () => {
    try {
      process.kill(pid, 0)
      return notYet(`process ${pid} is alive`)
    } catch {
      return found(true)
    }
  }
  await eventually('the compiler has ended', look, { withinMs: 5000, remedy: 'look at the test' })
}
