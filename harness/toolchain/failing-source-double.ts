/** The rows of the failure matrix in which the publisher's answer or the binary itself is to blame. */
import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure, World } from './failure-matrix-double.ts'
import { deadAddress, releaseOfDouble, scriptOfDouble, writeProgram } from './toolchain-doubles.ts'

const isWell = (world: World) => {
  world.answer = (response) => void response.end(world.archive)
}
const sizeOf = (world: World) => ({ 'content-length': world.archive.length })
const half = (world: World) => world.archive.subarray(0, 40)
export const variable = 'SIGNALPROOF_ALERTMANAGER'
const forced = (world: World, path: string) => Object.assign(world.environment, { [variable]: path })
const unforced = (world: World) => delete world.environment[variable]

/** The first bytes of a Linux binary for the processor that this machine does not have. */
export function foreignBinary(): Buffer {
  const head = Buffer.alloc(64)
  head.write('7f454c46020101', 'hex')
  head.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18)
  return head
}
export const foreignName = process.arch === 'x64' ? 'linux-arm64' : 'linux-x64'

export const failingSources: readonly Failure[] = [
  {
    cause: 'the archive is not the pinned one',
    code: 'TOOL_CHECKSUM',
    says: ['expected SHA-256 ', 'so the file was thrown away', 'run the same command again'],
    breaks: (world) => {
      world.answer = (response) => void response.end('forged')
    },
    mends: isWell,
  },
  {
    cause: 'the archive breaks off',
    code: 'TOOL_DOWNLOAD',
    says: ['expected the whole file at http://127.0.0.1', 'after 40 of ', 'nothing of it was kept'],
    breaks: (world) => {
      world.answer = (response) => {
        response.writeHead(200, sizeOf(world)).write(half(world), () => response.destroy())
      }
    },
    mends: isWell,
  },
  {
    cause: 'the server stalls in the middle',
    code: 'TOOL_DOWNLOAD',
    says: ['nothing came for 0.3 s after 40 of ', 'run the same command again'],
    breaks: (world) => {
      world.answer = (response) => void response.writeHead(200, sizeOf(world)).write(half(world))
    },
    mends: isWell,
  },
  {
    cause: 'the server never answers, and there is no Go',
    code: 'TOOL_NO_GO',
    says: ['no go on PATH', 'before that, release archive: TOOL_UNREACHABLE', 'nothing came for 0.3 s'],
    breaks: (world) => {
      world.answer = () => {}
    },
    mends: isWell,
  },
  {
    cause: 'the archive is not there (404), and there is no Go',
    code: 'TOOL_NO_GO',
    says: [
      'no go on PATH',
      'TOOL_UNREACHABLE',
      'answer 404 Not Found',
      'https://go.dev/dl',
      `set ${variable}`,
    ],
    breaks: (world) => {
      world.answer = (response) => void response.writeHead(404).end('no')
    },
    mends: isWell,
  },
  {
    cause: 'the connection is refused, and there is no Go',
    code: 'TOOL_NO_GO',
    says: ['no go on PATH', 'ECONNREFUSED: nobody listens there'],
    breaks: async (world) => {
      Object.assign(world.settings, {
        trueHost: world.settings.releaseHost,
        releaseHost: await deadAddress(),
      })
    },
    mends: (world) =>
      Object.assign(world.settings, { releaseHost: (world.settings as { trueHost?: string }).trueHost }),
  },
  {
    cause: 'no checksum is pinned, and there is no Go',
    code: 'TOOL_NO_GO',
    says: ['TOOL_UNPINNED: expected a pinned SHA-256 for double-0.31.1.linux-amd64.tar.gz'],
    breaks: (world) => rm(join(world.settings.cacheRoot, 'toolchain'), { recursive: true }),
    mends: (world) => world.publish(),
  },
  {
    cause: 'the archive has another shape than the table says',
    code: 'TOOL_DOWNLOAD',
    says: [
      'expected double-9/alertmanager in double-0.31.1.linux-amd64.tar.gz',
      'another shape than the table of pins says',
    ],
    breaks: (world) => {
      const members = { alertmanager: 'double-9/alertmanager' }
      world.pin = { ...world.pin, release: { ...releaseOfDouble, members } }
    },
    mends: (world) => {
      world.pin = { ...world.pin, release: releaseOfDouble }
    },
  },
  {
    cause: 'no program opens the archive',
    code: 'TOOL_UNAVAILABLE',
    says: ['expected a program that opens a tar.gz file: tar', 'install tar'],
    breaks: (world) => rename(join(world.bin, 'tar'), join(world.bin, 'not-tar')),
    mends: (world) => rename(join(world.bin, 'not-tar'), join(world.bin, 'tar')),
  },
  {
    cause: 'the downloaded binary has another version',
    code: 'TOOL_WRONG_VERSION',
    says: [
      'expected alertmanager 0.31.1 or a later patch of it',
      'the one from its release archive, which reports 0.30.9',
      'thrown away',
    ],
    breaks: (world) => world.publish(scriptOfDouble('0.30.9')),
    mends: (world) => world.publish(),
  },
  {
    cause: 'the downloaded binary ends with an error',
    code: 'TOOL_DOES_NOT_RUN',
    says: [
      'expected alertmanager 0.31.1 from its release archive to start',
      'exit code 3: cannot find libmusl',
    ],
    breaks: (world) => world.publish('echo cannot find libmusl >&2; exit 3'),
    mends: (world) => world.publish(),
  },
  {
    cause: 'the downloaded binary crashes',
    code: 'TOOL_DOES_NOT_RUN',
    says: ['ended by SIGSEGV', 'thrown away'],
    breaks: (world) => world.publish('kill -SEGV $$'),
    mends: (world) => world.publish(),
  },
  {
    cause: 'the downloaded binary hangs',
    code: 'TOOL_DOES_NOT_RUN',
    says: ['no answer within 0.5 s'],
    breaks: async (world) => {
      Object.assign(world.settings, { startLimitMs: 500 })
      await world.publish('sleep 600')
    },
    mends: async (world) => {
      Object.assign(world.settings, { startLimitMs: 10_000 })
      await world.publish()
    },
  },
  {
    cause: 'the variable names a binary for another processor',
    code: 'TOOL_DOES_NOT_RUN',
    says: [
      `at:   environment variable ${variable}`,
      `a binary for ${foreignName}, and this machine is ${process.platform}-${process.arch}`,
      'or unset it to let signalproof install its own',
    ],
    breaks: async (world) => {
      const path = join(world.folder, 'foreign')
      await writeFile(path, foreignBinary(), { mode: 0o755 })
      forced(world, path)
    },
    mends: unforced,
  },
  {
    cause: 'the variable names a file that may not be executed',
    code: 'TOOL_DOES_NOT_RUN',
    says: [`at:   environment variable ${variable}`, 'expected the path of an executable file'],
    breaks: async (world) => {
      forced(world, await writeProgram(join(world.folder, 'plain'), scriptOfDouble()))
      await chmod(join(world.folder, 'plain'), 0o644)
    },
    mends: (world) => chmod(join(world.folder, 'plain'), 0o755),
  },
  {
    cause: 'the variable names a binary of another version',
    code: 'TOOL_WRONG_VERSION',
    says: [`at:   environment variable ${variable}`, 'which reports 0.25.0', 'unset it'],
    breaks: async (world) =>
      forced(world, await writeProgram(join(world.folder, 'old'), scriptOfDouble('0.25.0'))),
    mends: unforced,
  },
]
