import { chmod } from 'node:fs/promises'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import type { ErrorCode } from '../core/error-codes.ts'
import { fetchedChecksumsFile } from './cache-layout.ts'
import { writeChecksums } from './checksums.ts'
import { installByCommand, makeWorld, record, type World, wrongWith } from './failure-matrix-double.ts'
import { releaseFile } from './install-job.ts'
import { componentPins } from './pins.ts'
import { currentPlatform } from './platforms.ts'
import { compileDouble, deadAddress, sha256Of, writeGo } from './toolchain-doubles.ts'

/** The rows of the failure matrix that are about the user and the network that the real command is started with. */

vi.setConfig({ testTimeout: 60_000 })

interface Machine {
  readonly cause: string
  readonly code: ErrorCode
  readonly says: readonly string[]
  /** What the command is started by: it takes something away from it. */
  readonly wrapper?: readonly string[]
  readonly breaks?: (world: World) => Promise<unknown> | unknown
  readonly mends: (world: World) => Promise<unknown> | unknown
}

const wellWithGo = (world: World) => writeGo(world.folder, compileDouble())

const machines: readonly Machine[] = [
  {
    cause: 'the cache may not be written by this user',
    code: 'TOOL_CACHE',
    says: ['expected a folder that can be written', 'EACCES', 'SIGNALPROOF_CACHE=/some/folder'],
    // Even root is a stranger to its own files in a namespace of users that knows nobody.
    wrapper: ['unshare', '-U', '--'],
    breaks: async (world) => {
      await wellWithGo(world)
      await chmod(`${world.settings.cacheRoot}/toolchain`, 0o555)
    },
    mends: (world) => chmod(`${world.settings.cacheRoot}/toolchain`, 0o755),
  },
  {
    cause: 'no network and no DNS, and there is no Go',
    code: 'TOOL_NO_GO',
    says: ['no go on PATH', 'TOOL_UNREACHABLE', 'no DNS, or no network', 'https://go.dev/dl'],
    wrapper: ['unshare', '-U', '-r', '-n', '--'],
    breaks: (world) =>
      Object.assign(world.environment, { SIGNALPROOF_RELEASE_MIRROR: 'http://releases.invalid' }),
    mends: wellWithGo,
  },
  {
    cause: 'the proxy does not answer, and there is no Go',
    code: 'TOOL_NO_GO',
    says: ['ECONNREFUSED: nobody listens there); the proxy is http://127.0.0.1:'],
    breaks: async (world) =>
      Object.assign(world.environment, {
        SIGNALPROOF_RELEASE_MIRROR: 'http://releases.invalid',
        HTTP_PROXY: (await deadAddress()).replace('//', '//user:secret@'),
      }),
    mends: wellWithGo,
  },
  {
    cause: 'HOME is not set, and the system does not know the user',
    code: 'TOOL_CACHE',
    says: ['expected a home folder', 'HOME is not set', 'SIGNALPROOF_CACHE=/some/folder'],
    wrapper: ['unshare', '-U', '--map-user=12345', '--'],
    breaks: async (world) => {
      await wellWithGo(world)
      Object.assign(world.environment, { SIGNALPROOF_CACHE: undefined, HOME: undefined })
    },
    mends: (world) => delete world.environment.SIGNALPROOF_CACHE,
  },
]

for (const machine of machines) {
  test(`${machine.cause}: ${machine.code}`, async ({ skip }) => await expectOneErrorAndRetry(machine, skip))
}

async function expectOneErrorAndRetry(machine: Machine, skip: (reason: string) => never): Promise<void> {
  const { cause, code, says, wrapper, breaks, mends } = machine
  const lacks = await lackOf(wrapper)
  if (lacks !== undefined) return skip(lacks)
  await using world = (await makeWorld()) as World
  world.answer = (response) => void response.writeHead(404).end()
  await pinRealArchive(world)
  await breaks?.(world)
  const before = await world.leaves()
  const attempt = await installByCommand(world, wrapper)
  expect(wrongWith(attempt.error ?? '', code), attempt.error).toEqual([])
  for (const words of says) expect(attempt.error).toContain(words)
  expect(attempt.error).not.toContain('secret')
  expect(attempt.exitStatus).toBe(3)
  expect(await world.leaves()).toEqual(before)

  await mends(world)
  const again = await installByCommand(world, wrapper)
  expect(again.error).toBeUndefined()
  expect(await world.leaves()).toEqual([...before, ...world.installed].toSorted())
  await record(cause, attempt, 'works')
}

/** Why this machine or this user cannot be put into such a place. */
async function lackOf(wrapper: readonly string[] = []): Promise<string | undefined> {
  if (wrapper.length === 0) return undefined
  const { failed, all } = await execa(wrapper[0] as string, [...wrapper.slice(1), 'true'], {
    all: true,
    reject: false,
  })
  return failed ? `${wrapper.join(' ')} does not work here: ${all}` : undefined
}

/** So that the real command asks for the release archive, too, where the table of pins has none. */
async function pinRealArchive(world: World): Promise<void> {
  const { name, version } = componentPins.alertmanager
  const file = releaseFile(componentPins.alertmanager, currentPlatform())
  const entry = { component: name, version, file, sha256: sha256Of('never fetched'), source: 'the test' }
  await writeChecksums(fetchedChecksumsFile(world.settings), [entry])
}
