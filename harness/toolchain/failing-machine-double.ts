/** The rows of the failure matrix in which the cache, the disk or the Go of the machine is to blame. */
import { randomBytes } from 'node:crypto'
import { appendFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure, World } from './failure-matrix-double.ts'
import { buildOfDouble, compileDouble, scriptOfDouble, writeGo, writeProgram } from './toolchain-doubles.ts'

const wellWithGo = (world: World) => writeGo(world.folder, compileDouble())
const filler = (world: World) => join(world.disk?.pathFromOutside ?? '', 'filler')

/** Writes until the disk has no byte left. */
async function fill(world: World): Promise<void> {
  for (const size of [65_536, 4096, 512, 1]) {
    while (
      await appendFile(filler(world), Buffer.alloc(size)).then(
        () => true,
        () => false,
      )
    ) {
      // Each round takes some of what is left.
    }
  }
}

const random = (bytes: number) => randomBytes(bytes).toString('hex')

export const failingMachines: readonly Failure[] = [
  {
    cause: 'the cache is below a file',
    code: 'TOOL_CACHE',
    says: ['ENOTDIR', 'SIGNALPROOF_CACHE=/some/folder'],
    breaks: async (world) => {
      await rename(world.settings.cacheRoot, `${world.settings.cacheRoot}-aside`)
      await writeFile(world.settings.cacheRoot, 'a file')
    },
    mends: async (world) => {
      await rm(world.settings.cacheRoot)
      await rename(`${world.settings.cacheRoot}-aside`, world.settings.cacheRoot)
    },
  },
  {
    cause: 'the cache is on a file system that is mounted read-only',
    code: 'TOOL_CACHE',
    says: ['EROFS', 'SIGNALPROOF_CACHE=/some/folder'],
    disk: 'size=4m',
    breaks: (world) => world.disk?.remount('ro'),
    mends: (world) => world.disk?.remount('rw'),
  },
  {
    cause: 'the cache is on a file system that is mounted noexec',
    code: 'TOOL_CACHE',
    says: [
      'expected a folder from which programs may be started',
      'noexec',
      'SIGNALPROOF_CACHE=/some/folder',
    ],
    disk: 'size=4m',
    breaks: (world) => world.disk?.remount('noexec'),
    mends: (world) => world.disk?.remount('exec'),
  },
  {
    cause: 'the disk is full before anything is written',
    code: 'TOOL_DISK_FULL',
    says: ['ENOSPC', 'free some space'],
    disk: 'size=1m',
    breaks: fill,
    mends: (world) => rm(filler(world)),
  },
  {
    cause: 'the disk fills up while the archive is downloaded',
    code: 'TOOL_DISK_FULL',
    says: [
      'expected room on the disk of ',
      'disk/cache\n',
      'ENOSPC',
      'free some space',
      'SIGNALPROOF_CACHE=/some/folder',
    ],
    disk: 'size=1m',
    breaks: (world) => world.publish(`${scriptOfDouble()}\nexit\n${random(1_500_000)}`),
    mends: (world) => world.disk?.remount('size=32m'),
  },
  {
    cause: 'the disk fills up while the archive is opened',
    code: 'TOOL_DISK_FULL',
    says: ['expected room on the disk of ', 'free some space'],
    disk: 'size=1m',
    breaks: (world) => world.publish(`${scriptOfDouble()}\nexit\n${'#'.repeat(4_000_000)}`),
    mends: (world) => world.disk?.remount('size=32m'),
  },
  {
    cause: 'the disk fills up while it is compiled',
    code: 'TOOL_DISK_FULL',
    says: ['disk/cache\n', 'No space left on device', 'free some space'],
    disk: 'size=2m',
    keepsBuildCaches: true,
    breaks: async (world) => {
      world.answer = (response) => void response.writeHead(404).end()
      await writeGo(
        world.folder,
        `dd if=/dev/zero of="$out/alertmanager" bs=1000000 count=8 || exit 1; ${compileDouble()}`,
      )
    },
    mends: (world) => world.disk?.remount('size=32m'),
  },
  {
    cause: 'the disk has no room for what compiling needs',
    code: 'TOOL_DISK_FULL',
    says: ['GB free, and compiling needs 1.0 GB (removed afterwards)'],
    disk: 'size=4m',
    breaks: async (world) => {
      world.answer = (response) => void response.writeHead(404).end()
      world.pin = { ...world.pin, build: { ...buildOfDouble, cacheMegabytes: 1000 } }
      await wellWithGo(world)
    },
    mends: (world) => world.disk?.remount('size=1200m'),
  },
  {
    cause: 'Go is too old',
    code: 'TOOL_NO_GO',
    says: ['expected Go 1.24.0 or later on PATH', 'is Go 1.23.9'],
    breaks: async (world) => {
      world.answer = (response) => void response.writeHead(404).end()
      await writeGo(world.folder, compileDouble(), '1.23.9')
    },
    mends: wellWithGo,
  },
  {
    cause: 'Go does not start',
    code: 'TOOL_NO_GO',
    says: ['bin/go: ', 'GLIBC_2.34'],
    breaks: async (world) => {
      world.answer = (response) => void response.writeHead(404).end()
      await writeProgram(join(world.bin, 'go'), 'echo "go: GLIBC_2.34 not found" >&2; exit 1')
    },
    mends: wellWithGo,
  },
  {
    cause: 'the modules are not reached',
    code: 'TOOL_DOWNLOAD',
    says: ['expected Go to fetch the modules', 'dial tcp: lookup', 'go env GOPROXY'],
    breaks: async (world) => {
      world.answer = (response) => void response.writeHead(404).end()
      const said = 'go: module lookup: dial tcp: lookup proxy.invalid: no such host'
      await writeProgram(
        join(world.bin, 'go'),
        `[ "$1" = version ] && echo go version go1.99.0 && exit\necho "${said}" >&2; exit 1`,
      )
    },
    keepsBuildCaches: true,
    mends: wellWithGo,
  },
  {
    cause: 'the compiler fails',
    code: 'TOOL_BUILD_FAILED',
    says: ['expected Go to compile ', 'x.go:1: undefined: y', 'it goes on where it stopped'],
    breaks: async (world) => {
      world.answer = (response) => void response.writeHead(404).end()
      await writeGo(world.folder, 'echo "x.go:1: undefined: y" >&2; exit 1')
    },
    keepsBuildCaches: true,
    mends: wellWithGo,
  },
]
